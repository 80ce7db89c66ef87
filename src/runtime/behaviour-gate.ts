// A third-party controller acts only while its pods run: its behaviour starts when a workload of its component is ready and
// stops when none is.

import type { Clock, Rng } from "../core/index.ts";
import {
  runControllers,
  type AdmissionPlugin,
  type Informer,
  type InformerSet,
  type KindRef,
  type KubeApi,
  type KubernetesObject,
} from "../kubernetes/index.ts";
import type { Behaviour, BehaviourContext, Workload } from "../model/index.ts";

export interface GatedBehaviour {
  /** Name of the component. */
  readonly name: string;
  readonly behaviour: Behaviour;
  /** What has to run; a behaviour without workloads always acts. */
  readonly workloads: readonly Workload[];
}

export interface GateOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly informers: InformerSet;
  readonly context: BehaviourContext;
  /** The admission chain of the cluster. */
  readonly admission: { add(plugin: AdmissionPlugin): { remove(): void } };
  readonly onError?: (controller: string, key: string, error: unknown) => void;
}

const CONTROLLER_KINDS: readonly KindRef[] = ["Deployment", "StatefulSet", "DaemonSet"].map(
  (kind) => ({ apiVersion: "apps/v1", kind }),
);

/** Starts watching; `stop` ends the behaviour whatever its pods do. */
export function gateBehaviour(gated: GatedBehaviour, options: GateOptions): { stop(): void } {
  const sources = CONTROLLER_KINDS.map(
    (kind) => [kind.kind, options.informers.informer(kind)] as const,
  );
  const informers = new Map(sources);
  let running: { stop(): void } | undefined;
  let stopped = false;

  const check = (): void => {
    const wanted = !stopped && isUp(gated.workloads, informers);
    if (wanted === (running !== undefined)) return;
    if (wanted) running = start(gated, options);
    else {
      running?.stop();
      running = undefined;
    }
  };
  for (const informer of informers.values())
    informer.onChange((current, old) => concerns(gated, current ?? old) && check());
  check();
  return {
    stop: () => {
      stopped = true;
      check();
    },
  };
}

function start({ name, behaviour }: GatedBehaviour, options: GateOptions): { stop(): void } {
  const { api, clock, rng, informers, context, admission, onError } = options;
  const factories = behaviour.controllers?.(context) ?? [];
  const controllers = runControllers(factories, {
    api,
    clock,
    rng: rng.fork(`behaviour/${name}`),
    informers,
    fieldManager: name,
    ...(onError === undefined ? {} : { onError }),
  });
  controllers.start();
  const plugins = (behaviour.admission?.(context) ?? []).map((plugin) => admission.add(plugin));
  return {
    stop: () => {
      for (const plugin of plugins) plugin.remove();
      controllers.stop();
    },
  };
}

function concerns({ workloads }: GatedBehaviour, object: KubernetesObject | undefined): boolean {
  return workloads.some(
    ({ kind, name, namespace }) =>
      object?.kind === kind &&
      object.metadata.name === name &&
      object.metadata.namespace === namespace,
  );
}

function isUp(workloads: readonly Workload[], informers: ReadonlyMap<string, Informer>): boolean {
  return workloads.length === 0 || workloads.some((workload) => readyPods(workload, informers) > 0);
}

function readyPods(
  { kind, name, namespace }: Workload,
  informers: ReadonlyMap<string, Informer>,
): number {
  const object = informers.get(kind)?.get(name, namespace);
  const status = (object?.["status"] ?? {}) as { readyReplicas?: number; numberReady?: number };
  return status.readyReplicas ?? status.numberReady ?? 0;
}
