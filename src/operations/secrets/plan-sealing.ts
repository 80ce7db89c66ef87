// Which secrets to seal for an environment, with which values, and what only a person can still give.

import type { PlannedSecret, SealedValues } from "../../model/index.ts";
import { fillSecret, type SecretValues } from "./secret-values.ts";

export interface SealingPlan {
  readonly ready: readonly { readonly secret: PlannedSecret; readonly values: SecretValues }[];
  readonly unchanged: readonly PlannedSecret[];
  readonly waiting: readonly {
    readonly secret: PlannedSecret;
    readonly missing: readonly MissingValue[];
  }[];
}

export interface MissingValue {
  readonly key: string;
  /** Whose value it is, for the person who has to find it. */
  readonly description: string;
}

export interface SealingRequest {
  readonly secrets: readonly PlannedSecret[];
  /** What the file has already. It cannot be read back: only the environment's controller can. */
  readonly sealed: SealedValues;
  /** Secret id → key → value, from a person. */
  readonly given: Readonly<Record<string, SecretValues>>;
  /** Ids to seal anew although they are sealed. */
  readonly again: ReadonlySet<string>;
}

export async function planSealing({
  secrets,
  sealed,
  given,
  again,
}: SealingRequest): Promise<SealingPlan> {
  const plan = { ready: [], unchanged: [], waiting: [] } as {
    ready: SealingPlan["ready"][number][];
    unchanged: PlannedSecret[];
    waiting: SealingPlan["waiting"][number][];
  };
  for (const secret of secrets) {
    const state = again.has(secret.id) ? "new" : stateOf(secret, sealed);
    if (state === "whole") {
      plan.unchanged.push(secret);
      continue;
    }
    const values = given[secret.id] ?? {};
    const filled = await fillSecret(secret, { given: values, inventPersonal: false });
    const missing = state === "partial" ? unknownValues(secret, values) : filled.missing;
    if (missing.length > 0) plan.waiting.push({ secret, missing });
    else plan.ready.push({ secret, values: filled.values });
  }
  return plan;
}

/** `partial`: some key or namespace is missing, so the values in use must be sealed again and no others. */
function stateOf(
  { id, namespaces, keys }: PlannedSecret,
  sealed: SealedValues,
): "new" | "partial" | "whole" {
  const copies = sealed[id];
  if (copies === undefined) return "new";
  const whole = namespaces.every((namespace) =>
    keys.every(({ key }) => copies[namespace]?.[key] !== undefined),
  );
  return whole ? "whole" : "partial";
}

/** A generated value that is in use cannot be generated again. */
function unknownValues({ keys }: PlannedSecret, given: SecretValues): MissingValue[] {
  return keys.flatMap((key) => {
    if (key.source === "fixed" || key.source === "template" || key.source === "htpasswd") return [];
    if (given[key.key] !== undefined) return [];
    const description =
      key.source === "person"
        ? key.description
        : "the value in use; it is sealed, but not for every namespace";
    return { key: key.key, description };
  });
}
