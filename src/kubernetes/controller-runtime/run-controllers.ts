// Runs controllers over one set of shared informers: set up, wait for the caches, then reconcile keys as they
// change. Mirrors what controller-runtime's manager and kube-controller-manager do, on an injected clock.

import { InvariantError } from "../../core/index.ts";
import type { Clock, Rng } from "../../core/index.ts";
import type { Controller, ControllerContext, ControllerFactory } from "../controller.ts";
import type { KubeApi } from "../kube-api.ts";
import { createEventRecorder } from "./event-recorder.ts";
import type { EventRecorder } from "./event-recorder.ts";
import { createInformerSet } from "./informers.ts";
import type { InformerSet } from "./informers.ts";
import { withOwnWrites } from "./own-writes.ts";
import { createWorkQueue } from "./work-queue.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface RunControllersOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Informers shared with other controllers of the process; by default a set of its own. */
  readonly informers?: InformerSet;
  /** Default `kube-controller-manager`. */
  readonly fieldManager?: string;
  /** Keys of one controller in work at once. Default 5, as most built-in controllers have. */
  readonly workers?: number;
  /** A reconcile was refused or failed and will be tried again. */
  onError?(controller: string, key: string, error: unknown): void;
  /** Our own mistake. By default it is thrown from the clock's run queue, where nothing swallows it. */
  onBug?(error: unknown): void;
}

export interface RunningControllers {
  start(): void;
  stop(): void;
  readonly informersSynced: Promise<void>;
}

export function runControllers(
  factories: readonly ControllerFactory[],
  options: RunControllersOptions,
): RunningControllers {
  const { api, clock, rng } = options;
  const informers = options.informers ?? createInformerSet({ api, clock, rng });
  const recorder = createEventRecorder({ api, clock });
  const ownApi = withOwnWrites({
    api,
    informerOf: informers.find,
    fieldManager: options.fieldManager ?? "kube-controller-manager",
  });
  const loops = factories.map((factory, index) => {
    const context = createContext({ ...options, api: ownApi, informers, recorder, index });
    const controller = factory(context);
    context.name = controller.name;
    return { controller, queue: createLoop(controller, options) };
  });
  let stopped = false;
  let markSynced = (): void => undefined;
  const informersSynced = new Promise<void>((resolve) => (markSynced = resolve));

  const begin = async (): Promise<void> => {
    await informers.synced();
    if (stopped) return;
    for (const { queue } of loops) queue.start();
    markSynced();
  };
  return {
    start() {
      informers.start();
      void begin();
    },
    stop() {
      stopped = true;
      for (const { controller, queue } of loops) {
        queue.stop();
        controller.stop?.();
      }
      recorder.stop();
      if (options.informers === undefined) informers.stop();
    },
    informersSynced,
  };
}

/**
 * A context knows its controller's name only after the factory has made it. Randomness drawn from then on depends on
 * the name alone, so that another controller in the list changes nothing.
 */
interface NamedContext extends ControllerContext {
  name: string;
}

function createContext(parts: {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly informers: InformerSet;
  readonly recorder: EventRecorder;
  readonly index: number;
}): NamedContext {
  let named: Rng | undefined;
  const context: NamedContext = {
    name: "",
    api: parts.api,
    clock: parts.clock,
    get rng() {
      if (context.name === "") return parts.rng.fork(`controller/#${parts.index}`);
      return (named ??= parts.rng.fork(`controller/${context.name}`));
    },
    informer: parts.informers.informer,
    event: (about, type, reason, message) =>
      parts.recorder.record({ component: context.name }, about, { type, reason, message }),
  };
  return context;
}

function createLoop(controller: Controller, options: RunControllersOptions): WorkQueue {
  const { clock, workers = 5 } = options;
  const onBug =
    options.onBug ??
    ((error: unknown): void =>
      clock.defer(() => {
        throw error;
      }));
  const work = async (key: string): Promise<void> => {
    try {
      const result = await controller.reconcile(key);
      queue.forget(key);
      if (result !== undefined) queue.addAfter(key, result.requeueAfterMs);
    } catch (error) {
      if (isBug(error)) return onBug(error);
      options.onError?.(controller.name, key, error);
      queue.addRateLimited(key);
    }
  };
  const queue = createWorkQueue({ clock, workers, work });
  controller.setup((key, afterMs) => queue.addAfter(key, afterMs ?? 0));
  return queue;
}

/** Errors that no retry mends. */
function isBug(error: unknown): boolean {
  return (
    error instanceof InvariantError ||
    error instanceof TypeError ||
    error instanceof ReferenceError ||
    error instanceof RangeError
  );
}
