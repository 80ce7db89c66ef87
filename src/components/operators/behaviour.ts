// What operators of stateful systems have in common inside an embedded cluster: the pods they would make come with the chart's
// stand-in, as the surface states them; the operator reads how many of them are ready and says so in the words of its kind.

import { deepEqual, formatInstant } from "../../core/index.ts";
import { isReady, isTerminating } from "../../kubernetes/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  Informer,
  KindRef,
  KubernetesObject,
  Pod,
} from "../../kubernetes/index.ts";

const STATEFUL_SET: KindRef = { apiVersion: "apps/v1", kind: "StatefulSet" };
const POD: KindRef = { apiVersion: "v1", kind: "Pod" };

/** Pods that run for an object. */
export interface OperatedPods {
  readonly wanted: number;
  readonly ready: number;
  /** In order of their numbers. */
  readonly names: readonly string[];
  /** Those of them that are up, in the same order. */
  readonly up: readonly string[];
}

/** More than half: two of three, three of five. */
export const hasMajority = ({ wanted, up }: OperatedPods): boolean => up.length * 2 > wanted;

/** Who leads stays leader while it is up; then the first that is, where enough of them can agree. */
export function leaderOf(pods: OperatedPods, before: string | undefined): string | undefined {
  if (before !== undefined && pods.up.includes(before)) return before;
  return hasMajority(pods) ? pods.up[0] : before;
}

export interface OperatedKind {
  readonly kind: KindRef;
  /** StatefulSets of the object's namespace that run for it; none: it is judged without. */
  workloads(object: KubernetesObject): readonly string[];
  /** The whole status but for the conditions' times. */
  status(object: KubernetesObject, pods: OperatedPods): OperatedStatus;
}

export interface OperatedStatus {
  readonly conditions?: readonly OperatedCondition[];
  readonly [field: string]: unknown;
}

export interface OperatedCondition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

export function operatedController(name: string, operated: OperatedKind): ControllerFactory {
  return (context) => {
    const objects = context.informer(operated.kind);
    const sets = context.informer(STATEFUL_SET);
    const pods = context.informer(POD);
    return {
      name,
      setup(enqueue) {
        objects.onChange((current) => current && enqueue(keyOf(current)));
        const changed = (namespace: string | undefined, set: string | undefined): void => {
          if (set === undefined) return;
          for (const object of objects.list(namespace))
            if (operated.workloads(object).includes(set)) enqueue(keyOf(object));
        };
        sets.onChange((current, old) => {
          const { namespace, name } = (current ?? old)?.metadata ?? {};
          changed(namespace, name);
        });
        pods.onChange((current, old) => {
          const { namespace, ownerReferences } = (current ?? old)?.metadata ?? {};
          changed(namespace, ownerReferences?.find(({ kind }) => kind === STATEFUL_SET.kind)?.name);
        });
      },
      async reconcile(key) {
        const [namespace = "", objectName = ""] = key.split("/");
        const object = objects.get(objectName, namespace);
        if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
        const operates = operatedPods({ sets, pods }, namespace, operated.workloads(object));
        await writeStatus(context, operated.kind, object, operated.status(object, operates));
      },
    };
  };
}

const keyOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ""}/${metadata.name}`;

function operatedPods(
  { sets, pods }: { readonly sets: Informer; readonly pods: Informer },
  namespace: string,
  workloads: readonly string[],
): OperatedPods {
  const found = workloads.map((name) => sets.get(name, namespace) as StatefulSet | undefined);
  const names = workloads.flatMap((name, at) =>
    Array.from({ length: found[at]?.spec?.replicas ?? 1 }, (_, index) => `${name}-${index}`),
  );
  const ready = found.reduce((sum, set) => sum + (set?.status?.readyReplicas ?? 0), 0);
  const up = names.filter((name) => isUp(pods.get(name, namespace) as Pod | undefined));
  return { wanted: names.length, ready, names, up };
}

function isUp(pod: Pod | undefined): boolean {
  return pod !== undefined && !isTerminating(pod) && isReady(pod);
}

interface StatefulSet extends KubernetesObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

async function writeStatus(
  { api, clock }: ControllerContext,
  kind: KindRef,
  object: KubernetesObject,
  wanted: OperatedStatus,
): Promise<void> {
  const before = object["status"] as OperatedStatus | undefined;
  const now = formatInstant(clock.now());
  const conditions = wanted.conditions?.map((condition) => {
    const old = before?.conditions?.find(({ type }) => type === condition.type);
    const since = old?.status === condition.status ? timeOf(old) : undefined;
    return { ...condition, lastTransitionTime: since ?? now };
  });
  const status = { ...wanted, ...(conditions === undefined ? {} : { conditions }) };
  if (deepEqual(before, status)) return;
  const { name, namespace } = object.metadata;
  const ref = { ...kind, name, namespace };
  await api.patch(ref, { type: "merge", body: { status } }, { subresource: "status" });
}

function timeOf(condition: OperatedCondition): string | undefined {
  const { lastTransitionTime } = condition as { readonly lastTransitionTime?: string };
  return lastTransitionTime;
}
