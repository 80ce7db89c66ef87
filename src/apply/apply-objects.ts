// Makes a cluster hold exactly a set of objects: ordered server-side apply, inventory, prune. Running it again after an
// interruption finishes the work, because every step looks at what is there.

import {
  refOf,
  StatusError,
  type KubeApi,
  type KubernetesObject,
  type ObjectRef,
} from "../kubernetes/index.ts";
import { applyObject, type ApplyObjectOptions } from "./apply-object.ts";
import type { ApplyFailure, Change, ChangeSet } from "./change-set.ts";
import { inParallel } from "./in-parallel.ts";
import { mergeRefs, removedRefs, type Inventory } from "./inventory.ts";
import { pruneObject, pruneOrder, type PruneOptions } from "./prune.ts";
import { isSettled, waitForHealth, type ObjectHealth } from "./wait.ts";
import { planSteps, type Step } from "./waves.ts";

export interface ApplyObjectsOptions extends ApplyObjectOptions, Pick<PruneOptions, "protection"> {
  /** Remembers what was applied. Without one nothing is pruned. */
  readonly inventory?: Inventory;
  /** Whether to delete what the inventory holds and the set does not. Default: true. */
  readonly prune?: boolean;
  /** Explicit wave of an object; lower waves go first. Default: all in wave 0. */
  readonly waveOf?: (object: KubernetesObject) => number;
  /** Wait this long for every object of a wave to be healthy before the next wave. Default: do not wait. */
  readonly waveTimeoutMs?: number;
  /** How long to wait for new kinds to be served and namespaces to be active. */
  readonly readyTimeoutMs?: number;
  /** How many requests may be under way at once. */
  readonly concurrency?: number;
  readonly onChange?: (change: Change) => void;
  /** Called before each step is written; `index` starts at 0. */
  readonly onStep?: (step: Step, index: number, total: number) => void;
}

export interface ApplyResult extends ChangeSet {
  /** What did not become healthy in time; nothing after it was written. */
  readonly unhealthy: readonly ObjectHealth[];
}

/** Enough to hide a round trip, few enough for the API's priority levels. */
const CONCURRENCY = 8;
/** CRDs are established within seconds; a busy control plane may have many of them to do. */
const READY_TIMEOUT_MS = 60_000;

interface Run extends ApplyResult {
  readonly api: KubeApi;
  readonly options: ApplyObjectsOptions;
  readonly changes: Change[];
  readonly failures: ApplyFailure[];
  readonly unhealthy: ObjectHealth[];
}

export async function applyObjects(
  api: KubeApi,
  objects: readonly KubernetesObject[],
  options: ApplyObjectsOptions,
): Promise<ApplyResult> {
  const run: Run = { api, options, changes: [], failures: [], unhealthy: [] };
  const { inventory, dryRun = false, prune = true } = options;
  const wanted = objects.map(refOf);
  const previous = (await inventory?.load()) ?? [];
  const steps = planSteps(objects, options.waveOf);
  const home = objects.find((object) => isHome(object, inventory));
  if (home !== undefined) await settle(run, refOf(home), () => applyObject(api, home, options));
  if (!dryRun && !isStopped(run)) await inventory?.save(mergeRefs(previous, wanted));
  await applySteps(run, steps, home);
  if (isStopped(run)) return resultOf(run);
  if (prune) await pruneRefs(run, removedRefs(previous, wanted));
  const kept = run.changes.flatMap(({ ref, outcome }) => (outcome === "skipped" ? [ref] : []));
  if (!dryRun && !isStopped(run)) await inventory?.save(mergeRefs(prune ? kept : previous, wanted));
  return resultOf(run);
}

/** The namespace the inventory lives in has to be there before anything is remembered. */
function isHome({ apiVersion, kind, metadata }: KubernetesObject, inventory?: Inventory): boolean {
  if (inventory?.namespace === undefined) return false;
  return apiVersion === "v1" && kind === "Namespace" && metadata.name === inventory.namespace;
}

function isStopped({ failures, unhealthy }: Run): boolean {
  return failures.length > 0 || unhealthy.length > 0;
}

function resultOf({ changes, failures, unhealthy }: Run): ApplyResult {
  return { changes, failures, unhealthy };
}

async function applySteps(
  run: Run,
  steps: readonly Step[],
  done: KubernetesObject | undefined,
): Promise<void> {
  const { api, options } = run;
  for (const [index, step] of steps.entries()) {
    if (isStopped(run)) return;
    options.onStep?.(step, index, steps.length);
    const objects = step.objects.filter((object) => object !== done);
    await inParallel(objects, options.concurrency ?? CONCURRENCY, (object) =>
      settle(run, refOf(object), () => applyObject(api, object, options)),
    );
    if (!isStopped(run) && options.dryRun !== true) await waitAfter(run, steps, index);
  }
}

/** Definitions and namespaces must be ready before anything uses them; a wave, when the caller wants it. */
async function waitAfter(run: Run, steps: readonly Step[], index: number): Promise<void> {
  const step = steps[index];
  if (step === undefined) return;
  const { readyTimeoutMs = READY_TIMEOUT_MS, waveTimeoutMs } = run.options;
  if (step.phase === "definitions" || step.phase === "namespaces") {
    await waitFor(run, step.objects, readyTimeoutMs);
  }
  const next = steps[index + 1];
  if (waveTimeoutMs === undefined || next === undefined || next.wave === step.wave) return;
  const wave = steps.filter((other) => other.wave === step.wave);
  await waitFor(
    run,
    wave.flatMap((other) => other.objects),
    waveTimeoutMs,
  );
}

async function waitFor(
  run: Run,
  objects: readonly KubernetesObject[],
  timeoutMs: number,
): Promise<void> {
  const { clock } = run.options;
  const waited = await waitForHealth(run.api, objects.map(refOf), { clock, timeoutMs });
  run.unhealthy.push(...waited.objects.filter(({ health }) => !isSettled(health)));
}

async function pruneRefs(run: Run, refs: readonly ObjectRef[]): Promise<void> {
  for (const ref of pruneOrder(refs)) {
    await settle(run, ref, () => pruneObject(run.api, ref, run.options));
  }
}

/** A refusal is collected; anything else, such as a broken connection, ends the run. */
async function settle(
  run: Run,
  ref: ObjectRef,
  work: () => Promise<Change | undefined>,
): Promise<void> {
  try {
    const change = await work();
    if (change === undefined) return;
    run.changes.push(change);
    run.options.onChange?.(change);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    run.failures.push({ ref, error });
  }
}
