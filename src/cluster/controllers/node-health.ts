// How healthy a zone is and how fast its nodes may be emptied. Pure. Mirrors ComputeZoneState and the rates of
// pkg/controller/nodelifecycle/node_lifecycle_controller.go.

import { isNodeReady } from "../../kubernetes/index.ts";
import type { Node } from "../../kubernetes/index.ts";

export type ZoneState = "normal" | "partial-disruption" | "full-disruption";

/** A label: the node is not counted. */
const EXCLUDED = "node.kubernetes.io/exclude-disruption";
const UNHEALTHY_SHARE = 0.55;
const LARGE_ZONE = 50;
/** 0.1 nodes a second, and 0.01 in a large zone that is partly down. */
const NORMAL_INTERVAL_MS = 10_000;
const SLOW_INTERVAL_MS = 100_000;

/** Region and zone; nodes without these labels form one zone. */
export function zoneOf({ metadata }: Node): string {
  const { labels = {} } = metadata;
  return `${labels["topology.kubernetes.io/region"] ?? ""}:${labels["topology.kubernetes.io/zone"] ?? ""}`;
}

export function zoneState(nodes: readonly Node[]): ZoneState {
  const counted = countedNodes(nodes);
  const ready = counted.filter(isNodeReady).length;
  const down = counted.length - ready;
  if (down > 0 && ready === 0) return "full-disruption";
  return down > 2 && down / counted.length >= UNHEALTHY_SHARE ? "partial-disruption" : "normal";
}

/** Milliseconds between two nodes of a zone being emptied; undefined: none at all. */
export function evictionIntervalMs(
  zone: readonly Node[],
  everyZone: readonly ZoneState[],
): number | undefined {
  if (everyZone.every((state) => state === "full-disruption")) return undefined;
  if (zoneState(zone) !== "partial-disruption") return NORMAL_INTERVAL_MS;
  return countedNodes(zone).length > LARGE_ZONE ? SLOW_INTERVAL_MS : undefined;
}

function countedNodes(nodes: readonly Node[]): readonly Node[] {
  return nodes.filter(({ metadata }) => metadata.labels?.[EXCLUDED] === undefined);
}
