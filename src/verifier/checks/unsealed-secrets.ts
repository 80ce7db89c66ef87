// Declared secrets without sealed values: everything else can be delivered, the pods that need them will wait. The finding is
// information, because a fresh platform has no key to seal for yet; one for each environment, with the command to type.

import { defineDiagnostic } from "../../core/index.ts";
import type { Related } from "../../core/index.ts";
import { isByHand, isInjected, type PlannedSecret } from "../../model/index.ts";
import { recordOf } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const unsealedSecrets = defineDiagnostic<{
  environment: string;
  unsealed: readonly PlannedSecret[];
  total: number;
}>({
  code: "verify/unsealed-secrets",
  severity: "info",
  message: ({ environment, unsealed, total }) =>
    `${unsealed.length} of ${total} secrets have no sealed value in ${environment} yet`,
  hint: ({ environment }) => `keelson seal --env ${environment} --cert ${environment}.pem`,
  related: ({ unsealed }) => unsealed.map(relatedSecret),
});

function relatedSecret({ id, keys, origin }: PlannedSecret): Related {
  return { path: origin, message: `${id}: ${keys.map(({ key }) => key).join(", ")}` };
}

export const checkUnsealedSecrets: Check = function* (view) {
  const { environment } = view.cluster;
  const secrets = view.cluster.secrets.filter((secret) => !isReadFromStore(secret, view));
  const unsealed = secrets.filter((secret) => unsealedKeys(secret, view).length > 0);
  if (unsealed.length === 0) return;
  const facts = { environment, unsealed, total: secrets.length };
  yield unsealedSecrets(["environments", environment], facts);
};

/** Its values are in a store of their own, and every copy says where; or no copy of them is the platform's to make. */
export function isReadFromStore(
  { name, namespaces, provider }: Pick<PlannedSecret, "name" | "namespaces" | "provider">,
  { cluster, find }: Pick<TargetView, "find" | "cluster">,
): boolean {
  if (isInjected(cluster, provider) || isByHand(cluster, provider)) return true;
  return namespaces.every((namespace) => find("ExternalSecret", name, namespace) !== undefined);
}

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
