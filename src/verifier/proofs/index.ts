// The proof summary: every promise that holds, with its evidence. Clusters with the same evidence share a row.

import type { VerifyInput } from "../verify.ts";
import { viewTarget } from "../target-view.ts";
import { proveNodeLoss } from "./availability.ts";
import { proveAddressRanges, proveDefaultDeny, proveMutualTls } from "./network.ts";
import {
  proveCapacity,
  proveOwnership,
  proveReferences,
  proveSchedules,
  proveSchema,
} from "./objects.ts";
import type { Prove } from "./proof.ts";
import {
  provePinned,
  provePodSecurity,
  proveRights,
  proveRules,
  proveSecrets,
} from "./security.ts";

export interface Proof {
  readonly promise: string;
  readonly evidence: string;
  /** Clusters on which exactly this holds. */
  readonly targets: readonly string[];
}

const PROOFS: readonly Prove[] = [
  proveSchema,
  proveReferences,
  proveOwnership,
  proveDefaultDeny,
  proveMutualTls,
  proveAddressRanges,
  proveRights,
  provePodSecurity,
  proveRules,
  proveSecrets,
  provePinned,
  proveCapacity,
  proveSchedules,
  proveNodeLoss,
];

export function proofs(input: VerifyInput): Proof[] {
  const views = input.compiled.targets.map((target) => viewTarget(target, input));
  return PROOFS.flatMap((prove) => {
    const rows = new Map<string, Proof>();
    for (const view of views) {
      for (const { promise, evidence } of prove(view)) {
        const key = `${promise}\u0000${evidence}`;
        const targets = [...(rows.get(key)?.targets ?? []), view.cluster.target];
        rows.set(key, { promise, evidence, targets });
      }
    }
    return [...rows.values()];
  });
}
