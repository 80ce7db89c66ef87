// Which objects belong to a controller: its own that still match the selector are kept, others are released,
// matching orphans are adopted. Mirrors pkg/controller/controller_ref_manager.go.

import { isTerminating, matchesSelector, refOf, unlessOvertaken } from "../../kubernetes/index.ts";
import type {
  ControllerContext,
  KubernetesObject,
  LabelSelector,
  TypedInformer,
} from "../../kubernetes/index.ts";
import { controllerOf, controllerReference } from "./owner.ts";
import type { OrphanIndex } from "./orphan-index.ts";

export interface ClaimOptions<T extends KubernetesObject> {
  readonly owner: KubernetesObject;
  readonly selector: LabelSelector;
  readonly informer: TypedInformer<T>;
  readonly orphans: OrphanIndex<T>;
}

/** The objects the owner controls after adopting and releasing. */
export async function claimObjects<T extends KubernetesObject>(
  { api }: ControllerContext,
  { owner, selector, informer, orphans }: ClaimOptions<T>,
): Promise<readonly T[]> {
  const uid = owner.metadata.uid ?? "";
  const { namespace = "" } = owner.metadata;
  const matches = (object: T): boolean => matchesSelector(selector, object.metadata.labels);
  const owned = informer.ownedBy(uid);
  const strangers = owned.filter((object) => !matches(object) && !isTerminating(object));
  const candidates = isTerminating(owner)
    ? []
    : orphans.list(namespace).filter((object) => matches(object) && !isTerminating(object));
  if (strangers.length === 0 && candidates.length === 0) return owned;
  for (const object of strangers) {
    if (!isTerminating(owner)) await setOwners(api, object, withoutOwner(object, uid));
  }
  for (const object of candidates) {
    const owners = [...(object.metadata.ownerReferences ?? []), controllerReference(owner)];
    await setOwners(api, object, owners);
  }
  return informer.ownedBy(uid).filter(matches);
}

/** An object that changed or vanished meanwhile is left to the next round. */
async function setOwners(
  api: ControllerContext["api"],
  object: KubernetesObject,
  ownerReferences: readonly object[],
): Promise<void> {
  const { uid, resourceVersion } = object.metadata;
  const owners = ownerReferences.length === 0 ? null : ownerReferences;
  const body = { metadata: { uid, resourceVersion, ownerReferences: owners } };
  await unlessOvertaken(api.patch(refOf(object), { type: "merge", body }));
}

function withoutOwner(object: KubernetesObject, uid: string): readonly object[] {
  return (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
}

/** True when the object has no controller. */
export function isOrphan(object: KubernetesObject): boolean {
  return controllerOf(object) === undefined;
}
