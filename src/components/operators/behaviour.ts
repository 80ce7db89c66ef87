// What operators of stateful systems have in common inside an embedded cluster: the pods they would make come with the chart's
// stand-in, as the surface states them; the operator reads how many of them are ready and says so in the words of its kind.

import { deepEqual, formatInstant } from "../../core/index.ts";
import type {
  ControllerContext,
  ControllerFactory,
  Informer,
  KindRef,
  KubernetesObject,
} from "../../kubernetes/index.ts";

const STATEFUL_SET: KindRef = { apiVersion: "apps/v1", kind: "StatefulSet" };

/** Pods that run for an object. */
export interface OperatedPods {
  readonly wanted: number;
  readonly ready: number;
  /** In order of their numbers. */
  readonly names: readonly string[];
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
    return {
      name,
      setup(enqueue) {
        objects.onChange((current) => current && enqueue(keyOf(current)));
        sets.onChange((current, old) => {
          const set = current ?? old;
          for (const object of objects.list(set?.metadata.namespace))
            if (operated.workloads(object).includes(set?.metadata.name ?? ""))
              enqueue(keyOf(object));
        });
      },
      async reconcile(key) {
        const [namespace = "", objectName = ""] = key.split("/");
        const object = objects.get(objectName, namespace);
        if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
        const pods = podsOf(sets, namespace, operated.workloads(object));
        await writeStatus(context, operated.kind, object, operated.status(object, pods));
      },
    };
  };
}

const keyOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ""}/${metadata.name}`;

function podsOf(sets: Informer, namespace: string, names: readonly string[]): OperatedPods {
  let [wanted, ready] = [0, 0];
  const pods: string[] = [];
  for (const name of names) {
    const set = sets.get(name, namespace) as StatefulSet | undefined;
    const replicas = set?.spec?.replicas ?? 1;
    wanted += replicas;
    ready += set?.status?.readyReplicas ?? 0;
    pods.push(...Array.from({ length: replicas }, (_, index) => `${name}-${index}`));
  }
  return { wanted, ready, names: pods };
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
