// The mesh of one cluster between the processes of this machine: a proxy in front of every port of a member, one behind every
// connection a member opens, and the gateway's own identity for what comes in through it. See docs/guide/mesh.md.

import { createServer, type Socket } from "node:net";

import { meshProxies } from "../../../components/index.ts";
import type { HostPort, NetworkMesh, RunningProcessNetwork } from "../../../cluster/index.ts";
import { nthAddress, parseCidr, type Clock, type Rng } from "../../../core/index.ts";
import type { Informer, KindRef, Pod } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { createInboundProxy } from "../inbound-proxy.ts";
import { identityOf, meshPods } from "../mesh-endpoints.ts";
import { createMeshView } from "../mesh-view.ts";
import { listen, openInbound, type InboundHost } from "./inbound-listener.ts";
import { createMeshCertificates, type MeshIdentity } from "./mesh-certificates.ts";
import { meshSpan, type ProxySpan } from "./mesh-span.ts";
import { createOutboundConnections } from "./outbound-connections.ts";
import { connectToPeer, join } from "./peer-connection.ts";
import type { SpanRecord } from "../../telemetry/index.ts";

export interface MeshDataPlaneOptions {
  readonly cluster: Pick<PlannedCluster, "slots" | "workloads" | "network">;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly onSpan?: ((span: SpanRecord) => void) | undefined;
  readonly onError?: ((what: string, error: unknown) => void) | undefined;
}

export interface MeshDataPlane extends NetworkMesh {
  /** From now on there is something to decide by. */
  follow(informer: (kind: KindRef) => Informer, network: RunningProcessNetwork): void;
  /** Where the ingress finds a pod's port: through the gateway's own identity where it is a member. */
  reachFromGateway(address: string, port: number): HostPort | undefined;
  stop(): void;
}

interface Place {
  readonly inbound: HostPort;
  readonly gateway: HostPort | undefined;
  close(): void;
}

interface Following {
  readonly inbound: (place: InboundOf) => Promise<Place>;
  takes(client: Socket, to: Parameters<NetworkMesh["takes"]>[1]): boolean;
  forget(address: string): void;
  stop(): void;
}

interface InboundOf {
  readonly pod: Pod;
  readonly address: string;
  readonly port: number;
}

/** Undefined: no pod has a proxy of its own. */
export function createMeshDataPlane(options: MeshDataPlaneOptions): MeshDataPlane | undefined {
  const proxies = meshProxies(options.cluster);
  if (proxies === undefined) return undefined;
  const members = new Map<string, Pod>();
  const places = new Map<string, Place>();
  const callbacks: (() => void)[] = [];
  let following: Following | undefined;

  const changed = (): void => callbacks.forEach((callback) => callback());
  const isMember = (pod: Pod): boolean =>
    [...(pod.spec.initContainers ?? []), ...pod.spec.containers].some(
      ({ name }) => name === proxies.container,
    );
  const open = async (of: InboundOf): Promise<void> => {
    try {
      const place = await following?.inbound(of);
      if (place === undefined) return;
      // The pod may be gone by now, or its authority have come late.
      if (members.get(of.address) !== of.pod) return place.close();
      places.set(`${of.address}:${of.port}`, place);
      changed();
    } catch (error) {
      options.onError?.(`proxy of ${of.pod.metadata.name}`, error);
    }
  };
  const openAll = (pod: Pod, address: string): void => {
    for (const port of portsOf(pod, proxies.container)) void open({ pod, address, port });
  };
  return {
    isMember,
    joined(pod, address) {
      if (members.has(address)) return;
      members.set(address, pod);
      openAll(pod, address);
    },
    left(address) {
      members.delete(address);
      following?.forget(address);
      for (const [key, place] of places) {
        if (!key.startsWith(`${address}:`)) continue;
        places.delete(key);
        place.close();
      }
    },
    inbound: (address, port) => places.get(`${address}:${port}`)?.inbound,
    reachFromGateway(address, port) {
      const place = places.get(`${address}:${port}`);
      return place?.gateway ?? place?.inbound;
    },
    moved: () =>
      Object.fromEntries(
        [...places].map(([key, { inbound }]) => [key, `${inbound.host}:${inbound.port}`]),
      ),
    onChange: (callback) => void callbacks.push(callback),
    takes: (client, to) => following?.takes(client, to) ?? false,
    follow(informer, network) {
      following = follow({ ...options, members, isMember, informer, network, proxies });
      for (const [address, pod] of members) openAll(pod, address);
    },
    stop() {
      following?.stop();
      for (const place of places.values()) place.close();
    },
  };
}

