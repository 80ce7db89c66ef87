// What one Kustomization or HelmRelease put on the cluster: applied in order, remembered in its inventory, pruned when it left
// the set, and looked at until it is healthy. Mirrors fluxcd/pkg/ssa manager_{apply,wait}.go and its inventory, v0.6x.

import { applyObjects, isSettled, type ApplyResult } from "../../../../apply/index.ts";
import type { Clock } from "../../../../core/index.ts";
import {
  healthOf,
  isNotFound,
  parseApiVersion,
  refOf,
  type KubeApi,
  type KubernetesObject,
  type ObjectRef,
} from "../../../../kubernetes/index.ts";
import type { FluxStatus, InventoryEntry } from "./resources.ts";

export interface ApplyOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly manager: string;
  readonly prune: boolean;
}

const SSA = "kustomize.toolkit.fluxcd.io/ssa";
const PRUNE = "kustomize.toolkit.fluxcd.io/prune";

/** Applies and prunes; the inventory is what the status will hold. */
export async function applySet(
  objects: readonly KubernetesObject[],
  status: FluxStatus | undefined,
  { api, clock, manager, prune }: ApplyOptions,
): Promise<{ readonly result: ApplyResult; readonly inventory: FluxStatus["inventory"] }> {
  let refs: readonly ObjectRef[] = refsOf(status);
  const kept = await left(api, objects);
  const wanted = objects.filter((object) => !kept.has(object));
  const result = await applyObjects(api, wanted, {
    fieldManager: manager,
    clock,
    // A failed attempt is tried again as a whole.
    patienceMs: 0,
    prune: prune && kept.size === 0,
    protection: ({ metadata }) =>
      metadata.annotations?.[PRUNE]?.toLowerCase() === "disabled" ? PRUNE : undefined,
    inventory: {
      load: () => Promise.resolve(refs),
      save: (next) => Promise.resolve(void (refs = next)),
      remove: () => Promise.resolve(),
    },
  });
  const all = [...refs, ...[...kept].map(refOf)];
  return { result, inventory: { entries: entriesOf(all) } };
}

/** Written once and then somebody else's: `IfNotPresent` and, as long as it says so, `Ignore`. */
async function left(
  api: KubeApi,
  objects: readonly KubernetesObject[],
): Promise<ReadonlySet<KubernetesObject>> {
  const found = new Set<KubernetesObject>();
  for (const object of objects) {
    const policy = object.metadata.annotations?.[SSA]?.toLowerCase();
    if (policy === "ignore") found.add(object);
    if (policy === "ifnotpresent" && (await find(api, refOf(object))) !== undefined)
      found.add(object);
  }
  return found;
}

async function find(api: KubeApi, ref: ObjectRef): Promise<KubernetesObject | undefined> {
  try {
    return await api.get(ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What is not well yet, as Flux writes it into its message: `Deployment/shop/web status: 'InProgress'`. */
export async function unwell(
  api: KubeApi,
  objects: readonly Pick<KubernetesObject, "apiVersion" | "kind" | "metadata">[],
): Promise<string[]> {
  const seen = await Promise.all(
    objects.map(async (object) => {
      const live = await find(api, refOf(object));
      const health = healthOf(live);
      if (isSettled(health)) return [];
      const words: Readonly<Record<string, string>> = { Degraded: "Failed", Missing: "NotFound" };
      return [`${subjectOf(refOf(object))} status: '${words[health.status] ?? "InProgress"}'`];
    }),
  );
  return seen.flat();
}

/** `Deployment/shop/web`, as fluxcd/pkg/ssa FmtUnstructured prints it. */
export const subjectOf = ({ kind, namespace, name }: ObjectRef): string =>
  [kind, ...(namespace === undefined ? [] : [namespace]), name].join("/");

export const failureOf = ({ failures, unhealthy }: ApplyResult): string | undefined => {
  const texts = [
    ...failures.map(({ ref, error }) => `${subjectOf(ref)} dry-run failed: ${error.message}`),
    ...unhealthy.map(({ ref, health }) => `${subjectOf(ref)} not ready: ${health.message}`),
  ];
  return texts.length === 0 ? undefined : texts.join("; ");
};

/** Colons of RBAC names are written twice as underscores: cli-utils pkg/object/objmetadata.go. */
function entriesOf(refs: readonly ObjectRef[]): InventoryEntry[] {
  const entries = refs.map((ref) => {
    const { group, version } = parseApiVersion(ref.apiVersion);
    const name = ref.name.replaceAll(":", "__");
    return { id: [ref.namespace ?? "", name, group, ref.kind].join("_"), v: version };
  });
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function refsOf(status: FluxStatus | undefined): ObjectRef[] {
  return (status?.inventory?.entries ?? []).flatMap(({ id, v }) => {
    const [, namespace, name, group, kind] = /^([^_]*)_(.*)_([^_]*)_([^_]*)$/.exec(id) ?? [];
    if (namespace === undefined || name === undefined || kind === undefined) return [];
    const ref = {
      apiVersion: group === "" ? v : `${group}/${v}`,
      kind,
      name: name.replaceAll("__", ":"),
    };
    return [namespace === "" ? ref : { ...ref, namespace }];
  });
}
