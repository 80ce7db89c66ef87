// `meta.k8s.io` PartialObjectMetadata: an object without anything but its metadata.

import type { KubernetesObject } from "../../../kubernetes/index.ts";

/** The version of the meta group a client asked for. */
export type MetaVersion = "v1" | "v1beta1";

export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export function partialMetadata(object: KubernetesObject, version: MetaVersion): KubernetesObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: `meta.k8s.io/${version}`,
    metadata: object.metadata,
  };
}

export function partialMetadataList(
  objects: readonly KubernetesObject[],
  metadata: ListMetadata,
  version: MetaVersion,
): unknown {
  return {
    kind: "PartialObjectMetadataList",
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    items: objects.map((object) => partialMetadata(object, version)),
  };
}
