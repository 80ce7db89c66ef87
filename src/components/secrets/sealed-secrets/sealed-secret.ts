// A SealedSecret for every copy of a secret this provider owns. Scope strict: a blob opens under its own name and namespace
// only. Fields: bitnami-labs/sealed-secrets pkg/apis/sealedsecrets/v1alpha1/types.go v0.36.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedSecret, SealedValues } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";

/** Undefined while a key of it is not sealed yet: half a Secret would start a pod that cannot work. */
export function sealedSecret(
  platform: string,
  secret: PlannedSecret,
  namespace: string,
  sealed: SealedValues,
): KubernetesObject | undefined {
  const blobs = sealed[secret.id]?.[namespace] ?? {};
  const keys = secret.keys.map(({ key }) => key);
  if (keys.some((key) => blobs[key] === undefined)) return undefined;
  const labels = systemLabels(platform, secret.name, "secret");
  return {
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: { name: secret.name, namespace, labels },
    spec: {
      encryptedData: Object.fromEntries(keys.map((key) => [key, blobs[key]])),
      template: {
        type: secret.type,
        metadata: { name: secret.name, namespace, labels },
      },
    },
  };
}
