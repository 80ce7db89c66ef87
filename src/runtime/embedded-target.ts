// One target of a platform as an embedded cluster: its nodes, the CRDs its components bring, and their behaviours.

import { join } from "node:path";

import {
  createAuthority,
  selfSignedCertificate,
  createEmbeddedCluster,
  type CertificateSigner,
  createProcessNetwork,
  issueCertificate,
  webhookTransport,
  type EmbeddedCluster,
  type ProcessAgentOptions,
  type RunningProcessNetwork,
  type StageDelays,
  type VolumeDelay,
  type WebhookNetwork,
} from "../cluster/index.ts";
import type { Clock, Rng } from "../core/index.ts";
import {
  createInformerSet,
  crdObjects,
  type InformerSet,
  type KubeApi,
  type KubernetesObject,
} from "../kubernetes/index.ts";
import type {
  AnyComponent,
  Behaviour,
  BehaviourContext,
  ChartSource,
  CompiledChart,
  CompiledObject,
  DeliveryEngine,
  GitSource,
  PlannedCluster,
  Registry,
  PodAnswers,
  RouteTable,
} from "../model/index.ts";
import { gateBehaviour, type GatedBehaviour } from "./behaviour-gate.ts";
import { reloadOnChange } from "./local/hot-reload.ts";
import { prepareLocal, type LocalOptions, type LocalTarget } from "./local/prepare-local.ts";
import { createMeshDataPlane, type MeshDataPlane } from "./mesh/live/mesh-data-plane.ts";
import { nodeSetsOf } from "./planned-nodes.ts";
import { createSecretStore, type StoredValues } from "./secret-store.ts";
import { createServiceRequest } from "./service-request.ts";
import { chartSurfaces, createChartSource, SIMULATED_LABEL } from "./simulated-chart.ts";

/** What the runtime needs of a compiled target. */
export interface RuntimeTarget {
  readonly cluster: PlannedCluster;
  readonly objects: readonly CompiledObject[];
  readonly charts: readonly CompiledChart[];
  readonly engine?: DeliveryEngine;
}

export interface EmbeddedTarget {
  readonly target: RuntimeTarget;
  readonly cluster: EmbeddedCluster;
  readonly informers: InformerSet;
  readonly charts: ChartSource;
  /** CustomResourceDefinitions of every component in use, rebuilt from facts and labelled simulated. */
  readonly definitions: readonly KubernetesObject[];
  readonly behaviours: readonly GatedBehaviour[];
  /** What runs as processes; undefined where everything is simulated. */
  readonly local: RunningLocal | undefined;
  /** Resolves when no process runs any more. */
  stop(): Promise<void>;
}

export interface RunningLocal extends LocalTarget {
  readonly network: RunningProcessNetwork;
  /** Undefined: pods have no proxies. */
  readonly mesh: MeshDataPlane | undefined;
}

export interface BootOptions {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly rng: Rng;
  /** PEM of the authority behind the API's certificate. */
  readonly rootCa?: string;
  /** Issues the certificates that are asked for through the API. Absent: none are. */
  readonly signCertificate?: CertificateSigner | undefined;
  /** How long simulated pods take from stage to stage, and volumes to appear. */
  readonly stageDelays?: Partial<StageDelays>;
  readonly volumeDelay?: VolumeDelay;
  /** How apps with a `dev` and the systems they need run as processes. Default: everything is simulated. */
  readonly local?: LocalOptions;
  readonly onError?: (controller: string, key: string, error: unknown) => void;
}

export async function bootTarget(
  target: RuntimeTarget,
  options: BootOptions,
): Promise<EmbeddedTarget> {
  const { registry, clock, rng, rootCa, stageDelays, volumeDelay, onError } = options;
  const { cluster: plan } = target;
  const components = componentsOf(plan, registry);
  const [definitions, behaviours, local] = await Promise.all([
    definitionsOf(components),
    behavioursOf(plan, components),
    options.local && prepareLocal(plan, components, options.local),
  ]);
  const running = local && options.local && withNetwork(plan, local, options.local, options);
  const cluster = createEmbeddedCluster({
    name: plan.name,
    clock,
    rng: rng.fork(plan.target),
    podCidr: plan.network.podRange,
    serviceCidr: plan.network.serviceRange,
    nodes: nodeSetsOf(plan),
    storageClass: plan.substrate.defaultStorageClass,
    metrics: plan.substrate.metricsApi,
    ...(hasCloudBalancer(plan) ? { loadBalancerPool: CLOUD_ADDRESSES } : {}),
    ...(rootCa === undefined ? {} : { rootCa }),
    signCertificate: options.signCertificate,
    // Under virtual time there is no network.
    ...("advanceTo" in clock ? {} : { webhooks: webhookNetwork(running) }),
    ...(stageDelays === undefined ? {} : { stageDelays }),
    ...(volumeDelay === undefined ? {} : { volumeDelay }),
    ...(running === undefined ? {} : { process: running.process }),
    ...(onError === undefined ? {} : { onError }),
  });
  await cluster.start();
  const informers = createInformerSet({
    api: cluster.api,
    clock,
    rng: rng.fork(`${plan.target}/runtime`),
  });
  informers.start();
  const charts = createChartSource(chartSurfaces(plan, target.charts, target.objects), plan);
  const reloading = running && followCluster(running.local, { cluster, informers, clock, onError });
  return {
    target,
    cluster,
    informers,
    charts,
    definitions,
    behaviours,
    local: running?.local,
    async stop() {
      reloading?.stop();
      informers.stop();
      cluster.stop();
      await cluster.stopped();
      running?.local.mesh?.stop();
      await running?.local.network.stop();
    },
  };
}

