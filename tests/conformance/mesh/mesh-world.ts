// A meshed platform without processes: the objects of a definition on a real embedded cluster under virtual time, its pods behind
// their Services, and the proxies' decisions between them. What an app answers is scripted.

import { BRISK_DELAYS, createEmbeddedCluster } from "../../../src/cluster/index.ts";
import { harden, registry } from "../../../src/components/index.ts";
import { emissionsOf, planEnvironment } from "../../../src/components/testing/plan.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../../src/core/index.ts";
import {
  createInformerSet,
  crdObjects,
  type KubeApi,
  type KubernetesObject,
  type Pod,
} from "../../../src/kubernetes/index.ts";
import {
  createInboundProxy,
  createMeshView,
  createOutboundProxy,
  identityOf,
  meshPods,
  type InboundProxy,
  type MeshAnswer,
  type MeshPod,
  type Outcome,
} from "../../../src/runtime/index.ts";

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** As a client without a proxy would. */
  readonly plain?: boolean;
}

/** What an app's pod answers to its nth request, counted from 0; `index` counts the app's pods by name. */
export type Script = (about: {
  readonly index: number;
  readonly request: number;
  readonly method: string;
}) => { readonly status: number; readonly afterMs?: number };

export interface MeshWorld {
  readonly api: KubeApi;
  readonly clock: VirtualClock;
  /** Pods of an app, by name. */
  pods(app: string): readonly Pod[];
  script(app: string, script: Script): void;
  /** Requests that reached an app's pods so far: `pod index` → how many. */
  heard(app: string): readonly number[];
  /** Of the caller's first pod. Resolves while time moves by itself. */
  call(from: string, to: string, asked?: Asked): Promise<Outcome<MeshPod, MeshAnswer>>;
  /** Without waiting; the caller moves time. */
  start(from: string, to: string, asked?: Asked): Promise<Outcome<MeshPod, MeshAnswer>>;
  stop(): void;
}

const KINDS = ["Namespace", "ServiceAccount", "Service", "Deployment"];

