// One emitted object with where it goes and where it comes from, built the same way by every component.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Area, EmittedObject } from "../../model/index.ts";
import type { Path } from "../../core/index.ts";

/** Binds an area and a definition path once, so that emission reads as a list of objects. */
export function emitterFor(
  area: Area,
  path: Path,
): (object: KubernetesObject, comment?: string) => EmittedObject {
  return (object, comment) => ({
    object,
    area,
    path,
    ...(comment === undefined ? {} : { comment }),
  });
}
