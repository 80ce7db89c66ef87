// One embedded cluster: store, API, and whatever controllers are installed on it.

import { formatInstant, nthAddress, parseCidr } from "../core/index.ts";
import type { Clock, Rng } from "../core/index.ts";
import { isNotFound } from "../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  Authorizer,
  KubeApi,
  KubernetesObject,
  UserInfo,
} from "../kubernetes/index.ts";
import { createApi, createInProcessApi, SYSTEM_ADMIN } from "./api/index.ts";
import type { ApiContext, NodeAgentHook } from "./api/index.ts";
import { SYSTEM_PRIORITY_CLASSES } from "./api/validation/classes.ts";
import { createMemoryStore, withPeriodicCompaction } from "./store/index.ts";
import type { Store } from "./store/index.ts";

export interface ClusterOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Default 10.42.0.0/16. */
  readonly podCidr?: string;
  /** Default 10.43.0.0/16. */
  readonly serviceCidr?: string;
  readonly store?: Store;
  readonly admission?: readonly AdmissionPlugin[];
  readonly authorizer?: Authorizer;
  readonly nodeAgent?: NodeAgentHook;
  /** Private key (PEM, P-256) of service account tokens; absent: tokens end with the process. */
  readonly tokenKeyPem?: string;
}

export interface Cluster {
  readonly name: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** As system:masters. */
  readonly api: KubeApi;
  apiAs(user: UserInfo, defaultManager?: string): KubeApi;
  /** The handlers behind `api`, for transports and admission. */
  readonly context: ApiContext;
}

/** Where pods and services live unless the caller says otherwise (k3s' defaults). */
export const POD_CIDR = "10.42.0.0/16";
export const SERVICE_CIDR = "10.43.0.0/16";

export const SYSTEM_NAMESPACES: readonly string[] = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
];

export function createCluster(options: ClusterOptions): Cluster {
  const { name, podCidr = POD_CIDR, serviceCidr = SERVICE_CIDR } = options;
  const rng = options.rng.fork(`cluster/${name}`);
  const kept = options.store ?? createMemoryStore();
  const clock = kept.keepTime?.(options.clock) ?? options.clock;
  const store = withPeriodicCompaction(kept, clock);
  const context = createApi({ ...options, clock, store, rng, serviceCidr });
  const apiAs = (user: UserInfo, defaultManager = "keelson"): KubeApi =>
    createInProcessApi(context, { user, defaultManager });
  return { name, clock, rng, podCidr, serviceCidr, api: apiAs(SYSTEM_ADMIN), apiAs, context };
}

/** Creates what every cluster has from the start; harmless when it is there already. */
export async function bootstrap(cluster: Cluster): Promise<void> {
  const { api, serviceCidr } = cluster;
  await createDefaultServiceCidr(cluster);
  for (const name of SYSTEM_NAMESPACES) {
    await createUnlessThere(api, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const { name, ...rest } of SYSTEM_PRIORITY_CLASSES) {
    const apiVersion = "scheduling.k8s.io/v1";
    await createUnlessThere(api, {
      apiVersion,
      kind: "PriorityClass",
      metadata: { name },
      ...rest,
    });
  }
  await createUnlessThere(api, {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { component: "apiserver", provider: "kubernetes" },
    },
    spec: {
      ...clusterAddress(serviceCidr),
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
    },
  });
}

/** The range that addresses of Services come from, as an object that says so. */
async function createDefaultServiceCidr({ api, clock, serviceCidr }: Cluster): Promise<void> {
  const apiVersion = "networking.k8s.io/v1";
  const cidr = { apiVersion, kind: "ServiceCIDR", metadata: { name: "kubernetes" } };
  const ready = {
    type: "Ready",
    status: "True",
    reason: "",
    message: "Kubernetes default Service CIDR is ready",
    lastTransitionTime: formatInstant(clock.now()),
  };
  const created = await createUnlessThere(api, { ...cidr, spec: { cidrs: [serviceCidr] } });
  if (created === undefined) return;
  await api.update({ ...created, status: { conditions: [ready] } }, { subresource: "status" });
}

/** The first address of the range, which the server's certificate names. */
function clusterAddress(serviceCidr: string): { readonly clusterIP?: string } {
  const range = parseCidr(serviceCidr);
  const clusterIP = range && nthAddress(range, 1);
  return clusterIP === undefined ? {} : { clusterIP };
}

/** Leaves an object of that name alone. Looks first: a Service that asks for the address it has already would be refused for that. */
export async function createUnlessThere(
  api: KubeApi,
  object: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const { apiVersion, kind, metadata } = object;
  try {
    await api.get({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
    return undefined;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return api.create(object);
  }
}
