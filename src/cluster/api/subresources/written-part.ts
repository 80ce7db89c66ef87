// Subresources through which only a part of an object is written: everything else stays as it is.
// Mirrors kubernetes pkg/registry/core/pod (ephemeralcontainers, resize) and certificates (approval).

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { recordAt, recordsAt } from "../validation/fields.ts";

type Scope = Readonly<Record<string, unknown>>;
type Part = (next: KubernetesObject, current: KubernetesObject) => KubernetesObject;

const PARTS: Readonly<Record<string, Part>> = {
  ephemeralcontainers: withEphemeralContainers,
  resize: withResources,
  approval: withConditions,
};

export function isPartial(subresource: string): boolean {
  return Object.hasOwn(PARTS, subresource);
}

/** The current object with the part that the subresource writes. */
export function writtenPart(
  subresource: string,
  next: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  const written = PARTS[subresource]?.(next, current) ?? next;
  const { managedFields } = next.metadata;
  if (managedFields === undefined || managedFields === current.metadata.managedFields)
    return written;
  return { ...written, metadata: { ...written.metadata, managedFields } };
}

function withEphemeralContainers(
  next: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  const { ephemeralContainers } = recordAt(next, "spec");
  return { ...current, spec: { ...recordAt(current, "spec"), ephemeralContainers } };
}

/** Containers that are new, gone or elsewhere in the list stay so, for validation to refuse. */
function withResources(next: KubernetesObject, current: KubernetesObject): KubernetesObject {
  const spec = recordAt(current, "spec");
  const asked = recordAt(next, "spec");
  const resized = (list: string): readonly Scope[] => {
    const known = recordsAt(spec, list);
    return recordsAt(asked, list).map((container) => {
      const before = known.find(({ name }) => name === container["name"]);
      return before === undefined ? container : withOwnResources(before, container);
    });
  };
  const { initContainers } = spec;
  const inits = initContainers === undefined ? {} : { initContainers: resized("initContainers") };
  return { ...current, spec: { ...spec, ...inits, containers: resized("containers") } };
}

function withOwnResources(before: Scope, asked: Scope): Scope {
  const { resizePolicy = before["resizePolicy"] } = asked;
  const resized = { ...before, resources: asked["resources"] };
  return resizePolicy === undefined ? resized : { ...resized, resizePolicy };
}

function withConditions(next: KubernetesObject, current: KubernetesObject): KubernetesObject {
  const { conditions } = recordAt(next, "status");
  return { ...current, status: { ...recordAt(current, "status"), conditions } };
}
