// The pods and claims of a StatefulSet: names by ordinal, stable labels, one claim per template.
// Mirrors pkg/controller/statefulset/stateful_set_utils.go.

import type { KubernetesObject, Pod, PodTemplate, Volume } from "../../kubernetes/index.ts";
import { REVISION_LABEL } from "./controller-revisions.ts";
import { podFromTemplate } from "./pod-template.ts";
import type { ClaimTemplate, StatefulSet } from "./workload-kinds.ts";

const POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name";
const POD_INDEX_LABEL = "apps.kubernetes.io/pod-index";

/** The ordinal in `<set>-<ordinal>`; undefined for other names. */
export function ordinalOf({ metadata }: Pod, set: StatefulSet): number | undefined {
  const prefix = `${set.metadata.name}-`;
  const rest = metadata.name.startsWith(prefix) ? metadata.name.slice(prefix.length) : "";
  return /^(0|[1-9]\d*)$/.test(rest) ? Number(rest) : undefined;
}

export function revisionOfPod({ metadata }: Pod): string {
  return metadata.labels?.[REVISION_LABEL] ?? "";
}

/** The pod with this ordinal from a recorded template. */
export function statefulPod(
  set: StatefulSet,
  template: PodTemplate,
  options: { readonly ordinal: number; readonly revision: string },
): KubernetesObject {
  const name = `${set.metadata.name}-${options.ordinal}`;
  const claims = set.spec.volumeClaimTemplates ?? [];
  const volumes = [
    ...claims.map((claim) => claimVolume(claim, name)),
    ...(template.spec.volumes ?? []).filter(
      (volume) => !claims.some(({ metadata }) => metadata.name === volume.name),
    ),
  ];
  const spec = {
    ...template.spec,
    hostname: name,
    ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
    ...(volumes.length === 0 ? {} : { volumes }),
  };
  const labels = {
    [POD_NAME_LABEL]: name,
    [POD_INDEX_LABEL]: String(options.ordinal),
    [REVISION_LABEL]: options.revision,
  };
  return podFromTemplate(set, { ...template, spec }, { name, labels });
}

function claimVolume({ metadata }: ClaimTemplate, podName: string): Volume {
  return {
    name: metadata.name,
    persistentVolumeClaim: { claimName: `${metadata.name}-${podName}` },
  };
}

/** The claims that the pod of this ordinal mounts. */
export function statefulClaims(set: StatefulSet, ordinal: number): readonly KubernetesObject[] {
  const podName = `${set.metadata.name}-${ordinal}`;
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      ...metadata,
      name: `${metadata.name}-${podName}`,
      ...(set.metadata.namespace === undefined ? {} : { namespace: set.metadata.namespace }),
      labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
    },
    spec,
  }));
}
