// The cluster's network on this machine: an address for every pod that runs as processes, a listener for every Service they
// stand behind, and the cluster's names as those processes find them. See docs/guide/local-network.md.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Clock, Timer } from "../../core/index.ts";
import type { Pod } from "../../kubernetes/index.ts";
import type { Service } from "../controllers/service-kinds.ts";
import type { ProcessNetwork } from "../nodes/process/local-process.ts";
import {
  API_SERVICE,
  clusterNames,
  isHere,
  type ClusterNames,
  type ServedPort,
} from "./cluster-names.ts";
import { hookFile, withHook } from "./hook-file.ts";
import { localiseValue } from "./localise.ts";
import { createPodAddresses } from "./loopback-addresses.ts";
import { machineAddresses, type MachineAddresses } from "./machine-addresses.ts";
import { createTableFile, searchKeys } from "./name-table.ts";
import type { NetworkMesh } from "./network-mesh.ts";
import { createPodPorts, declaredPorts, ONLY_ADDRESS, type PodPorts } from "./pod-ports.ts";
import {
  serviceEndpoints,
  type EndpointSources,
  type ServiceEndpoint,
} from "./service-endpoints.ts";
import { createServiceListeners } from "./service-listeners.ts";
import type { HostPort } from "./service-proxy.ts";

export interface ProcessNetworkOptions {
  readonly clock: Clock;
  /** Absolute folder for the table of names; made when it is missing. */
  readonly folder: string;
  /** Tells networks on one machine apart: addresses follow from it. Default the folder. */
  readonly seed?: string;
  /** Default: as this machine and user have it. */
  readonly machine?: MachineAddresses;
  /** Where the API listens, for `kubernetes.default.svc`. */
  readonly apiServer?: () => HostPort | undefined;
  /** Absent: pods are reached directly. */
  readonly mesh?: NetworkMesh;
  readonly onError?: (what: string, error: unknown) => void;
}

export interface RunningProcessNetwork extends ProcessNetwork {
  /** Follows the cluster's Services from now on. Until then there are addresses but no names. */
  follow(sources: EndpointSources): void;
  /** Where a pod's port itself is, whoever stands in front of it: for its kubelet. */
  reachInside(address: string, port: number): HostPort;
  /** Listeners of Services that are open, for measurements. */
  readonly listeners: number;
  /** Closes every listener and cuts what goes through them. */
  stop(): Promise<void>;
}

/** Changes come in bursts: a rollout touches a dozen objects, and one table and one look at the listeners do for all. */
const SETTLE_MS = 10;
const NO_NAMES: ClusterNames = { names: {}, aliases: {}, clusterIPs: new Map(), served: [] };

export function createProcessNetwork(options: ProcessNetworkOptions): RunningProcessNetwork {
  const { clock, folder, seed = folder, machine = machineAddresses(), apiServer, mesh } = options;
  const addresses = createPodAddresses(seed);
  const podPorts = createPodPorts(machine);
  mkdirSync(folder, { recursive: true });
  const tablePath = join(folder, "names.json");
  const table = createTableFile(tablePath);
  let sources: EndpointSources | undefined;
  let known: ClusterNames | undefined;
  let pending: Timer | undefined;
  let stopped = false;

  const names = (): ClusterNames =>
    (known ??=
      sources === undefined
        ? NO_NAMES
        : clusterNames({ ...sources, seed, apiServed: apiServer?.() !== undefined }));
  const reachInside = (address: string, port: number): HostPort =>
    podPorts.find(address, port) ?? listeners.at(address, port) ?? { host: address, port };
  const reach = (address: string, port: number): HostPort =>
    mesh?.inbound(address, port) ?? reachInside(address, port);
  const listeners = createServiceListeners({
    clock,
    endpoints: (of) => endpointsHere(of, sources, apiServer?.()),
    affinityMs: (of) => affinityOf(of, sources),
    reach,
    ...(mesh === undefined ? {} : { takes: mesh.takes }),
    places: (of) => placesOf(of, machine),
    onChange: () => settleSoon(),
    onError: (what, error) => options.onError?.(what, error),
  });
  const settle = (): void => {
    pending = undefined;
    if (stopped) return;
    const { names: byName, aliases, served } = names();
    listeners.follow(served);
    table.write({
      names: byName,
      aliases,
      ports: { ...podPorts.moved(), ...listeners.moved(), ...mesh?.moved() },
    });
  };
  const settleSoon = (): void => {
    known = undefined;
    if (!stopped) pending ??= clock.setTimer(SETTLE_MS, settle);
  };
  settle();
  mesh?.onChange(settleSoon);

  return {
    assignAddress(pod) {
      const address = addresses.assign(keyOf(pod));
      if (podPorts.assign(pod, address).size > 0) settleSoon();
      if (mesh?.isMember(pod) === true) mesh.joined(pod, address);
      return address;
    },
    releaseAddress(pod) {
      mesh?.left(addresses.assign(keyOf(pod)));
      podPorts.release(addresses.assign(keyOf(pod)));
      addresses.release(keyOf(pod));
    },
    environment(pod, own = {}) {
      const address = addresses.assign(keyOf(pod));
      const isMember = mesh?.isMember(pod) === true && machine.kind !== "port-map";
      return environmentOf(pod, own, { address, machine, tablePath, podPorts, isMember });
    },
    localise: (value, pod) =>
      localiseValue(value, {
        find: (host) => findHost(host, pod.metadata.namespace ?? "", names()),
        reach,
      }),
    reach,
    reachInside,
    follow(given) {
      sources = given;
      for (const informer of [given.services, given.slices]) informer.onChange(settleSoon);
      known = undefined;
      settle();
    },
    get listeners() {
      return listeners.count;
    },
    async stop() {
      stopped = true;
      pending?.cancel();
      await listeners.stop();
    },
  };
}

const keyOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

function endpointsHere(
  of: ServedPort,
  sources: EndpointSources | undefined,
  api: HostPort | undefined,
): readonly ServiceEndpoint[] {
  const isApi = of.name === API_SERVICE.name && of.namespace === API_SERVICE.namespace;
  if (isApi && api !== undefined)
    return [{ address: api.host, port: api.port, terminating: false }];
  return (sources && serviceEndpoints(of, sources)?.filter(isHere)) ?? [];
}

/** Three hours unless the Service says otherwise (apis/core/v1 defaults). */
const AFFINITY_S = 10_800;

function affinityOf(of: ServedPort, sources: EndpointSources | undefined): number | undefined {
  const service = sources?.services.get(of.name, of.namespace) as Service | undefined;
  const spec = service?.spec as
    | {
        readonly sessionAffinity?: string;
        readonly sessionAffinityConfig?: {
          readonly clientIP?: { readonly timeoutSeconds?: number };
        };
      }
    | undefined;
  if (spec?.sessionAffinity !== "ClientIP") return undefined;
  return (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? AFFINITY_S) * 1000;
}

/** The Service's own address and port; without the right to the port, one that is easy to recognise, then any. */
function placesOf({ address, port }: ServedPort, machine: MachineAddresses): readonly HostPort[] {
  if (machine.kind === "port-map") return [{ host: ONLY_ADDRESS, port: 0 }];
  if (port >= machine.privilegedBelow) return [{ host: address, port }];
  return [
    { host: address, port: port + 10_000 },
    { host: address, port: 0 },
  ];
}

interface EnvironmentInputs {
  readonly address: string;
  readonly machine: MachineAddresses;
  readonly tablePath: string;
  readonly podPorts: PodPorts;
  readonly isMember: boolean;
}

function environmentOf(
  pod: Pod,
  own: Readonly<Record<string, string>>,
  { address, machine, tablePath, podPorts, isMember }: EnvironmentInputs,
): Readonly<Record<string, string>> {
  const bind = machine.kind === "port-map" ? ONLY_ADDRESS : address;
  const moved = [...podPorts.assign(pod, address)].map(([port, at]) => [port, at.port] as const);
  return {
    // Programs of every language know one of the two; a container's own word wins.
    ...(own["HOST"] === undefined ? { HOST: bind } : {}),
    ...(own["BIND_ADDRESS"] === undefined ? { BIND_ADDRESS: bind } : {}),
    KEELSON_POD_ADDRESS: bind,
    KEELSON_POD_NAMESPACE: pod.metadata.namespace ?? "",
    KEELSON_POD_PORTS: declaredPorts(pod).join(","),
    KEELSON_NAMES: tablePath,
    // Connections come from the pod's own address, by which its proxy knows them.
    ...(isMember ? { KEELSON_MEMBER: "1" } : {}),
    ...(moved.length === 0
      ? {}
      : { KEELSON_PORT_MAP: moved.map(([port, at]) => `${port}=${at}`).join(",") }),
    NODE_OPTIONS: withHook(own["NODE_OPTIONS"], hookFile()),
  };
}

function findHost(
  host: string,
  namespace: string,
  { names, aliases, clusterIPs }: ClusterNames,
): string | undefined {
  const byAddress = clusterIPs.get(host);
  if (byAddress !== undefined) return byAddress;
  for (const key of searchKeys(host, namespace)) {
    const found = names[key]?.[0] ?? aliases[key];
    if (found !== undefined) return found;
  }
  return undefined;
}
