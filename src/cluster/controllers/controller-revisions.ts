// The recorded templates of a StatefulSet or DaemonSet, one ControllerRevision each, and their history limit.
// Mirrors pkg/controller/history/controller_history.go.

import { deepEqual, invariant } from "../../core/index.ts";
import { isAlreadyExists, isNotFound, refOf } from "../../kubernetes/index.ts";
import type {
  ControllerContext,
  KubernetesObject,
  PodTemplate,
  TypedInformer,
} from "../../kubernetes/index.ts";
import { controllerReference } from "./owner.ts";
import { templateHash } from "./template-hash.ts";
import { CONTROLLER_REVISION } from "./workload-kinds.ts";
import type { ControllerRevision } from "./workload-kinds.ts";

export const REVISION_HASH = "controller.kubernetes.io/hash";
export const REVISION_LABEL = "controller-revision-hash";

export interface TemplateOwner extends KubernetesObject {
  readonly spec: { readonly template: PodTemplate };
}

export interface RevisionHistory {
  /** All revisions, oldest first, the owner's present template being the last. */
  readonly revisions: readonly ControllerRevision[];
  readonly update: ControllerRevision;
  /** How often a hash was taken by another template. */
  readonly collisionCount: number;
}

/** What `kubectl rollout undo` sends back as a patch. */
export function revisionData(template: PodTemplate): unknown {
  return { spec: { template: { ...template, $patch: "replace" } } };
}

/** The template that a revision recorded. */
export function templateOf({ data }: ControllerRevision): PodTemplate {
  // Revisions of this owner were written by revisionData.
  const { $patch: _, ...template } = (
    data as { spec: { template: PodTemplate & { $patch?: string } } }
  ).spec.template;
  return template;
}

export function revisionHash({ metadata }: ControllerRevision): string {
  return metadata.labels?.[REVISION_HASH] ?? "";
}

/** Records the present template: as a new revision, or by moving an equal older one to the end. */
export async function syncRevisions(
  context: ControllerContext,
  owner: TemplateOwner,
  informer: TypedInformer<ControllerRevision>,
  startCount = 0,
): Promise<RevisionHistory> {
  const owned = informer.ownedBy(owner.metadata.uid ?? "").toSorted(byRevision);
  const data = revisionData(owner.spec.template);
  const equal = owned.findLast((revision) => deepEqual(revision.data, data));
  const latest = owned.at(-1);
  if (equal !== undefined && equal === latest) {
    return { revisions: owned, update: equal, collisionCount: startCount };
  }
  const revision = (latest?.revision ?? 0) + 1;
  if (equal !== undefined) {
    const moved = (await context.api.update({ ...equal, revision })) as ControllerRevision;
    const rest = owned.filter(({ metadata }) => metadata.uid !== equal.metadata.uid);
    return { revisions: [...rest, moved], update: moved, collisionCount: startCount };
  }
  const { created, collisionCount } = await createRevision(context, owner, revision, startCount);
  return { revisions: [...owned, created], update: created, collisionCount };
}

async function createRevision(
  { api }: ControllerContext,
  owner: TemplateOwner,
  revision: number,
  startCount: number,
): Promise<{ readonly created: ControllerRevision; readonly collisionCount: number }> {
  for (let collisionCount = startCount; ; collisionCount += 1) {
    invariant(collisionCount - startCount < 100, "hashes of templates do not collide all the time");
    const wanted = newRevision(owner, revision, collisionCount);
    try {
      const created = (await api.create(wanted)) as ControllerRevision;
      return { created, collisionCount };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const taken = (await api.get(refOf(wanted))) as ControllerRevision;
      if (deepEqual(taken.data, wanted.data)) return { created: taken, collisionCount };
    }
  }
}

function newRevision(
  owner: TemplateOwner,
  revision: number,
  collisionCount: number,
): ControllerRevision {
  const { template } = owner.spec;
  const hash = templateHash(template, collisionCount);
  return {
    ...CONTROLLER_REVISION,
    metadata: {
      name: `${owner.metadata.name}-${hash}`,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      labels: { ...template.metadata?.labels, [REVISION_HASH]: hash },
      ownerReferences: [controllerReference(owner)],
    },
    data: revisionData(template),
    revision,
  };
}

/** Deletes the oldest revisions beyond the limit that no pod uses. */
export async function trimRevisions(
  { api }: ControllerContext,
  revisions: readonly ControllerRevision[],
  options: { readonly limit: number; isUsed(revision: ControllerRevision): boolean },
): Promise<void> {
  const idle = revisions.filter((revision) => !options.isUsed(revision)).toSorted(byRevision);
  for (const revision of idle.slice(0, Math.max(0, idle.length - options.limit))) {
    await api.delete(refOf(revision)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  return a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1);
}
