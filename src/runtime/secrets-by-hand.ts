// Secrets that are a person's to make, as that person would make them of what a laptop keeps.

import type { KubernetesObject } from "../kubernetes/index.ts";
import { isByHand, type PlannedCluster } from "../model/index.ts";
import type { StoredValues } from "./secret-store.ts";

export function secretsByHand(
  { secrets, slots }: Pick<PlannedCluster, "secrets" | "slots">,
  values: StoredValues,
): KubernetesObject[] {
  return secrets
    .filter(({ provider }) => isByHand({ slots }, provider))
    .flatMap(({ id, name, type, namespaces }) =>
      namespaces.map((namespace) => ({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        type,
        stringData: values[id] ?? {},
      })),
    );
}
