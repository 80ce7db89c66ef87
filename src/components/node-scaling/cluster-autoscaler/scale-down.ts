// Which nodes are hardly used, and whether what is on them may go elsewhere. After cluster-autoscaler
// core/scaledown/{eligibility,unremovable} and simulator/drainability/rules.

import {
  createSchedulingState,
  prepareFit,
  type Node,
  type Pod,
} from "../../../kubernetes/index.ts";

/** The larger share of CPU and memory that pods request; those of daemons count, as by default. */
export function utilizationOf(node: Node, pods: readonly Pod[]): number {
  const state = createSchedulingState([node]);
  for (const pod of pods) if (isOn(pod, node)) state.setPod(pod, node.metadata.name);
  const [seen] = state.nodes;
  const share = (resource: string): number => {
    const allocatable = seen?.allocatable.get(resource) ?? 0;
    return allocatable === 0 ? 0 : (seen?.requested.get(resource) ?? 0) / allocatable;
  };
  return Math.max(share("cpu"), share("memory"));
}

/** Of the pods that a drain would have to move; undefined where one of them may not or has no other place. */
export function movable(
  node: Node,
  nodes: readonly Node[],
  pods: readonly Pod[],
): readonly Pod[] | undefined {
  const own = pods.filter((pod) => isOn(pod, node) && !isOfDaemon(pod) && !isDone(pod));
  if (own.some(isHeld)) return undefined;
  const others = nodes.filter(({ metadata }) => metadata.name !== node.metadata.name);
  const state = createSchedulingState(others);
  for (const pod of pods)
    if (pod.spec.nodeName !== undefined && !isOn(pod, node)) state.setPod(pod, pod.spec.nodeName);
  for (const pod of own) {
    // Its own place does not bind it.
    const { nodeName: _nodeName, ...spec } = pod.spec;
    const loose = { ...pod, spec };
    const check = prepareFit(loose, state);
    const place = state.nodes.find((candidate) => check(candidate) === undefined);
    if (place === undefined) return undefined;
    state.setPod(loose, place.name);
  }
  return own;
}

const isOn = ({ spec }: Pod, { metadata }: Node): boolean => spec.nodeName === metadata.name;

const isDone = ({ status }: Pod): boolean =>
  status?.phase === "Succeeded" || status?.phase === "Failed";

const isOfDaemon = ({ metadata }: Pod): boolean =>
  metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet") === true;

const SAFE = "cluster-autoscaler.kubernetes.io/safe-to-evict";
const SAFE_VOLUMES = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

/** Without a controller nobody makes it anew; with local data nobody brings that along. */
function isHeld({ metadata, spec }: Pod): boolean {
  const { annotations = {}, ownerReferences = [], namespace } = metadata;
  if (annotations[SAFE] === "true") return false;
  if (annotations[SAFE] === "false" || namespace === "kube-system") return true;
  if (!ownerReferences.some(({ controller }) => controller === true)) return true;
  const safe = new Set((annotations[SAFE_VOLUMES] ?? "").split(","));
  return (spec.volumes ?? []).some((volume) => isLocal(volume) && !safe.has(volume.name));
}

function isLocal(volume: object): boolean {
  const { emptyDir, hostPath } = volume as {
    readonly emptyDir?: { readonly medium?: string };
    readonly hostPath?: object;
  };
  return hostPath !== undefined || (emptyDir !== undefined && emptyDir.medium !== "Memory");
}
