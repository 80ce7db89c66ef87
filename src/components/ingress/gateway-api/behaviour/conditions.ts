// Conditions with honest transition times: the time moves only when the status does.

import { formatInstant, type Clock } from "../../../../core/index.ts";
import type { Condition } from "../../../../kubernetes/index.ts";

export interface Finding {
  readonly type: string;
  readonly holds: boolean;
  readonly reason: string;
  readonly message: string;
}

export function conditionsOf(
  findings: readonly Finding[],
  known: readonly Condition[],
  about: { readonly generation: number; readonly clock: Clock },
): Condition[] {
  const now = formatInstant(about.clock.now());
  return findings.map(({ type, holds, reason, message }) => {
    const status = holds ? "True" : "False";
    const old = known.find((condition) => condition.type === type);
    const since = old?.status === status ? (old.lastTransitionTime ?? now) : now;
    return {
      type,
      status,
      reason,
      message,
      lastTransitionTime: since,
      observedGeneration: about.generation,
    };
  });
}
