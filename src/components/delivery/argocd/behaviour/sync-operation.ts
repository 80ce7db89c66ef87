// One sync: waves in order, each applied and healthy before the next, then what git no longer has is pruned.
// Mirrors gitops-engine pkg/sync/sync_context.go; level-triggered, so every call looks at what is left to do.

import { applyObject, pruneObject, pruneOrder, planSteps } from "../../../../apply/index.ts";
import type { Clock, InstantMs } from "../../../../core/index.ts";
import { refOf, StatusError } from "../../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import { ARGOCD_MANAGER, keyOf, type ComparedResource } from "./compare.ts";
import type { DestinationState } from "./live-state.ts";
import { SYNC_OPTIONS_ANNOTATION, WAVE_ANNOTATION } from "./resources.ts";

export interface SyncResult {
  readonly object: KubernetesObject;
  readonly status: "Synced" | "SyncFailed" | "Pruned" | "PruneSkipped";
  readonly message: string;
}

export interface SyncOperation {
  /** What is synced: changes when git or the spec does. */
  readonly revisionKey: string;
  readonly startedAt: InstantMs;
  readonly automated: boolean;
  readonly prune: boolean;
  /** Earlier attempts at the same revision. */
  readonly retryCount: number;
  readonly results: Map<string, SyncResult>;
}

export type SyncProgress =
  | { readonly phase: "Running"; readonly message: string }
  | { readonly phase: "Succeeded" | "Failed"; readonly message: string };

export interface SyncInputs {
  readonly resources: readonly ComparedResource[];
  readonly state: DestinationState;
  readonly clock: Clock;
  /** Why the project does not permit an object; then nothing is applied at all. */
  refused(object: KubernetesObject): string | undefined;
}

/** Applies what may be applied now and says how far the sync is. */
export async function advanceSync(
  operation: SyncOperation,
  inputs: SyncInputs,
): Promise<SyncProgress> {
  const waves = wavesOf(inputs.resources);
  const invalid = waves.flat().flatMap((object) => refusal(object, inputs));
  if (invalid.length > 0) {
    for (const result of invalid) operation.results.set(keyOf(result.object), result);
    return { phase: "Failed", message: "one or more synchronization tasks are not valid" };
  }
  for (const [index, wave] of waves.entries()) {
    const isNew = await applyWave(operation, wave, inputs);
    const failed = wave.filter(
      (object) => operation.results.get(keyOf(object))?.status === "SyncFailed",
    );
    if (failed.length > 0) return failure(operation);
    if (index === waves.length - 1) continue;
    const { waiting, degraded } = unhealthy(wave, inputs.resources);
    // What was just applied has had no time to tell.
    if (degraded !== undefined && !isNew)
      return {
        phase: "Failed",
        message: `one or more synchronization tasks completed unsuccessfully, reason: ${degraded}`,
      };
    if (waiting !== undefined)
      return { phase: "Running", message: `waiting for healthy state of ${describe(waiting)}` };
  }
  if (operation.prune) await pruneRest(operation, inputs);
  return { phase: "Succeeded", message: "successfully synced (all tasks run)" };
}

function refusal(object: KubernetesObject, { refused }: SyncInputs): SyncResult[] {
  const message = refused(object);
  return message === undefined ? [] : [{ object, status: "SyncFailed", message }];
}

/** Objects by wave, in the order they are written within each. */
function wavesOf(resources: readonly ComparedResource[]): readonly (readonly KubernetesObject[])[] {
  const desired = resources.flatMap((resource) => resource.target ?? []);
  const waves = new Map<number, KubernetesObject[]>();
  for (const { wave, objects } of planSteps(desired, syncWaveOf)) {
    waves.set(wave, [...(waves.get(wave) ?? []), ...objects]);
  }
  return [...waves.values()];
}

/** Whether anything of it was left to apply. */
async function applyWave(
  operation: SyncOperation,
  wave: readonly KubernetesObject[],
  inputs: SyncInputs,
): Promise<boolean> {
  const left = wave.filter((object) => !operation.results.has(keyOf(object)));
  for (const object of left) operation.results.set(keyOf(object), await applyOne(object, inputs));
  return left.length > 0;
}

