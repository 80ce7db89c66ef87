// A third-party controller acts only while its pods run: its behaviour starts when a pod of its component is ready and
// stops when the last one has been told to end.

import type { Clock, Rng } from "../core/index.ts";
import {
  informerOf,
  isReady,
  isTerminating,
  POD,
  runControllers,
  type AdmissionPlugin,
  type ApiService,
  type InformerSet,
  type KubeApi,
  type Pod,
  type TypedInformer,
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
  /** APIs added to the cluster's; an APIService whose pods are gone answers 503 by itself. */
  readonly apiServices: { offer(service: ApiService): void };
  readonly onError?: (controller: string, key: string, error: unknown) => void;
}

/** Starts watching; `stop` ends the behaviour whatever its pods do. */
export function gateBehaviour(gated: GatedBehaviour, options: GateOptions): { stop(): void } {
  const pods = informerOf(options.informers, POD);
  let running: { stop(): void } | undefined;
  let stopped = false;
  const away = awayAdmission(gated, options);

  const check = (): void => {
    const wanted = !stopped && isUp(gated.workloads, pods);
    away.follow(!wanted && !stopped);
    if (wanted === (running !== undefined)) return;
    if (wanted) running = start(gated, options);
    else {
      running?.stop();
      running = undefined;
    }
  };
  pods.onChange((current, old) => concerns(gated, current ?? old) && check());
  check();
  return {
    stop: () => {
      stopped = true;
      check();
    },
  };
}

/** What a webhook that fails closed does while nobody answers it. */
function awayAdmission(
  { behaviour }: GatedBehaviour,
  { context, admission }: GateOptions,
): { follow(isAway: boolean): void } {
  let added: readonly { remove(): void }[] = [];
  return {
    follow(isAway) {
      if (isAway === added.length > 0) return;
      for (const plugin of added) plugin.remove();
      const plugins = isAway ? (behaviour.admissionWhileAway?.(context) ?? []) : [];
      added = plugins.map((plugin) => admission.add(plugin));
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
  for (const service of behaviour.apiServices?.(context) ?? []) options.apiServices.offer(service);
  return {
    stop: () => {
      for (const plugin of plugins) plugin.remove();
      controllers.stop();
    },
  };
}

function concerns({ workloads }: GatedBehaviour, pod: Pod | undefined): boolean {
  return pod !== undefined && workloads.some((workload) => isOf(pod, workload));
}

function isUp(workloads: readonly Workload[], pods: TypedInformer<Pod>): boolean {
  return workloads.length === 0 || workloads.some((workload) => acts(workload, pods));
}

/** Ready, and not told to end: a controller that gets SIGTERM stops, while its StatefulSet still counts its pod. */
function acts(workload: Workload, pods: TypedInformer<Pod>): boolean {
  return pods
    .list(workload.namespace)
    .some((pod) => isOf(pod, workload) && isReady(pod) && !isTerminating(pod));
}

function isOf({ metadata }: Pod, { namespace, labels }: Workload): boolean {
  return (
    metadata.namespace === namespace &&
    Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)
  );
}
