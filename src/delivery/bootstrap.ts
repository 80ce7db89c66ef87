// The first writes to a cluster: what has to be there before an engine can do the rest. CRDs, namespaces, the engine and
// its root objects, in that order, under a manager and an inventory of their own; running again finishes or changes nothing.

import {
  applyObjects,
  configMapInventory,
  waitForHealth,
  type ApplyResult,
  type ObjectHealth,
} from "../apply/index.ts";
import type { Clock } from "../core/index.ts";
import { displayRef, refOf, type KubeApi, type KubernetesObject } from "../kubernetes/index.ts";

export const BOOTSTRAP_MANAGER = "keelson-bootstrap";
const INVENTORY = { namespace: "kube-system", name: "bootstrap" } as const;

export interface BootstrapSet {
  readonly definitions: readonly KubernetesObject[];
  readonly namespaces: readonly KubernetesObject[];
  /** The delivery engine itself; waited for before its root objects are written. */
  readonly engine: readonly KubernetesObject[];
  readonly root: readonly KubernetesObject[];
}

export interface BootstrapOptions {
  readonly clock: Clock;
  /** For each thing waited for: definitions, namespaces, the engine. */
  readonly timeoutMs: number;
  /** Ends the wait for the engine; what was begun is written. */
  readonly signal?: AbortSignal | undefined;
  readonly onEngine?: (changed: ObjectHealth, settled: number, total: number) => void;
}

/** Bootstrap ended early; running it again continues. The message says what was refused or did not start. */
export class BootstrapError extends Error {
  override readonly name = "BootstrapError";
}

export async function bootstrap(
  api: KubeApi,
  set: BootstrapSet,
  options: BootstrapOptions,
): Promise<ApplyResult> {
  const steps = [set.definitions, set.namespaces, set.engine, set.root];
  const orderOf = new Map(
    steps.flatMap((objects, step) => objects.map((object) => [object, step] as const)),
  );
  const rootStep = steps.length - 1;
  const beforeRoot = steps.slice(0, rootStep).flat();
  const write = async (objects: readonly KubernetesObject[]): Promise<ApplyResult> =>
    applyObjects(api, objects, {
      fieldManager: BOOTSTRAP_MANAGER,
      clock: options.clock,
      readyTimeoutMs: options.timeoutMs,
      inventory: configMapInventory(api, { ...INVENTORY, fieldManager: BOOTSTRAP_MANAGER }),
      waveOf: (object) => orderOf.get(object) ?? 0,
      // The first write names only a part of the set: pruning waits for the whole.
      prune: objects.length === orderOf.size,
    });
  requireWritten(await write(beforeRoot));
  await requireEngine(api, set.engine, options);
  return requireWritten(await write(steps.flat()));
}

function requireWritten(result: ApplyResult): ApplyResult {
  const [failure] = result.failures;
  if (failure !== undefined)
    throw new BootstrapError(`apply ${displayRef(failure.ref)}`, { cause: failure.error });
  if (result.unhealthy.length === 0) return result;
  throw new BootstrapError(`not ready in time: ${describeAll(result.unhealthy)}`);
}

const describeAll = (objects: readonly ObjectHealth[]): string =>
  objects
    .map(({ ref, health }) => `${displayRef(ref)} ${health.status}: ${health.message}`)
    .join("; ");

async function requireEngine(
  api: KubeApi,
  engine: readonly KubernetesObject[],
  { clock, timeoutMs, signal, onEngine }: BootstrapOptions,
): Promise<void> {
  const { outcome, objects } = await waitForHealth(api, engine.map(refOf), {
    clock,
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
    ...(onEngine === undefined ? {} : { onProgress: onEngine }),
  });
  // Whoever follows the engine's work hears of the interruption too.
  if (outcome === "healthy" || outcome === "interrupted") return;
  const waiting = objects.filter(({ health }) => health.status !== "Healthy");
  throw new BootstrapError(
    `the delivery engine did not become healthy in ${timeoutMs / 1000} s: ${describeAll(waiting)}`,
  );
}