/** Pods that run as processes are asked past the proxies of a mesh, in which the API server is not. */
function webhookNetwork(running: LocalRun | undefined): WebhookNetwork {
  const transport = webhookTransport();
  return running === undefined
    ? { transport }
    : { transport, reach: running.local.network.reachInside };
}

interface LocalRun {
  readonly local: RunningLocal;
  readonly process: ProcessAgentOptions;
}

function withNetwork(
  cluster: PlannedCluster,
  local: LocalTarget,
  { folder, machine, environment, onLeftOver, onLogLine, onMeshSpan, apiServer }: LocalOptions,
  { clock, rng, onError }: BootOptions,
): LocalRun {
  const { target } = cluster;
  const own = join(folder, target);
  const mesh = createMeshDataPlane({
    cluster,
    clock,
    rng: rng.fork(`${target}/mesh`),
    onSpan: onMeshSpan,
    onError: (what, error) => onError?.("mesh", what, error),
  });
  const network = createProcessNetwork({
    clock,
    folder: join(own, "network"),
    ...(mesh === undefined ? {} : { mesh }),
    ...(apiServer === undefined ? {} : { apiServer: () => apiServer(target) }),
  });
  const process = {
    find: local.find,
    // The kubelet asks the processes themselves, as it does past the proxies of a real mesh.
    network: { ...network, reach: network.reachInside },
    folder: own,
    environment: { ...environment, PATH: machine.path },
    onLeftOver,
    ...(onLogLine === undefined ? {} : { onLogLine }),
  };
  return { local: { ...local, network, mesh }, process };
}

/** Names and listeners follow the Services; a change of an app's files starts its processes anew. */
function followCluster(
  { network, mesh, apps }: RunningLocal,
  about: Pick<EmbeddedTarget, "cluster" | "informers"> & {
    readonly clock: Clock;
    readonly onError: BootOptions["onError"];
  },
): { stop(): void } {
  const { cluster, informers, clock, onError } = about;
  network.follow({
    services: informers.informer({ apiVersion: "v1", kind: "Service" }),
    slices: informers.informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
  });
  mesh?.follow(informers.informer, network);
  return reloadOnChange({
    apps,
    cluster,
    informers,
    clock,
    onError: (app, error) => onError?.("hot-reload", app, error),
  });
}

/** Addresses documentation may use (RFC 5737, TEST-NET-3): what a cloud's load balancers would have, and nobody owns. */
const CLOUD_ADDRESSES = "203.0.113.0/24";

function hasCloudBalancer({ substrate, slots }: PlannedCluster): boolean {
  return substrate.loadBalancer && !slots.some(({ slot }) => slot === "loadBalancer");
}

/** Every component the plan uses, each once. */
function componentsOf(
  { slots, providers }: PlannedCluster,
  { components }: Registry,
): readonly AnyComponent[] {
  const used = new Set([...slots, ...providers].map(({ component }) => component));
  return components.filter(
    ({ family, name }) => (family === "slot" || family === "provider") && used.has(name),
  );
}

async function definitionsOf(components: readonly AnyComponent[]): Promise<KubernetesObject[]> {
  const tables = await Promise.all(
    components.map(async (component) =>
      "crds" in component ? ((await component.crds?.()) ?? []) : [],
    ),
  );
  const objects = new Map(
    tables
      .flat()
      .flatMap((facts) =>
        crdObjects(facts).map((object) => [object.metadata.name, object] as const),
      ),
  );
  return [...objects.values()].map(markSimulated);
}

