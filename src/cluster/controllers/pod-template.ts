// A pod made from a template, owned by a controller. Mirrors pkg/controller/controller_utils.go (GetPodFromTemplate).

import type { KubernetesObject, PodTemplate } from "../../kubernetes/index.ts";
import { controllerReference } from "./owner.ts";

/** Without a name of its own the server generates one from the owner's. */
export function podFromTemplate(
  owner: KubernetesObject,
  { metadata, spec }: PodTemplate,
  over: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> } = {},
): KubernetesObject {
  const { labels, annotations, finalizers } = metadata ?? {};
  const allLabels = over.labels === undefined ? labels : { ...labels, ...over.labels };
  const identity =
    over.name === undefined
      ? { name: "", generateName: `${owner.metadata.name}-` }
      : { name: over.name };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...identity,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      ...(allLabels === undefined ? {} : { labels: allLabels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec,
  };
}