/** `replicas` of apps that are not to have the plan's. */
export async function startMeshWorld(
  definition: unknown,
  replicas: Readonly<Record<string, number>> = {},
): Promise<MeshWorld> {
  const planned = planEnvironment(definition, "dev");
  const clock = createVirtualClock(Date.UTC(2026, 0, 1));
  const rng = createRng("mesh world");
  const cluster = createEmbeddedCluster({
    name: "test",
    clock,
    rng,
    nodes: [{ count: 1 }],
    stageDelays: BRISK_DELAYS,
  });
  await cluster.start();
  const { api } = cluster;
  for (const object of await objectsOf(planned)) await api.create(scaled(object, replicas));
  const informers = createInformerSet({ api, clock, rng: rng.fork("informers") });
  const sources = {
    services: informers.informer({ apiVersion: "v1", kind: "Service" }),
    slices: informers.informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
    pods: informers.informer({ apiVersion: "v1", kind: "Pod" }),
  };
  const view = createMeshView(planned.cluster, informers.informer);
  if (view === undefined) throw new Error("no mesh");
  informers.start();
  await clock.runUntilQuiet({ quietMs: 5_000, withinMs: 120_000 });
  const inbound = new Map<string, InboundProxy>();
  const inboundOf = ({ id }: MeshPod): InboundProxy => {
    const known = inbound.get(id) ?? createInboundProxy({ clock, ...view });
    inbound.set(id, known);
    return known;
  };
  const outbound = createOutboundProxy<MeshPod, MeshAnswer>({
    clock,
    rng: rng.fork("caller"),
    treatment: view.treatment,
    endpoints: (of) => meshPods(of, sources),
  });
  const scripts = new Map<string, Script>();
  const heard = new Map<string, number>();
  const pods = (app: string): readonly Pod[] =>
    (sources.pods.list(app) as Pod[]).filter(
      ({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === app,
    );
  const answerOf = async (
    endpoint: MeshPod,
    caller: Pod | undefined,
    method: string,
    path: string,
  ): Promise<MeshAnswer> => {
    const { pod, id, labels, port } = endpoint;
    const { namespace = "" } = pod.metadata;
    const admitted = inboundOf(endpoint).admit({
      ...(caller && { identity: identityOf(caller) }),
      address: caller?.status?.podIP ?? "10.42.0.250",
      to: { namespace, labels },
      port,
      http: { method, path },
    });
    if (admitted.kind === "closed") return { status: 0 };
    if (admitted.kind === "refused") return { status: admitted.status };
    const request = heard.get(id) ?? 0;
    heard.set(id, request + 1);
    const index = pods(namespace).findIndex(({ metadata }) => metadata.name === pod.metadata.name);
    const script = scripts.get(namespace);
    const { status, afterMs = 0 } = script?.({ index, request, method }) ?? { status: 200 };
    if (afterMs > 0) await clock.sleep(afterMs);
    return { status };
  };
  const start: MeshWorld["start"] = (from, to, asked = {}) => {
    const { method = "GET", path = "/", headers = {}, plain = false } = asked;
    const [pod] = pods(from);
    const port = planned.graph.workload(to, to)?.services[0]?.ports[0]?.port ?? 0;
    if (pod === undefined) throw new Error(`no pod of ${from}`);
    const service = { namespace: to, service: to, port };
    const caller = plain ? undefined : pod;
    if (plain)
      return askPlainly(meshPods(service, sources), (one) => answerOf(one, caller, method, path));
    const { namespace = "", labels = {} } = pod.metadata;
    return outbound.send(
      { from: { namespace, labels }, to: service, method, path, headers },
      {
        repeatable: true,
        attempt: async (endpoint) => {
          const answer = await answerOf(endpoint, caller, method, path);
          return answer.status === 0 ? { kind: "no-answer" } : { kind: "answer", answer };
        },
        mirror: (endpoint) => void answerOf(endpoint, caller, method, path),
      },
    );
  };
  return {
    api,
    clock,
    pods,
    script: (app, script) => void scripts.set(app, script),
    heard: (app) =>
      pods(app).map(({ metadata }) => heard.get(`${metadata.namespace}/${metadata.name}`) ?? 0),
    start,
    call: (from, to, asked) => settle(clock, start(from, to, asked)),
    stop() {
      informers.stop();
      cluster.stop();
    },
  };
}

function scaled(
  object: KubernetesObject,
  replicas: Readonly<Record<string, number>>,
): KubernetesObject {
  const count = replicas[object.metadata.name];
  if (object.kind !== "Deployment" || count === undefined) return object;
  return { ...object, spec: { ...(object["spec"] as object), replicas: count } };
}

async function settle<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isDone = false;
  void promise.finally(() => (isDone = true));
  await clock.runUntil(() => isDone, { withinMs: 120_000 });
  return promise;
}

async function askPlainly(
  endpoints: readonly MeshPod[] | undefined,
  ask: (endpoint: MeshPod) => Promise<MeshAnswer>,
): Promise<Outcome<MeshPod, MeshAnswer>> {
  const about = { route: "plain", attempts: 1 };
  const [endpoint] = endpoints ?? [];
  const answer = endpoint && (await ask(endpoint));
  if (endpoint === undefined || answer === undefined || answer.status === 0)
    return { ...about, kind: "local", status: 0, flag: "closed" };
  return { ...about, kind: "answer", answer, endpoint };
}

/** Definitions, the apps, and what the mesh says of them. */
export async function objectsOf(
  planned: ReturnType<typeof planEnvironment>,
): Promise<KubernetesObject[]> {
  const { cluster, graph } = planned;
  const used = registry.components.filter(
    (one) => one.family === "slot" && cluster.slots.some(({ component }) => component === one.name),
  );
  const facts = await Promise.all(
    used.map(async (one) => ("crds" in one ? ((await one.crds?.()) ?? []) : [])),
  );
  const chosen = cluster.slots.find(({ slot }) => slot === "mesh");
  const mesh = used.find((one) => one.family === "slot" && one.slot === "mesh");
  if (mesh?.family !== "slot" || chosen === undefined) throw new Error("no mesh");
  const kinds = mesh.proxiesRead ?? [];
  const context = { cluster, graph, path: chosen.path, sealed: {} };
  const emitted = emissionsOf(planned)
    .flatMap(({ emission }) => (emission.objects ?? []).map(({ object }) => object))
    .filter(
      ({ kind, apiVersion }) =>
        KINDS.includes(kind) ||
        kinds.some((one) => one.kind === kind && one.apiVersion === apiVersion),
    )
    .filter(({ kind, metadata }) => kind !== "Deployment" || isApp(cluster, metadata.name))
    .map((object) => mesh.decorate?.(object, context, chosen.options) ?? object)
    .map((object) => harden(object, cluster));
  const places = new Set(emitted.map(({ metadata }) => metadata.namespace ?? ""));
  const known = new Set(
    emitted.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name),
  );
  const missing = [...places].filter((name) => name !== "" && !known.has(name));
  const rank = ({ kind }: KubernetesObject): number =>
    KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length;
  return [
    ...new Map(
      facts
        .flat()
        .flatMap((one) => crdObjects(one).map((crd) => [crd.metadata.name, crd] as const)),
    ).values(),
    ...missing.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    ...emitted.toSorted((a, b) => rank(a) - rank(b)),
  ];
}

function isApp({ apps }: { readonly apps: readonly { readonly name: string }[] }, name: string) {
  return apps.some((app) => app.name === name);
}
