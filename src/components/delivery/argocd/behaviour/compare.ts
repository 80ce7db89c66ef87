// Compares what git says with what runs: per resource sync and health, then the Application's own.
// Mirrors Argo CD controller/state.go (server-side diff) and controller/health.go at v3.5.

import { withoutServerFields } from "../../../../apply/index.ts";
import { deepEqual, isRecord } from "../../../../core/index.ts";
import { healthOf, isNotFound, parseApiVersion, refOf } from "../../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import type { DestinationState } from "./live-state.ts";
import { gateHealth, type GateHealth } from "./gate-health.ts";
import {
  APPLICATION,
  type ApplicationSpec,
  type HealthStatus,
  type IgnoreDifference,
  type ResourceStatus,
} from "./resources.ts";

export const ARGOCD_MANAGER = "argocd-controller";

export interface ComparedResource {
  /** Absent when the resource is to be pruned. */
  readonly desired?: KubernetesObject;
  /** What a sync applies: as desired, with the ignored fields as they are on the cluster where those are respected. */
  readonly target?: KubernetesObject;
  readonly live?: KubernetesObject;
  readonly status: ResourceStatus;
}

/** Remembers dry runs whose inputs have not changed; one per Application. */
export type DiffMemory = Map<
  string,
  { readonly desired: KubernetesObject; readonly version: string; readonly same: boolean }
>;

export interface CompareInputs {
  readonly spec: ApplicationSpec;
  readonly state: DestinationState;
  readonly memory: DiffMemory;
  /** By which the health of Applications is told; without it they have none. */
  readonly healthScript?: string | undefined;
}

/** Sorted as desired, then those to prune. */
export async function compare(
  desired: readonly KubernetesObject[],
  managed: readonly KubernetesObject[],
  inputs: CompareInputs,
): Promise<ComparedResource[]> {
  const compared: ComparedResource[] = [];
  for (const object of desired) compared.push(await compareOne(object, inputs));
  const wanted = new Set(desired.map((object) => keyOf(object)));
  const extra = managed.filter((object) => !wanted.has(keyOf(object)));
  return [
    ...compared,
    ...extra.map((live) => {
      const status = statusOf(live, live, "OutOfSync", inputs.healthScript);
      return { live, status: { ...status, requiresPruning: true } };
    }),
  ];
}

/** The same object whatever version it is written in. */
export function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [parseApiVersion(apiVersion).group, kind, metadata.namespace ?? "", metadata.name].join(
    "/",
  );
}

async function compareOne(
  desired: KubernetesObject,
  { spec, state, memory, healthScript }: CompareInputs,
): Promise<ComparedResource> {
  const live = state.live(refOf(desired));
  if (live === undefined)
    return { desired, target: desired, status: statusOf(desired, undefined, "OutOfSync") };
  const same = await isSame(spec, desired, live, state, memory);
  const status = statusOf(desired, live, same ? "Synced" : "OutOfSync", healthScript);
  return { desired, target: targetOf(spec, desired, live), live, status };
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
  const ignored = ignoredIn(ignoreDifferences, desired);
  return deepEqual(comparable(predicted, ignored), comparable(live, ignored));
}

/** With `RespectIgnoreDifferences=true` a sync keeps what is ignored: controller/sync.go normalizeTargetResources. */
function targetOf(
  { ignoreDifferences = [], syncPolicy = {} }: ApplicationSpec,
  desired: KubernetesObject,
  live: KubernetesObject,
): KubernetesObject {
  if (!syncPolicy.syncOptions?.includes("RespectIgnoreDifferences=true")) return desired;
  return ignoredIn(ignoreDifferences, desired).reduce<KubernetesObject>(
    // A path below the root never replaces the object itself.
    (target, path) => withLive(target, live, path) as KubernetesObject,
    desired,
  );
}

