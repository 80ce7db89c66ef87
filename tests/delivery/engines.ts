// What a test asks of whichever engine delivers a platform, in the engine's own objects: how an app is, at which commit, and
// what a look at every field of its live objects finds.

import { deepEqual, invariant } from "../../src/core/index.ts";
import { isDelivered } from "../../src/delivery/index.ts";
import type { KubernetesObject, ObjectRef } from "../../src/kubernetes/index.ts";
import type { DeliveryState, Tree } from "../../src/model/index.ts";
import { REPOSITORY, type SmallPlatform } from "./small-platform.ts";

export interface Engine {
  readonly namespace: string;
  /** Kind of what stands for an app, and the names of the root's and an app's. */
  readonly unit: string;
  readonly root: string;
  nameOf(app: string): string;
  /** The commit that this object says was read from git. */
  readOf(object: KubernetesObject): string | undefined;
  /** The commit with which an app was compared and found to differ. */
  comparedOf(object: KubernetesObject, app: string): string | undefined;
  /** The commit an app is at and healthy. */
  verifiedOf(object: KubernetesObject, app: string): string | undefined;
  stateOf(app: string): Promise<DeliveryState>;
  /** The commit that is on the cluster; undefined before the first. */
  revisionOf(app: string): Promise<string | undefined>;
  /** Distinct values of a live object's part from now on, in order. */
  follow(ref: ObjectRef, part: (live: KubernetesObject) => unknown): { stop(): unknown[] };
}

interface Reported {
  readonly sync?: { readonly status?: string; readonly revision?: string };
  readonly lastAppliedRevision?: string;
  readonly artifact?: { readonly revision?: string };
}

const statusOf = (object: KubernetesObject): Reported => (object["status"] ?? {}) as Reported;
const appliedIn = (object: KubernetesObject): string | undefined => {
  const { sync, lastAppliedRevision } = statusOf(object);
  return sync?.revision ?? commitIn(lastAppliedRevision);
};
/** `main@sha1:<commit>` */
const commitIn = (revision: string | undefined): string | undefined =>
  revision?.replace(/^.*:/, "");

export function engineOf({ api, compiled }: SmallPlatform): Engine {
  const [target] = compiled.targets;
  const engine = target?.engine;
  invariant(engine !== undefined && target !== undefined, "somebody delivers");
  const isArgocd = engine.name === "argocd";
  const nameOf = (app: string): string => (isArgocd ? `${app}-${target.cluster.target}` : app);
  const unit = isArgocd ? "Application" : "Kustomization";
  const isUnit = ({ kind, metadata }: KubernetesObject, app: string): boolean =>
    kind === unit && metadata.name === nameOf(app);
  const find = async (app: string): Promise<KubernetesObject> => {
    const kind = engine.reports.find((one) => one.kind === unit);
    invariant(kind !== undefined, "it reports");
    return api.get({ ...kind, name: nameOf(app), namespace: engine.namespace });
  };
  return {
    namespace: engine.namespace,
    unit,
    root: isArgocd ? "platform" : "flux-system",
    nameOf,
    readOf: (object) =>
      isArgocd
        ? object.kind === unit
          ? statusOf(object).sync?.revision
          : undefined
        : commitIn(statusOf(object).artifact?.revision),
    comparedOf: (object, app) =>
      isUnit(object, app) && statusOf(object).sync?.status === "OutOfSync"
        ? statusOf(object).sync?.revision
        : undefined,
    verifiedOf: (object, app) =>
      isUnit(object, app) && isDelivered(engine.stateOf(object)) ? appliedIn(object) : undefined,
    stateOf: async (app) => engine.stateOf(await find(app)),
    revisionOf: async (app) => appliedIn(await find(app)),
    follow(ref, part) {
      const values: unknown[] = [];
      const watch = api.watch(
        ref,
        {
          namespace: ref.namespace,
          fieldSelector: `metadata.name=${ref.name}`,
          allowBookmarks: true,
          sendInitialEvents: true,
          resourceVersionMatch: "NotOlderThan",
        },
        (event) => {
          if (event.type !== "ADDED" && event.type !== "MODIFIED") return;
          const value = part(event.object);
          if (!deepEqual(values.at(-1), value)) values.push(value);
        },
      );
      return {
        stop() {
          watch.stop();
          return values;
        },
      };
    },
  };
}

/** In steps as long as what is waited for is slow: engines look every few minutes. */
const STEP_MS = 5_000;

/** Moves time until the condition holds. */
export async function until(
  { clock }: SmallPlatform,
  condition: () => Promise<boolean>,
  withinMs: number,
): Promise<void> {
  const started = clock.now();
  while (!(await condition())) {
    if (clock.now() - started >= withinMs) throw new Error(`not within ${withinMs} virtual ms`);
    await clock.advanceBy(STEP_MS);
  }
}

type Edits = readonly (readonly [from: string, to: string])[];

/** The tree with these texts replaced in one of its files. */
export function edited(tree: Tree, path: string, edits: Edits): Tree {
  let text = tree.get(path) ?? "";
  for (const [from, to] of edits) {
    invariant(text.includes(from), `${path} holds ${JSON.stringify(from)}:\n${text}`);
    text = text.replace(from, to);
  }
  return new Map(tree).set(path, text);
}

/** Commits an edit of what the platform was compiled to, or of another tree. */
export function commitEdit(
  { git, compiled }: SmallPlatform,
  path: string,
  edits: Edits,
  tree: Tree = compiled.compiled.tree,
): string {
  return git.push(REPOSITORY, edited(tree, path, edits));
}
