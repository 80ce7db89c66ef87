// The status of a claim while it grows: conditions, what has been allocated and how far that is.
// Mirrors kubernetes-csi/external-resizer pkg/controller/resize_status.go and pkg/volume/util/resize_util.go. Pure.

import {
  formatInstant,
  compareQuantities,
  parseQuantity,
  ZERO_QUANTITY,
} from "../../core/index.ts";
import type { InstantMs } from "../../core/index.ts";
import type { ResourceList } from "../../kubernetes/index.ts";
import type { ClaimCondition, PersistentVolumeClaim } from "./storage-kinds.ts";

/** Annotation of a volume that has grown before its file system: what the claim had until then. */
export const PRE_RESIZE_CAPACITY = "volume.alpha.kubernetes.io/pre-resize-capacity";
/** Annotation of a claim whose last growth was done without the node. */
export const NODE_EXPANSION_NOT_REQUIRED = "volume.kubernetes.io/node-expansion-not-required";

type ClaimStatus = NonNullable<PersistentVolumeClaim["status"]>;
export type ResizeStatus =
  | "ControllerResizeInProgress"
  | "NodeResizePending"
  | "NodeResizeInProgress";

const RESIZING = "Resizing";
const FILE_SYSTEM_PENDING = "FileSystemResizePending";
const PENDING_MESSAGE =
  "Waiting for user to (re-)start a pod to finish file system resize of volume on node.";

export function storageOf(list: ResourceList | undefined): string | undefined {
  const storage = list?.["storage"];
  return storage === undefined ? undefined : String(storage);
}

export function compareStorage(a: string | undefined, b: string | undefined): number {
  const amount = (text = "0") => parseQuantity(text) ?? ZERO_QUANTITY;
  return compareQuantities(amount(a), amount(b));
}

export function resizeStatusOf({ status }: PersistentVolumeClaim): string | undefined {
  return status?.allocatedResourceStatuses?.["storage"];
}

/** Bound, and asks for more than it has. */
export function wantsGrowth({ spec, status }: PersistentVolumeClaim): boolean {
  if (status?.phase !== "Bound" || !spec.volumeName) return false;
  return compareStorage(storageOf(spec.resources?.requests), storageOf(status.capacity)) > 0;
}

export function growing(status: ClaimStatus, size: string, now: InstantMs): ClaimStatus {
  return {
    ...withResizeConditions(status, [condition(RESIZING, now)]),
    allocatedResources: { ...status.allocatedResources, storage: size },
    allocatedResourceStatuses: withResize(status, "ControllerResizeInProgress"),
  };
}

/** The volume has grown; its file system grows when a pod uses it. */
export function pendingOnNode(status: ClaimStatus, now: InstantMs): ClaimStatus {
  const going = status.conditions?.filter(({ type }) => type === RESIZING) ?? [];
  const pending = { ...condition(FILE_SYSTEM_PENDING, now), message: PENDING_MESSAGE };
  return {
    ...withResizeConditions(status, [...going, pending]),
    allocatedResourceStatuses: withResize(status, "NodeResizePending"),
  };
}

export function growingOnNode(status: ClaimStatus): ClaimStatus {
  return { ...status, allocatedResourceStatuses: withResize(status, "NodeResizeInProgress") };
}

export function grown(status: ClaimStatus, size: string): ClaimStatus {
  const { allocatedResourceStatuses, ...rest } = withResizeConditions(status, []);
  const { storage: _done, ...others } = allocatedResourceStatuses ?? {};
  return {
    ...rest,
    capacity: { ...status.capacity, storage: size },
    ...(Object.keys(others).length === 0 ? {} : { allocatedResourceStatuses: others }),
  };
}

/** Replaces the conditions about growing and leaves the others alone. */
function withResizeConditions(
  { conditions = [], ...status }: ClaimStatus,
  wanted: readonly ClaimCondition[],
): ClaimStatus {
  const others = conditions.filter(({ type }) => type !== RESIZING && type !== FILE_SYSTEM_PENDING);
  const kept = wanted.map((one) => conditions.find(({ type }) => type === one.type) ?? one);
  const next = [...others, ...kept];
  return next.length === 0 ? status : { ...status, conditions: next };
}

function withResize(
  { allocatedResourceStatuses }: ClaimStatus,
  storage: ResizeStatus,
): Readonly<Record<string, string>> {
  return { ...allocatedResourceStatuses, storage };
}

function condition(type: string, now: InstantMs): ClaimCondition {
  return { type, status: "True", lastProbeTime: null, lastTransitionTime: formatInstant(now) };
}
