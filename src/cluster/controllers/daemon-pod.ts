// The pod of a DaemonSet on one node: bound by node affinity to that node, tolerating what happens to nodes.
// Mirrors pkg/controller/daemon/util/daemonset_util.go and ShouldRunDaemonPod in daemon_controller.go.

import { findUntoleratedTaint, matchesNodeAffinity } from "../../kubernetes/index.ts";
import type {
  KubernetesObject,
  Node,
  NodeSelectorRequirement,
  Pod,
  PodSpec,
  Toleration,
} from "../../kubernetes/index.ts";
import { REVISION_LABEL } from "./controller-revisions.ts";
import { podFromTemplate } from "./pod-template.ts";
import type { DaemonSet } from "./workload-kinds.ts";

const GENERATION_ANNOTATION = "deprecated.daemonset.template.generation";
const GENERATION_LABEL = "pod-template-generation";

const TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const HOST_NETWORK_TOLERATION: Toleration = {
  key: "node.kubernetes.io/network-unavailable",
  operator: "Exists",
  effect: "NoSchedule",
};

export function daemonPod(set: DaemonSet, nodeName: string, hash: string): KubernetesObject {
  const { template } = set.spec;
  const generation = set.metadata.annotations?.[GENERATION_ANNOTATION];
  const spec: PodSpec = {
    ...template.spec,
    affinity: boundTo(template.spec, nodeName),
    tolerations: withDaemonTolerations(template.spec),
  };
  const labels = {
    [REVISION_LABEL]: hash,
    ...(generation === undefined ? {} : { [GENERATION_LABEL]: generation }),
  };
  return podFromTemplate(set, { ...template, spec }, { labels });
}

/** Replaces the field terms of the required node affinity by the one that names the node. */
function boundTo({ affinity }: PodSpec, nodeName: string): PodSpec["affinity"] & object {
  const onNode: NodeSelectorRequirement = {
    key: "metadata.name",
    operator: "In",
    values: [nodeName],
  };
  const terms =
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const nodeSelectorTerms =
    terms.length === 0
      ? [{ matchFields: [onNode] }]
      : terms.map((term) => ({ ...term, matchFields: [onNode] }));
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
    },
  };
}

function withDaemonTolerations({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  const wanted = hostNetwork === true ? [...TOLERATIONS, HOST_NETWORK_TOLERATION] : TOLERATIONS;
  const same = (a: Toleration, b: Toleration): boolean =>
    a.key === b.key && a.effect === b.effect && a.operator === b.operator;
  return [...tolerations, ...wanted.filter((one) => !tolerations.some((own) => same(own, one)))];
}

/** The node a daemon pod is on or meant for. */
export function nodeOfDaemonPod({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields } of required?.nodeSelectorTerms ?? []) {
    const onNode = matchFields?.find(({ key }) => key === "metadata.name");
    if (onNode?.values?.[0] !== undefined) return onNode.values[0];
  }
  return undefined;
}

export type DaemonVerdict = "run" | "keep" | "remove";

/** `keep`: no new pod would start there, but one that runs may stay. */
export function judgeNode(set: DaemonSet, node: Node): DaemonVerdict {
  const { spec } = set.spec.template;
  if (spec.nodeName && spec.nodeName !== node.metadata.name) return "remove";
  if (!matchesNodeAffinity(spec, node)) return "remove";
  const tolerations = withDaemonTolerations(spec);
  const taints = node.spec?.taints;
  if (findUntoleratedTaint(taints, tolerations, ["NoExecute"])) return "remove";
  return findUntoleratedTaint(taints, tolerations, ["NoSchedule"]) ? "keep" : "run";
}