async function applyOne(
  object: KubernetesObject,
  { state, clock }: SyncInputs,
): Promise<SyncResult> {
  try {
    // No patience here: a failed sync is retried as a whole, by the Application's retry policy.
    const { outcome } = await applyObject(state.api, object, {
      fieldManager: ARGOCD_MANAGER,
      clock,
      patienceMs: 0,
    });
    return {
      object,
      status: "Synced",
      message: `${describe(object)} ${outcome === "unchanged" ? "unchanged" : "serverside-applied"}`,
    };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { object, status: "SyncFailed", message: error.message };
  }
}

function failure({ results }: SyncOperation): SyncProgress {
  const failed = [...results.values()].filter(({ status }) => status === "SyncFailed");
  const reasons = failed.map(({ object, message }) => `${describe(object)}: ${message}`).join("; ");
  return { phase: "Failed", message: `one or more objects failed to apply, reason: ${reasons}` };
}

interface Unhealthy {
  /** The first object that is not healthy yet. */
  readonly waiting?: KubernetesObject | undefined;
  /** What the first one says that will not become so by itself. */
  readonly degraded?: string;
}

/** Objects of the wave by what was last seen of them. */
function unhealthy(
  wave: readonly KubernetesObject[],
  resources: readonly ComparedResource[],
): Unhealthy {
  const healthByKey = new Map(
    resources.map(({ desired, status }) => [desired && keyOf(desired), status.health]),
  );
  const healthOf = (object: KubernetesObject) => healthByKey.get(keyOf(object));
  const waiting = wave.find((object) => healthOf(object)?.status !== "Healthy");
  const degraded = wave.find((object) => healthOf(object)?.status === "Degraded");
  if (degraded === undefined) return { waiting };
  const { message = "Degraded" } = healthOf(degraded) ?? {};
  return { waiting, degraded: `${describe(degraded)}: ${message}` };
}

async function pruneRest(
  operation: SyncOperation,
  { resources, state }: SyncInputs,
): Promise<void> {
  const extra = resources.flatMap(({ desired, live }) =>
    desired === undefined && live !== undefined ? [live] : [],
  );
  const byKey = new Map(
    extra.map((object) => [
      `${object.kind}/${object.metadata.namespace ?? ""}/${object.metadata.name}`,
      object,
    ]),
  );
  for (const ref of pruneOrder(extra.map(refOf))) {
    const object = byKey.get(`${ref.kind}/${ref.namespace ?? ""}/${ref.name}`);
    if (object === undefined) continue;
    const change = await pruneObject(state.api, ref, {
      fieldManager: ARGOCD_MANAGER,
      propagationPolicy: "Foreground",
      protection,
    });
    const skipped = change?.outcome === "skipped";
    operation.results.set(keyOf(object), {
      object,
      status: skipped ? "PruneSkipped" : "Pruned",
      message: skipped ? `ignored (no prune: ${change.reason ?? ""})` : "pruned",
    });
  }
}

function syncWaveOf({ metadata }: KubernetesObject): number {
  return Number.parseInt(metadata.annotations?.[WAVE_ANNOTATION] ?? "0", 10) || 0;
}

/** `Prune=false` among the sync options of an object: argo-cd docs/user-guide/sync-options.md, "No Prune Resources". */
function protection({ metadata }: KubernetesObject): string | undefined {
  const options = (metadata.annotations?.[SYNC_OPTIONS_ANNOTATION] ?? "").split(",");
  const kept = options.some((option) => option.trim() === "Prune=false");
  return kept ? `${SYNC_OPTIONS_ANNOTATION}: Prune=false` : undefined;
}

/** `deployment.apps/storefront`, as kubectl and Argo CD print it. */
function describe({ apiVersion, kind, metadata }: KubernetesObject): string {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${apiVersion.slice(0, slash)}`;
  return `${kind.toLowerCase()}${group}/${metadata.name}`;
}
