// What clients do to the cluster at random: a few names in a few namespaces, so that operations meet.

import type { Rng } from "../../src/core/index.ts";
import { reviveNode, silenceNode } from "../../src/cluster/index.ts";
import type { KubeApi, KubernetesObject, ObjectRef } from "../../src/kubernetes/index.ts";
import { WIDGET } from "./kinds.ts";
import * as manifests from "./manifests.ts";
import { pick } from "./swarm.ts";

export interface OperationContext {
  readonly api: KubeApi;
  readonly rng: Rng;
  readonly now: () => number;
}

/** Resolves with what was acknowledged; rejects with StatusError when refused. */
export type Operation = (context: OperationContext) => Promise<KubernetesObject | undefined | void>;

export const NAMESPACES = ["red", "green", "blue"] as const;
const NAMES = ["a", "b", "c"] as const;
const NODES = ["node-0", "node-1", "node-2", "node-3"] as const;
export const HOLD = "sim.example.com/hold";

const place = (rng: Rng) => ({ namespace: pick(NAMESPACES, rng), name: pick(NAMES, rng) });
const ref = (apiVersion: string, kind: string, rng: Rng): ObjectRef => ({
  apiVersion,
  kind,
  ...place(rng),
});
const merge = (body: unknown) => ({ type: "merge" as const, body });
const PROPAGATION = ["Foreground", "Background", "Orphan", undefined] as const;

type Manifest = (at: { namespace: string; name: string }, rng: Rng) => KubernetesObject;

const createFrom =
  (manifest: Manifest): Operation =>
  ({ api, rng }) =>
    api.create(manifest(place(rng), rng));

const remove =
  (apiVersion: string, kind: string): Operation =>
  ({ api, rng }) =>
    api.delete(ref(apiVersion, kind, rng), { propagationPolicy: pick(PROPAGATION, rng) });

const scale =
  (kind: string): Operation =>
  ({ api, rng }) =>
    api.patch(ref("apps/v1", kind, rng), merge({ spec: { replicas: rng.below(5) } }));

const roll =
  (kind: string): Operation =>
  ({ api, rng }) => {
    const annotations = { round: String(rng.below(4)) };
    const template = { metadata: { annotations } };
    return api.patch(ref("apps/v1", kind, rng), merge({ spec: { template } }));
  };

async function onNode(
  { api, rng, now }: OperationContext,
  act: (api: KubeApi, name: string, now: number) => Promise<void>,
): Promise<void> {
  await act(api, pick(NODES, rng), now());
}

async function deleteSomePod({
  api,
  rng,
}: OperationContext): Promise<KubernetesObject | undefined> {
  const { items } = await api.list({ apiVersion: "v1", kind: "Pod" });
  if (items.length === 0) return undefined;
  const pod = pick(items, rng);
  const options = rng.below(2) === 0 ? {} : { gracePeriodSeconds: rng.below(3) };
  return api.delete({ ...pod, ...pod.metadata }, options);
}

async function evictSomePod({ api, rng }: OperationContext): Promise<void> {
  const { items } = await api.list({ apiVersion: "v1", kind: "Pod" });
  if (items.length === 0) return;
  const { name, namespace } = pick(items, rng).metadata;
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
  await api.create(eviction, { subresource: "eviction" });
}

/** Of a read state, so that two writers conflict. */
async function updateConfigMap({ api, rng }: OperationContext): Promise<KubernetesObject> {
  const current = await api.get(ref("v1", "ConfigMap", rng));
  const data = { ...(current["data"] as object), value: String(rng.below(5)) };
  return api.update({ ...current, data });
}

async function holdWidget({ api, rng }: OperationContext): Promise<KubernetesObject> {
  const finalizers = rng.below(2) === 0 ? [HOLD] : [];
  return api.patch({ ...WIDGET, ...place(rng) }, merge({ metadata: { finalizers } }));
}

const cordon: Operation = ({ api, rng }) =>
  api.patch(
    { apiVersion: "v1", kind: "Node", name: pick(NODES, rng) },
    merge({ spec: { unschedulable: rng.below(2) === 0 } }),
  );

const namespaceRef = (rng: Rng): ObjectRef => ({
  apiVersion: "v1",
  kind: "Namespace",
  name: pick(NAMESPACES, rng),
});

const dryRun: Operation = ({ api, rng }) =>
  api.create(manifests.service(place(rng), rng), { dryRun: true }).then(() => undefined);

const applyConfigMap: Operation = ({ api, rng }) =>
  api.apply(manifests.configMap(place(rng), rng), {
    fieldManager: pick(["left", "right"], rng),
    force: rng.below(2) === 0,
  });

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  "create namespace": ({ api, rng }) => api.create(manifests.namespace(pick(NAMESPACES, rng))),
  "delete namespace": async (context) => {
    if (context.rng.below(4) === 0) await context.api.delete(namespaceRef(context.rng));
  },
  "create deployment": createFrom(manifests.deployment),
  "scale deployment": scale("Deployment"),
  "roll deployment": roll("Deployment"),
  "delete deployment": remove("apps/v1", "Deployment"),
  "create stateful set": createFrom(manifests.statefulSet),
  "scale stateful set": scale("StatefulSet"),
  "roll stateful set": roll("StatefulSet"),
  "delete stateful set": remove("apps/v1", "StatefulSet"),
  "create daemon set": createFrom(manifests.daemonSet),
  "delete daemon set": remove("apps/v1", "DaemonSet"),
  "create job": createFrom(manifests.job),
  "delete job": remove("batch/v1", "Job"),
  "create service": createFrom(manifests.service),
  "change service": ({ api, rng }) =>
    api.patch(ref("v1", "Service", rng), merge({ spec: manifests.serviceSpec(rng) })),
  "delete service": remove("v1", "Service"),
  "create config map": createFrom(manifests.configMap),
  "update config map": updateConfigMap,
  "apply config map": applyConfigMap,
  "delete config map": remove("v1", "ConfigMap"),
  "create quota": createFrom(manifests.quota),
  "delete quota": remove("v1", "ResourceQuota"),
  "create budget": createFrom(manifests.disruptionBudget),
  "delete budget": remove("policy/v1", "PodDisruptionBudget"),
  "create widget": createFrom(manifests.widget),
  "hold widget": holdWidget,
  "delete widget": remove(WIDGET.apiVersion, WIDGET.kind),
  "delete pod": deleteSomePod,
  "evict pod": evictSomePod,
  "silence node": (context) => onNode(context, silenceNode),
  "revive node": (context) => onNode(context, reviveNode),
  "cordon node": cordon,
  "dry run": dryRun,
};

/** What lets everything come to rest: nodes are heard again, nothing holds what is to go. */
export async function heal({ api, now }: OperationContext): Promise<void> {
  for (const name of NODES) {
    await reviveNode(api, name, now());
    const node = { apiVersion: "v1", kind: "Node", name };
    await api.patch(node, merge({ spec: { unschedulable: null } }));
  }
  for (const widget of (await api.list(WIDGET)).items) {
    if ((widget.metadata.finalizers ?? []).length === 0) continue;
    const { name, namespace } = widget.metadata;
    await api.patch({ ...WIDGET, name, namespace }, merge({ metadata: { finalizers: null } }));
  }
}
