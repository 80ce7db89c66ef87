// A declared secret without a sealed value: everything else can be delivered, the pods that need it will wait. The finding
// is information, because a fresh platform has no key to seal for yet.

import { defineDiagnostic } from "../../core/index.ts";
import type { PlannedSecret } from "../../model/index.ts";
import { recordOf } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const unsealedSecret = defineDiagnostic<{ id: string; environment: string; keys: number }>({
  code: "verify/unsealed-secret",
  severity: "info",
  message: ({ id, environment, keys }) =>
    `secret ${id} has ${keys === 1 ? "a key" : `${keys} keys`} without a sealed value in ${environment}`,
  hint: ({ environment }) => `keelson seal --env ${environment}`,
});

export const checkUnsealedSecrets: Check = function* (view) {
  const { environment, secrets } = view.cluster;
  for (const secret of secrets) {
    const keys = unsealedKeys(secret, view);
    if (keys.length === 0) continue;
    yield unsealedSecret(secret.origin, { id: secret.id, environment, keys: keys.length });
  }
};

/** Keys of a secret that some namespace has no sealed value for. */
export function unsealedKeys(
  { name, namespaces, keys }: Pick<PlannedSecret, "name" | "namespaces" | "keys">,
  view: Pick<TargetView, "find">,
): string[] {
  const sealed = namespaces.map((namespace) => {
    const object = view.find("SealedSecret", name, namespace)?.object;
    return recordOf(recordOf(object?.["spec"])["encryptedData"]);
  });
  return keys
    .map(({ key }) => key)
    .filter((key) => !sealed.every((data) => Object.hasOwn(data, key)));
}