function ignoredIn(
  rules: readonly IgnoreDifference[],
  object: KubernetesObject,
): readonly IgnoredPath[] {
  return rules.filter((rule) => matches(rule, object)).flatMap(ignoredPaths);
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

/** Steps to what is ignored; `*` for every item of a list. */
type IgnoredPath = readonly string[];

function ignoredPaths({ jsonPointers = [], jqPathExpressions = [] }: IgnoreDifference) {
  return [...jsonPointers.map(pointerPath), ...jqPathExpressions.flatMap(jqPath)];
}

function pointerPath(pointer: string): IgnoredPath {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Anything but a plain path ignores nothing here. */
function jqPath(expression: string): IgnoredPath[] {
  if (!/^(\.[A-Za-z_]\w*(\[\])*)+$/.test(expression)) return [];
  return [expression.replaceAll("[]", ".*").split(".").slice(1)];
}

/** Without what the server keeps for itself, and without what is ignored. */
function comparable(object: KubernetesObject, ignored: readonly IgnoredPath[]): unknown {
  return ignored.reduce<unknown>(withoutPath, withoutServerFields(object));
}

function withoutPath(value: unknown, [head, ...tail]: IgnoredPath): unknown {
  if (head === undefined) return value;
  if (head === "*" && Array.isArray(value)) return value.map((item) => withoutPath(item, tail));
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, head)) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  if (tail.length === 0) delete copy[head];
  else copy[head] = withoutPath(copy[head], tail);
  return copy;
}

/** The value of `live` at the path, in a copy of `desired`; what either of them lacks stays as desired. */
function withLive(desired: unknown, live: unknown, [head, ...tail]: IgnoredPath): unknown {
  if (head === undefined) return live;
  if (head === "*" && Array.isArray(desired) && Array.isArray(live))
    return desired.map((item, index) =>
      index < live.length ? withLive(item, live[index], tail) : item,
    );
  if (!isRecord(desired) || !isRecord(live) || !Object.hasOwn(live, head)) return desired;
  if (tail.length > 0 && !Object.hasOwn(desired, head)) return desired;
  return { ...desired, [head]: withLive(desired[head], live[head], tail) };
}

function statusOf(
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  status: "Synced" | "OutOfSync",
  healthScript?: string,
): ResourceStatus {
  const { group, version } = parseApiVersion(object.apiVersion);
  const { name, namespace } = object.metadata;
  const health = healthIn(live, healthScript);
  return {
    group,
    version,
    kind: object.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    status,
    health: { status: health.status, ...(health.message ? { message: health.message } : {}) },
  };
}

function healthIn(
  live: KubernetesObject | undefined,
  healthScript: string | undefined,
): GateHealth {
  if (live === undefined) return { status: "Missing", message: "" };
  if (!isApplication(live)) return healthOf(live);
  return gateHealth(live, healthScript) ?? { status: "Healthy", message: "" };
}

const isApplication = ({ kind, apiVersion }: Pick<KubernetesObject, "kind" | "apiVersion">) =>
  kind === APPLICATION.kind && parseApiVersion(apiVersion).group === "argoproj.io";

/** Best first; an Application is as healthy as its worst resource. */
const HEALTH_ORDER: readonly HealthStatus[] = [
  "Healthy",
  "Suspended",
  "Progressing",
  "Missing",
  "Degraded",
  "Unknown",
];

/**
 * What is missing is OutOfSync and counts only where nothing is there yet: upgrading/3.3-3.4.md; nor does a child's,
 * nor the Application itself where it is among its own resources: controller/health.go.
 */
export function worstHealth(resources: readonly ResourceStatus[], self: string): HealthStatus {
  const wanted = resources
    .filter(({ requiresPruning }) => !requiresPruning)
    .filter(({ kind, name }) => kind !== APPLICATION.kind || name !== self);
  const isMissing = ({ health }: ResourceStatus): boolean => health?.status === "Missing";
  if (wanted.length > 0 && wanted.every(isMissing)) return "Missing";
  const ranks = wanted
    .filter((one) => !isMissing(one) && !(one.kind === "Application" && isUnknown(one)))
    .map(({ health }) => HEALTH_ORDER.indexOf(health?.status ?? "Healthy"));
  return HEALTH_ORDER[Math.max(0, ...ranks)] ?? "Unknown";
}

const isUnknown = ({ health }: ResourceStatus): boolean => health?.status === "Unknown";