/** A cluster with these can be told from one that has the published definitions. */
function markSimulated(object: KubernetesObject): KubernetesObject {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...object.metadata.labels, [SIMULATED_LABEL]: "true" },
    },
  };
}

async function behavioursOf(
  plan: PlannedCluster,
  components: readonly AnyComponent[],
): Promise<GatedBehaviour[]> {
  const loading = components.map(async (component) => {
    const behaviours = await loadBehaviours(component);
    return behaviours.flatMap((behaviour) => gated(plan, component.name, behaviour));
  });
  return (await Promise.all(loading)).flat();
}

async function loadBehaviours(component: AnyComponent): Promise<readonly Behaviour[]> {
  if (component.family !== "slot" && component.family !== "provider") return [];
  const one = await component.behaviour?.();
  const several = (await component.behaviours?.()) ?? [];
  return one === undefined ? several : [one, ...several];
}

/** Nothing acts on a cluster that does not have the workload which would. */
function gated(plan: PlannedCluster, component: string, behaviour: Behaviour): GatedBehaviour[] {
  const own = plan.workloads.filter((workload) => workload.component === component);
  const { workload: acting } = behaviour;
  if (acting === undefined) return [{ name: component, behaviour, workloads: own }];
  const acts = (name: string): boolean =>
    typeof acting === "string" ? name === acting : acting.test(name);
  const workloads = own.filter(({ name }) => acts(name));
  return workloads.length === 0 ? [] : [{ name: component, behaviour, workloads }];
}

export interface BehaviourWiring {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly git: GitSource;
  readonly secretValues?: ReadonlyMap<string, StoredValues>;
  readonly imageTags?: BehaviourContext["imageTags"];
  connect(server: string): KubeApi | undefined;
  /** What charts look like on the cluster of that server URL. */
  chartsAt(server: string): ChartSource | undefined;
  onError?(controller: string, key: string, error: unknown): void;
}

export interface RunningBehaviours {
  /** Of the components that decide where requests go. */
  readonly routes: readonly RouteTable[];
  readonly answers: readonly PodAnswers[];
  stop(): void;
}

/** Behaviours begin once their components' pods are ready. `except` names components that act elsewhere. */
export function startBehaviours(
  embedded: EmbeddedTarget,
  wiring: BehaviourWiring,
  except: ReadonlySet<string>,
): RunningBehaviours {
  const { cluster, informers, charts, target } = embedded;
  const { clock, git, connect } = wiring;
  const rng = wiring.rng.fork(`${target.cluster.target}/behaviours`);
  const context: BehaviourContext = {
    api: cluster.api,
    informer: informers.informer,
    clock,
    rng,
    git,
    charts: {
      render: (repository, chart, version, release) => {
        const there = release.server === undefined ? undefined : wiring.chartsAt(release.server);
        return (there ?? charts).render(repository, chart, version, release);
      },
    },
    connect,
    signing: {
      createAuthority,
      issueCertificate: (authority, request) =>
        issueCertificate(authority, { ...request, use: "server" }),
      selfSigned: (keyPem, request) =>
        selfSignedCertificate(keyPem, { ...request, use: "encryption" }).certificatePem,
    },
    secretStore: createSecretStore(
      target.cluster,
      wiring.secretValues?.get(target.cluster.environment) ?? {},
    ),
    ...(wiring.imageTags === undefined ? {} : { imageTags: wiring.imageTags }),
    ...(embedded.local === undefined ? {} : { request: requestOf(embedded, clock) }),
  };
  const acting = embedded.behaviours.filter(({ name }) => !except.has(name));
  const gate = {
    api: cluster.api,
    clock,
    rng,
    informers,
    context,
    admission: cluster.context.admission,
    apiServices: cluster.context.services,
    ...(wiring.onError === undefined ? {} : { onError: wiring.onError }),
  };
  const gates = acting.map((gated) => gateBehaviour(gated, gate));
  return {
    routes: acting.flatMap(({ behaviour }) => behaviour.routes?.(context) ?? []),
    answers: acting.flatMap(({ behaviour }) => behaviour.answers?.(context) ?? []),
    stop: () => gates.forEach((running) => running.stop()),
  };
}

function requestOf(
  { informers, local }: EmbeddedTarget,
  clock: Clock,
): NonNullable<BehaviourContext["request"]> {
  const source = {
    services: informers.informer({ apiVersion: "v1", kind: "Service" }),
    slices: informers.informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
    pods: informers.informer({ apiVersion: "v1", kind: "Pod" }),
    ...(local === undefined ? {} : { reach: local.network.reach }),
  };
  return createServiceRequest(source, clock);
}
