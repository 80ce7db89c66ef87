// Nothing to choose: which secrets are made by hand stands with each of them.

import { object, type Tagged } from "../../../model/index.ts";

export type SecretsByHandOptions = Record<never, never>;

export const secretsByHandSchema = object<SecretsByHandOptions>({});

/** A person, or something beside the platform, makes the Secrets that say so with `from`: nothing of them is written but how. */
export function secretsByHand(): Tagged<"secrets-by-hand", SecretsByHandOptions> {
  return { kind: "secrets-by-hand" };
}
