// Compares what git says with what runs: per resource sync and health, then the Application's own.
// Mirrors Argo CD controller/state.go (server-side diff) and controller/health.go at v3.5.

import { withoutServerFields } from "../../../../apply/index.ts";
import { deepEqual } from "../../../../core/index.ts";
import { healthOf, isNotFound, parseApiVersion, refOf } from "../../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import type { DestinationState } from "./live-state.ts";
import type {
  ApplicationSpec,
  HealthStatus,
  IgnoreDifference,
  ResourceStatus,
} from "./resources.ts";

export const ARGOCD_MANAGER = "argocd-controller";

export interface ComparedResource {
  /** Absent when the resource is to be pruned. */
  readonly desired?: KubernetesObject;
  readonly live?: KubernetesObject;
  readonly status: ResourceStatus;
}

/** Remembers dry runs whose inputs have not changed; one per Application. */
export type DiffMemory = Map<
  string,
  { readonly desired: KubernetesObject; readonly version: string; readonly same: boolean }
>;

/** Sorted as desired, then those to prune. */
export async function compare(
  spec: ApplicationSpec,
  desired: readonly KubernetesObject[],
  managed: readonly KubernetesObject[],
  state: DestinationState,
  memory: DiffMemory,
): Promise<ComparedResource[]> {
  const compared: ComparedResource[] = [];
  for (const object of desired) compared.push(await compareOne(spec, object, state, memory));
  const wanted = new Set(desired.map((object) => keyOf(object)));
  const extra = managed.filter((object) => !wanted.has(keyOf(object)));
  return [
    ...compared,
    ...extra.map((live) => ({ live, status: statusOf(live, live, "OutOfSync", true) })),
  ];
}

/** The same object whatever version it is written in. */
export function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [parseApiVersion(apiVersion).group, kind, metadata.namespace ?? "", metadata.name].join(
    "/",
  );
}

async function compareOne(
  spec: ApplicationSpec,
  desired: KubernetesObject,
  state: DestinationState,
  memory: DiffMemory,
): Promise<ComparedResource> {
  const live = state.live(refOf(desired));
  if (live === undefined) return { desired, status: statusOf(desired, undefined, "OutOfSync") };
  const same = await isSame(spec, desired, live, state, memory);
  return { desired, live, status: statusOf(desired, live, same ? "Synced" : "OutOfSync") };
}

async function isSame(
  spec: ApplicationSpec,
  desired: KubernetesObject,
  live: KubernetesObject,
  state: DestinationState,
  memory: DiffMemory,
): Promise<boolean> {
  const key = keyOf(desired);
  const version = live.metadata.resourceVersion ?? "";
  const known = memory.get(key);
  if (known?.desired === desired && known.version === version) return known.same;
  const same = await dryRunEquals(spec, desired, live, state);
  memory.set(key, { desired, version, same });
  return same;
}

/** Applying would change nothing a person could tell. A refused dry run is a difference; the sync will say why. */
async function dryRunEquals(
  { ignoreDifferences = [] }: ApplicationSpec,
  desired: KubernetesObject,
  live: KubernetesObject,
  { api }: DestinationState,
): Promise<boolean> {
  const options = { fieldManager: ARGOCD_MANAGER, force: true, dryRun: true };
  const predicted = await api.apply(desired, options).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (predicted === undefined) return false;
  const ignored = ignoreDifferences
    .filter((rule) => matches(rule, desired))
    .flatMap(({ jsonPointers = [] }) => jsonPointers);
  return deepEqual(comparable(predicted, ignored), comparable(live, ignored));
}

function matches(
  { group = "", kind, name, namespace }: IgnoreDifference,
  object: KubernetesObject,
): boolean {
  return (
    (group === "*" || group === parseApiVersion(object.apiVersion).group) &&
    (kind === "*" || kind === object.kind) &&
    (name === undefined || name === object.metadata.name) &&
    (namespace === undefined || namespace === object.metadata.namespace)
  );
}

/** Without what the server keeps for itself, and without the ignored pointers. */
function comparable(object: KubernetesObject, pointers: readonly string[]): unknown {
  return pointers.reduce<unknown>(withoutPointer, withoutServerFields(object));
}

function withoutPointer(value: unknown, pointer: string): unknown {
  const [head, ...tail] = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  return head === undefined ? value : dropAt(value, head, tail);
}

function dropAt(value: unknown, head: string, tail: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, head)) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const [next, ...rest] = tail;
  if (next === undefined) delete copy[head];
  else copy[head] = dropAt(copy[head], next, rest);
  return copy;
}

/** Argo CD 1.8 removed the health check of Applications: docs/operator-manual/health.md, "Argocd App". */
const WITHOUT_HEALTH: ReadonlySet<string> = new Set(["argoproj.io/Application"]);

function statusOf(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  status: "Synced" | "OutOfSync",
  prune = false,
): ResourceStatus {
  const { group, version } = parseApiVersion(object.apiVersion);
  const { name, namespace } = object.metadata;
  const health = healthIn(live, `${group}/${object.kind}`);
  return {
    group,
    version,
    kind: object.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    status,
    health: { status: health.status, ...(health.message ? { message: health.message } : {}) },
    ...(prune ? { requiresPruning: true } : {}),
  };
}

function healthIn(
  live: KubernetesObject | undefined,
  kind: string,
): { readonly status: HealthStatus; readonly message: string } {
  if (live === undefined) return { status: "Missing", message: "" };
  return WITHOUT_HEALTH.has(kind) ? { status: "Healthy", message: "" } : healthOf(live);
}

/** Best first; an Application is as healthy as its worst resource. */
const HEALTH_ORDER: readonly HealthStatus[] = [
  "Healthy",
  "Suspended",
  "Progressing",
  "Missing",
  "Degraded",
  "Unknown",
];

export function worstHealth(resources: readonly ResourceStatus[]): HealthStatus {
  const ranks = resources
    .filter(({ requiresPruning }) => !requiresPruning)
    .map(({ health }) => HEALTH_ORDER.indexOf(health?.status ?? "Healthy"));
  return HEALTH_ORDER[Math.max(0, ...ranks)] ?? "Unknown";
}
