// Notes on every create and update which manager set which fields.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";

export interface TrackOptions {
  readonly manager: string;
  readonly subresource: string;
  readonly time: string;
}

export function trackUpdate(
  _resource: Resource,
  _current: KubernetesObject | undefined,
  next: KubernetesObject,
  _options: TrackOptions,
): KubernetesObject {
  return next;
}
