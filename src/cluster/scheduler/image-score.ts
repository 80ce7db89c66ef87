// How many bytes of the pod's images a node has already, less for images that few nodes have.
// Mirrors pkg/scheduler/framework/plugins/imagelocality/image_locality.go.

import type { NodeState, Pod } from "../../kubernetes/index.ts";

const MEGABYTE = 1024 * 1024;
const MIN_THRESHOLD = 23 * MEGABYTE;
const MAX_CONTAINER_THRESHOLD = 1000 * MEGABYTE;

/** Scores 0–100. */
export function scoreImages(
  { spec }: Pod,
  candidates: readonly NodeState[],
  all: readonly NodeState[],
): readonly number[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const names = containers.map(({ image = "" }) => normalizedImage(image));
  const spread = new Map<string, number>();
  for (const { node } of all) {
    for (const name of imagesOf(node).keys()) spread.set(name, (spread.get(name) ?? 0) + 1);
  }
  return candidates.map(({ node }) => {
    const images = imagesOf(node);
    let sum = 0;
    for (const name of names) {
      const size = images.get(name);
      if (size !== undefined) sum += Math.trunc(size * ((spread.get(name) ?? 0) / all.length));
    }
    return imagePriority(sum, containers.length);
  });
}

export function imagePriority(sumBytes: number, containers: number): number {
  const most = MAX_CONTAINER_THRESHOLD * containers;
  const bytes = Math.min(Math.max(sumBytes, MIN_THRESHOLD), most);
  return Math.floor((100 * (bytes - MIN_THRESHOLD)) / (most - MIN_THRESHOLD));
}

/** A name without a tag means `latest`. */
export function normalizedImage(name: string): string {
  return name.lastIndexOf(":") <= name.lastIndexOf("/") ? `${name}:latest` : name;
}

function imagesOf({ status }: NodeState["node"]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { names = [], sizeBytes = 0 } of status?.images ?? []) {
    for (const name of names) sizes.set(name, sizeBytes);
  }
  return sizes;
}
