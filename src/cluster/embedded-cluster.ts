// A cluster that moves: the API with its built-in controllers, the scheduler and simulated nodes, all on one clock.

import {
  loadExpressions,
  runControllers,
  type ControllerFactory,
  type KubeApi,
  type Pod,
} from "../kubernetes/index.ts";
import {
  bootstrap,
  createUnlessThere,
  createCluster,
  POD_CIDR,
  type Cluster,
  type ClusterOptions,
} from "./cluster.ts";
import { createInProcessApi, SYSTEM_ADMIN } from "./api/index.ts";
import { builtinAdmission, policyAdmission, type WebhookNetwork } from "./admission/index.ts";
import {
  createRbacAuthorizer,
  createRbacIndex,
  escalationAdmission,
  reconcilePolicy,
} from "./authorization/index.ts";
import {
  apiServiceAvailability,
  builtinControllers,
  policyTypeChecking,
  type VolumeDelay,
} from "./controllers/index.ts";
import {
  createLeaseAudience,
  heartbeatController,
  metricsApi,
  metricsApiService,
  chooseAgent,
  nodeAgentHook,
  PROCESS,
  processAgent,
  registerNodes,
  simulatedAgent,
  simulatedNodes,
  type Heartbeat,
  type SimulatedNodesOptions,
  type ProcessAgentOptions,
  type StageDelays,
} from "./nodes/index.ts";
import { schedulerController } from "./scheduler/index.ts";
import type { CertificateSigner } from "./serve/index.ts";
import { createMemoryStore } from "./store/index.ts";

/** Nodes of one kind; their pod ranges are cut from the cluster's. */
export type NodeSet = Omit<SimulatedNodesOptions, "podCidr" | "first" | "total">;

export interface EmbeddedClusterOptions extends Omit<ClusterOptions, "nodeAgent"> {
  /** Default: three nodes. Empty: none, for clients that bring their own. */
  readonly nodes?: readonly NodeSet[];
  /** How long simulated pods take from stage to stage. Default: as a small cluster with warm images. */
  readonly stageDelays?: Partial<StageDelays>;
  /** How long simulated volumes take to appear. Default: as cloud disks. */
  readonly volumeDelay?: VolumeDelay;
  /**
   * Name of the default class, served by a simulated provisioner; empty for none. Default `standard`, and none in a
   * cluster without nodes: whoever brings the nodes brings their storage.
   */
  readonly storageClass?: string;
  /** Addresses for Services of type LoadBalancer, as a cloud gives them; absent: they wait for a controller of their own. */
  readonly loadBalancerPool?: string;
  /** PEM published to every namespace as `kube-root-ca.crt`. Default: empty, for a cluster that nobody reaches over TLS. */
  readonly rootCa?: string;
  /** Issues the certificates that are asked for through the API. Absent: approved requests stay without one. */
  readonly signCertificate?: CertificateSigner | undefined;
  /**
   * Whether the cluster comes with `metrics.k8s.io`. Default true. Without it the API appears with the APIService object
   * that an installed metrics server brings, once that server's pods are ready.
   */
  readonly metrics?: boolean;
  /** How admission webhooks are called. Absent: they cannot be reached, and their failure policies decide. */
  readonly webhooks?: WebhookNetwork;
  /** Pods all of whose containers have a local form run as processes of this machine, in real time. Default: none do. */
  readonly process?: ProcessAgentOptions;
  readonly onError?: (controller: string, key: string, error: unknown) => void;
  /** Whether renewals of nodes' Leases are derived when somebody reads or watches, or always written. Default derived. */
  readonly heartbeats?: Heartbeat;
  /** What stands between the controllers and the API: tests put a network there that fails. Default: nothing. */
  readonly controllerApi?: (api: KubeApi) => KubeApi;
}

export interface EmbeddedCluster extends Cluster {
  /** Registers the nodes and lets the controllers run. Resolves when their caches are filled. */
  start(): Promise<void>;
  stop(): void;
  /** Starts a pod's processes anew without delay, as after a change of what they run; the pod stays. */
  restartProcesses(pod: Pod, message: string): Promise<void>;
  /** Resolves when no process of a pod runs any more; to be asked after `stop`. */
  stopped(): Promise<void>;
}

const THREE_NODES: readonly NodeSet[] = [{ count: 3 }];