/** Of the pod's own containers. */
function portsOf({ spec }: Pod, proxy: string): readonly number[] {
  const all = [...(spec.initContainers ?? []), ...spec.containers]
    .filter(({ name }) => name !== proxy)
    .flatMap(({ ports }) => ports ?? [])
    .filter(({ protocol }) => (protocol ?? "TCP") === "TCP")
    .map(({ containerPort }) => containerPort);
  return [...new Set(all)];
}

interface FollowInputs extends MeshDataPlaneOptions {
  readonly members: ReadonlyMap<string, Pod>;
  readonly isMember: (pod: Pod) => boolean;
  readonly informer: (kind: KindRef) => Informer;
  readonly network: RunningProcessNetwork;
  readonly proxies: NonNullable<ReturnType<typeof meshProxies>>;
}

function follow(inputs: FollowInputs): Following | undefined {
  const { cluster, clock, rng, informer, members, network, isMember } = inputs;
  const { trust } = inputs.proxies;
  const view = createMeshView(cluster, informer);
  if (view === undefined) return undefined;
  const sources = {
    services: informer({ apiVersion: "v1", kind: "Service" }),
    slices: informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
    pods: informer({ apiVersion: "v1", kind: "Pod" }),
  };
  const secrets = informer({ apiVersion: "v1", kind: "Secret" });
  const certificates = createMeshCertificates(secrets, trust, clock);
  const onSpan = (span: ProxySpan): void => inputs.onSpan?.(meshSpan(span));
  const shared = { clock, rng: rng.fork("mesh"), trust, certificates, onSpan };
  const outbound = createOutboundConnections({
    ...shared,
    treatment: view.treatment,
    endpoints: (of) => meshPods(of, sources)?.filter(({ address }) => address.startsWith("127.")),
    isMember,
    reach: network.reach,
  });
  const callerAt = (socket: Socket): { pod: Pod; address: string } | undefined => {
    const address = socket.remoteAddress ?? "";
    const pod = members.get(address);
    return pod && { pod, address };
  };
  const gateway = gatewayOf(cluster);
  const carryAs = async (
    client: Socket,
    who: { readonly identity: MeshIdentity; readonly address?: string },
    to: { readonly at: HostPort; readonly identity: MeshIdentity },
  ): Promise<void> => {
    client.on("error", () => client.destroy());
    const credentials = await certificates.of(who.identity);
    const expected = trust.nameOf(to.identity);
    const { address: localAddress } = who;
    const peer = connectToPeer(to.at, { credentials, expected, localAddress });
    peer.on("error", () => client.destroy());
    join(client, peer);
  };
  const host: InboundHost = {
    ...shared,
    tracedPercent: () => view.treatment().tracedPercent,
    strangerAddress: addressIn(cluster.network.podRange),
    carry(client, to) {
      const caller = callerAt(client);
      if (caller === undefined) return false;
      const { pod, address } = caller;
      void carryAs(client, { identity: identityOf(pod), address }, to);
      return true;
    },
  };
  return {
    async inbound({ pod, address, port }) {
      const identity = identityOf(pod);
      const proxy = createInboundProxy({ clock, ...view });
      const inside = network.reachInside(address, port);
      const member = { pod, identity, address, port, inside, proxy };
      const inbound = await openInbound(member, host);
      const front =
        gateway &&
        (await openGateway(
          (client) => void carryAs(client, { identity: gateway }, { at: inbound.at, identity }),
        ));
      return {
        inbound: inbound.at,
        gateway: front?.at,
        close() {
          inbound.close();
          front?.close();
        },
      };
    },
    takes(client, to) {
      const caller = callerAt(client);
      if (caller !== undefined) outbound.serve(client, { caller, to });
      return caller !== undefined;
    },
    forget: outbound.forget,
    stop: outbound.stop,
  };
}

/** The ingress, where it is a proxy of the mesh itself. */
function gatewayOf({
  slots,
  workloads,
}: Pick<PlannedCluster, "slots" | "workloads">): MeshIdentity | undefined {
  const ingress = slots.find(({ slot }) => slot === "ingress")?.component;
  const found = workloads.find(
    ({ component, mesh }) => component === ingress && mesh?.native === true,
  );
  return found && { namespace: found.namespace, serviceAccount: found.serviceAccount };
}

async function openGateway(
  serve: (client: Socket) => void,
): Promise<{ readonly at: HostPort; close(): void }> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    open.add(client);
    client.once("close", () => open.delete(client));
    serve(client);
  });
  return {
    at: await listen(server, "127.0.0.1"),
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function addressIn(range: string): string {
  const cidr = parseCidr(range);
  return (cidr && nthAddress(cidr, 9)) ?? "";
}
