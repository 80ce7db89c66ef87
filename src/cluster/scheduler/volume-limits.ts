// How many volumes of a driver a node can have attached, as its CSINode says. Mirrors kubernetes
// pkg/scheduler/framework/plugins/nodevolumelimits/csi.go. Costs nothing for pods without claims, and on clusters whose nodes
// state no limit.

import type {
  KindToken,
  KubernetesObject,
  Node,
  Pod,
  SchedulingState,
  TypedInformer,
  VolumeCheck,
} from "../../kubernetes/index.ts";
import type { PersistentVolumeClaim } from "../controllers/storage-kinds.ts";
import { claimNames, type VolumeInformers } from "./pod-volumes.ts";

export interface CsiNode extends KubernetesObject {
  readonly spec?: {
    readonly drivers?: readonly {
      readonly name: string;
      readonly allocatable?: { readonly count?: number };
    }[];
  };
}

export const CSI_NODE: KindToken<CsiNode> = { apiVersion: "storage.k8s.io/v1", kind: "CSINode" };

export interface LimitSources extends VolumeInformers {
  readonly csiNodes: TypedInformer<CsiNode>;
}

const TOO_MANY = { reasons: ["node(s) exceed max volume count"], resolvable: true };
const NONE: readonly VolumeCheck[] = [];

export function volumeLimits(
  pod: Pod,
  sources: LimitSources,
  state: SchedulingState,
): readonly VolumeCheck[] {
  if ((pod.spec.volumes ?? []).length === 0) return NONE;
  const wanted = attachedBy(pod, sources);
  if (wanted.size === 0 || !sources.csiNodes.list().some(isLimited)) return NONE;
  return [{ misfit: TOO_MANY, allows: (node) => hasRoom(node, wanted, sources, state) }];
}

function isLimited({ spec }: CsiNode): boolean {
  return (spec?.drivers ?? []).some(({ allocatable }) => allocatable?.count !== undefined);
}

function hasRoom(
  { metadata }: Node,
  wanted: ReadonlyMap<string, string>,
  sources: LimitSources,
  state: SchedulingState,
): boolean {
  const csiNode = sources.csiNodes.get(metadata.name);
  if (csiNode === undefined || !isLimited(csiNode)) return true;
  const there = new Map<string, string>();
  for (const other of state.node(metadata.name)?.pods.values() ?? []) {
    for (const [volume, driver] of attachedBy(other, sources)) there.set(volume, driver);
  }
  return (csiNode.spec?.drivers ?? []).every(({ name, allocatable }) => {
    const max = allocatable?.count;
    if (max === undefined) return true;
    const isNew = ([volume, driver]: readonly [string, string]): boolean =>
      driver === name && !there.has(volume);
    const more = [...wanted].filter(isNew).length;
    const held = [...there.values()].filter((driver) => driver === name).length;
    return more === 0 || held + more <= max;
  });
}

/** Volume → driver; two pods with one claim have one volume. */
function attachedBy(pod: Pod, sources: LimitSources): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of claimNames(pod)) {
    const claim = sources.claims.get(name, pod.metadata.namespace);
    const attached = claim && volumeOf(claim, sources);
    if (attached !== undefined) found.set(attached.volume, attached.driver);
  }
  return found;
}

/** Of a claim that is still to be provided: a volume of the class's driver that nobody else has. */
function volumeOf(
  { metadata, spec }: PersistentVolumeClaim,
  { volumes, classes }: VolumeInformers,
): { readonly volume: string; readonly driver: string } | undefined {
  const volume = volumes.get(spec.volumeName ?? "");
  if (volume !== undefined) {
    const { csi } = volume.spec;
    return csi && { driver: csi.driver, volume: `${csi.driver}/${csi.volumeHandle}` };
  }
  const driver = classes.get(spec.storageClassName ?? "")?.provisioner;
  if (driver === undefined || driver.startsWith("kubernetes.io/")) return undefined;
  return { driver, volume: `${driver}/${metadata.namespace}/${metadata.name}` };
}