export function createEmbeddedCluster(options: EmbeddedClusterOptions): EmbeddedCluster {
  const { process } = options;
  const agent = simulatedAgent({
    ...(options.stageDelays === undefined ? {} : { delays: options.stageDelays }),
    ...(process === undefined ? {} : { isForeign: (pod) => isProcess(pod, options) }),
  });
  const processes = process && processAgent(process, options.clock);
  const agents = processes === undefined ? [agent] : [agent, processes];
  const { store = createMemoryStore() } = options;
  const policy = createRbacIndex(store);
  const { authorizer = createRbacAuthorizer(policy) } = options;
  const audience = createLeaseAudience();
  const nodeAgent = nodeAgentHook(agents, audience);
  const cluster = createCluster({ ...options, store, authorizer, nodeAgent });
  const { api, clock, rng, context } = cluster;
  for (const plugin of [
    ...builtinAdmission(context),
    ...policyAdmission(context, options.webhooks),
  ]) {
    context.admission.add(plugin);
  }
  const seed = rng.fork("load").text(8, "0123456789abcdef");
  context.services.offer(
    metricsApi({
      store: context.store,
      clock,
      seed,
      measure: (pod) => (isProcess(pod, options) ? processes?.usage?.(pod) : undefined),
    }),
  );
  // After all that change an object: what is granted is what is stored.
  context.admission.add(escalationAdmission(policy, authorizer));
  const factories: readonly ControllerFactory[] = [
    ...builtinControllers({
      ...options,
      authorizer,
      metricsApis: context.services,
      issueToken: context.tokens.issueForSecret,
    }),
    apiServiceAvailability((group, version) => context.services.offers(group, version)),
    policyTypeChecking({
      byPath: (...path) => context.registry.byPath(...path)?.facts,
      byKind: (...kind) => context.registry.byKind(...kind)?.facts,
    }),
    schedulerController(),
    ...agents.map(({ controller }) => controller),
    heartbeatController(audience),
  ];
  const own = createInProcessApi(context, {
    user: SYSTEM_ADMIN,
    defaultManager: "keelson",
    knowsDerived: true,
  });
  const controllers = runControllers(factories, {
    api: options.controllerApi?.(own) ?? own,
    clock,
    rng: rng.fork("controllers"),
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  });
  return {
    ...cluster,
    async start() {
      // Under virtual time everything needed is in memory beforehand: loading it later would take no time there.
      if ("advanceTo" in clock) await loadExpressions();
      await bootstrap(cluster);
      await reconcilePolicy(context, api);
      await installStorageClass(api, options.storageClass ?? defaultClass(options));
      if (options.metrics !== false) await createUnlessThere(api, metricsApiService());
      await registerNodes(
        api,
        numberedNodes(options, clock.now()),
        clock.now(),
        options.heartbeats,
      );
      await processes?.start?.();
      controllers.start();
      await controllers.informersSynced;
    },
    stop: () => controllers.stop(),
    restartProcesses: async (pod, message) => processes?.restart?.(pod, message),
    stopped: async () => processes?.stop?.(),
  };
}

function isProcess(pod: Pod, { process }: EmbeddedClusterOptions): boolean {
  return chooseAgent(pod, process?.find) === PROCESS;
}

function defaultClass({ nodes = THREE_NODES }: EmbeddedClusterOptions): string {
  return nodes.some(({ count }) => count > 0) ? "standard" : "";
}

/** As a cloud's default class: made for a pod when it is scheduled, gone with its claim. */
async function installStorageClass(api: KubeApi, name: string): Promise<void> {
  if (name === "") return;
  const storageClass = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    provisioner: "simulation.keelson.dev/volumes",
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
  await api.apply(storageClass, { fieldManager: "keelson-cluster", force: true });
}

/** Node numbers go on from set to set, so that no two cut the same pod range. */
function numberedNodes(
  { nodes = THREE_NODES, podCidr = POD_CIDR }: EmbeddedClusterOptions,
  now: number,
): ReturnType<typeof simulatedNodes> {
  const total = nodes.reduce((sum, { count }) => sum + count, 0);
  let first = 0;
  return nodes.flatMap((set) => {
    const made = simulatedNodes({ ...set, first, total, podCidr }, now);
    first += set.count;
    return made;
  });
}
