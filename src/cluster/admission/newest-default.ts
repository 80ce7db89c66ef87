// Which class is the default one: of several the newest, then the first by name.
// Mirrors pkg/volume/util (GetDefaultStorageClass) and plugin/pkg/admission/network/defaultingressclass.

import type { KubernetesObject } from "../../kubernetes/index.ts";

/** `annotation` marks a default with `true`. */
export function newestDefault(
  classes: readonly KubernetesObject[],
  annotation: string,
): KubernetesObject | undefined {
  const defaults = classes.filter(({ metadata }) => metadata.annotations?.[annotation] === "true");
  const ageOf = ({ metadata }: KubernetesObject): string => metadata.creationTimestamp ?? "";
  return defaults.toSorted(
    (a, b) => ageOf(b).localeCompare(ageOf(a)) || (a.metadata.name < b.metadata.name ? -1 : 1),
  )[0];
}
