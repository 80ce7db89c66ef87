// A claim that names no class gets the default one when it is made; `""` asks for none.
// Mirrors plugin/pkg/admission/storage/storageclass/setdefault, v1.36.

import type { AdmissionPlugin, KubernetesObject } from "../../kubernetes/index.ts";

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

/** `classes` reads the storage classes as they are stored now. */
export function defaultStorageClass(classes: () => readonly KubernetesObject[]): AdmissionPlugin {
  return {
    name: "DefaultStorageClass",
    mutate({ facts, operation, subresource, object }) {
      const isNewClaim =
        operation === "CREATE" && subresource === "" && facts.kind === "PersistentVolumeClaim";
      if (!isNewClaim || object === undefined) return object;
      const spec = (object["spec"] ?? {}) as { readonly storageClassName?: string };
      const preset = spec.storageClassName === undefined ? newestDefault(classes()) : undefined;
      if (preset === undefined) return object;
      return { ...object, spec: { ...spec, storageClassName: preset.metadata.name } };
    },
  };
}

/** Of several defaults the newest wins, then the first by name. */
function newestDefault(classes: readonly KubernetesObject[]): KubernetesObject | undefined {
  const defaults = classes.filter(
    ({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === "true",
  );
  const ageOf = ({ metadata }: KubernetesObject): string => metadata.creationTimestamp ?? "";
  return defaults.toSorted(
    (a, b) => ageOf(b).localeCompare(ageOf(a)) || (a.metadata.name < b.metadata.name ? -1 : 1),
  )[0];
}
