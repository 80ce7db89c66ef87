// A client that watches every kind through all lives of the cluster, and remembers what it was told: the mirror it builds
// from watches must equal what lists show, and no revision may come twice or out of order.

import { createHash } from "node:crypto";

import type { KubeApi, KindRef, KubernetesObject, Watch } from "../../src/kubernetes/index.ts";
import { isGone, isNotFound } from "../../src/kubernetes/index.ts";
import { KINDS } from "./kinds.ts";

export interface Witness {
  /** Follows this API from where it is; called at the start of each life. */
  follow(api: KubeApi): Promise<void>;
  /** Stops following; the life has ended. */
  lose(): void;
  readonly violations: readonly string[];
  /** The latest revision it was told of. */
  readonly revision: number;
  /** Writes told so far, Events not counted. */
  readonly writes: number;
  /** The last few of them, newest last. */
  readonly recent: readonly string[];
  /** Over everything told, in order. */
  digest(): string;
  mirror(kind: KindRef): ReadonlyMap<string, KubernetesObject>;
}

interface View {
  readonly kind: KindRef;
  objects: Map<string, KubernetesObject>;
  revision: number;
  watch: Watch | undefined;
  /** History was gone: everything is listed anew. */
  expired: boolean;
}

const RECENT_MAX = 12;

export function createWitness(): Witness {
  const views: readonly View[] = KINDS.map((kind) => ({
    kind,
    objects: new Map(),
    revision: 0,
    watch: undefined,
    expired: true,
  }));
  const violations: string[] = [];
  const hash = createHash("sha256");
  const revisions = new Map<number, string>();
  const recent: string[] = [];
  let writes = 0;
  let generation = 0;

  const note = (view: View, type: string, object: KubernetesObject): void => {
    const revision = Number(object.metadata.resourceVersion);
    const what = `${type} ${view.kind.kind} ${keyOf(object)}@${revision}`;
    if (revision <= view.revision) violations.push(`${what} came after revision ${view.revision}`);
    const other = revisions.get(revision);
    if (other !== undefined) violations.push(`${what} has the revision of ${other}`);
    revisions.set(revision, what);
    view.revision = Math.max(view.revision, revision);
    hash.update(`${type} ${JSON.stringify(object)}\n`);
    writes += 1;
    recent.push(what);
    if (recent.length > RECENT_MAX) recent.shift();
    if (type === "DELETED") view.objects.delete(keyOf(object));
    else view.objects.set(keyOf(object), object);
  };
  const relist = async (api: KubeApi, view: View): Promise<void> => {
    try {
      const { items, resourceVersion } = await api.list(view.kind);
      view.objects = new Map(items.map((object) => [keyOf(object), object]));
      view.revision = Number(resourceVersion);
      view.expired = false;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      view.objects = new Map();
    }
  };
  const watch = (api: KubeApi, view: View, from: number): void => {
    const own = generation;
    const options = { resourceVersion: String(view.revision) };
    try {
      view.watch = api.watch(view.kind, options, (event) => {
        if (own !== generation || event.type === "BOOKMARK") return;
        if (event.type === "ERROR") view.expired = true;
        else note(view, event.type, event.object);
      });
      const ended = (): void => {
        if (own === generation) void pursue(api, view, from);
      };
      view.watch.done.then(ended, ended);
    } catch (error) {
      if (!isGone(error) && !isNotFound(error)) throw error;
      view.expired = true;
    }
  };
  const pursue = async (api: KubeApi, view: View, from: number): Promise<void> => {
    if (view.expired) await relist(api, view);
    if (!view.expired) watch(api, view, from);
  };
  return {
    async follow(api) {
      generation += 1;
      for (const view of views) await pursue(api, view, generation);
    },
    lose() {
      generation += 1;
      for (const view of views) view.watch?.stop();
    },
    violations,
    get revision() {
      return Math.max(...views.map((view) => view.revision));
    },
    get writes() {
      return writes;
    },
    recent,
    digest: () => hash.copy().digest("hex"),
    mirror: (kind) => views.find((view) => view.kind === kind)?.objects ?? new Map(),
  };
}

export function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
