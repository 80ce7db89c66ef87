// One Secret, one owner: Sealed Secrets, External Secrets, certificates and plain Secrets can all create the same name and
// would then take turns overwriting it.

import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { recordOf } from "../pod-template.ts";
import type { Check, SeenObject } from "../target-view.ts";

export const contestedSecret = defineDiagnostic<{ secret: string; owners: readonly string[] }>({
  code: "verify/contested-secret",
  severity: "error",
  message: ({ secret, owners }) => `Secret ${secret} would be written by ${owners.join(" and ")}`,
  hint: () => "give one of them another name",
});

const WRITERS: Readonly<Record<string, (object: SeenObject["object"]) => string | undefined>> = {
  Secret: ({ metadata }) => metadata.name,
  SealedSecret: ({ metadata, spec }) =>
    nameIn(recordOf(recordOf(spec)["template"])["metadata"]) ?? metadata.name,
  ExternalSecret: ({ metadata, spec }) => nameIn(recordOf(spec)["target"]) ?? metadata.name,
  Certificate: ({ spec }) => text(recordOf(spec)["secretName"]),
};

export const checkSecretOwners: Check = function* (view) {
  const owners = new Map<string, SeenObject[]>();
  for (const [kind, secretOf] of Object.entries(WRITERS)) {
    for (const seen of view.ofKind(kind)) {
      const secret = `${secretOf(seen.object)} in ${seen.object.metadata.namespace}`;
      owners.set(secret, [...(owners.get(secret) ?? []), seen]);
    }
  }
  for (const [secret, writers] of owners) {
    const [, second] = writers;
    if (second === undefined) continue;
    const names = writers.map(({ object }) => displayRef(refOf(object)));
    yield contestedSecret(second.path, { secret, owners: names });
  }
};

function nameIn(value: unknown): string | undefined {
  return text(recordOf(value)["name"]);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
