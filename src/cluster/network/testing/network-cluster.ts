// A cluster's API with nobody acting on it, and a network of real listeners that follows it: tests write the Services and
// EndpointSlices that controllers would.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createRealClock, createRng } from "../../../core/index.ts";
import { createInformerSet, type KubeApi, type Pod } from "../../../kubernetes/index.ts";
import { createCluster, bootstrap } from "../../cluster.ts";
import { ENDPOINT_SLICE, SERVICE } from "../../controllers/service-kinds.ts";
import type { MachineAddresses } from "../machine-addresses.ts";
import { createProcessNetwork, type RunningProcessNetwork } from "../process-network.ts";
import type { HostPort } from "../service-proxy.ts";

export interface NetworkCluster {
  readonly api: KubeApi;
  readonly network: RunningProcessNetwork;
  /** What the network could not do. */
  readonly errors: readonly string[];
  /** A Service and one slice with these endpoints. */
  expose(name: string, given: Exposed): Promise<void>;
  /** Other endpoints for a Service that is there. */
  replaceEndpoints(name: string, given: Exposed): Promise<void>;
  stop(): Promise<void>;
}

export interface Exposed {
  readonly port: number;
  readonly targetPort: number;
  readonly clusterIP?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly endpoints: readonly TestEndpoint[];
}

export interface TestEndpoint {
  readonly address: string;
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
  readonly hostname?: string;
}

export async function startNetworkCluster(
  given: {
    readonly machine?: MachineAddresses;
    readonly apiServer?: () => HostPort | undefined;
  } = {},
): Promise<NetworkCluster> {
  const clock = createRealClock();
  const rng = createRng("network");
  const cluster = createCluster({ name: "test", clock, rng });
  await bootstrap(cluster);
  const { api } = cluster;
  const informers = createInformerSet({ api, clock, rng });
  const sources = {
    services: informers.informer(SERVICE),
    slices: informers.informer(ENDPOINT_SLICE),
  };
  informers.start();
  await informers.synced();
  const folder = mkdtempSync(join(tmpdir(), "keelson-network-"));
  const errors: string[] = [];
  const network = createProcessNetwork({
    clock,
    folder,
    onError: (what, error) => errors.push(`${what}: ${String(error)}`),
    ...given,
  });
  network.follow(sources);
  return {
    api,
    network,
    errors,
    async expose(name, exposed) {
      const ports = [{ name: "main", port: exposed.port, targetPort: exposed.targetPort }];
      const { clusterIP, spec } = exposed;
      await api.create({
        ...SERVICE,
        metadata: { name, namespace: "shop" },
        spec: { ports, ...(clusterIP === undefined ? {} : { clusterIP }), ...spec },
      });
      await api.create(sliceOf(name, exposed));
    },
    async replaceEndpoints(name, exposed) {
      const ref = { ...ENDPOINT_SLICE, name, namespace: "shop" };
      await api.patch(ref, {
        type: "merge",
        body: { endpoints: sliceOf(name, exposed).endpoints },
      });
    },
    async stop() {
      await network.stop();
      informers.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function sliceOf(name: string, { targetPort, endpoints }: Exposed) {
  return {
    ...ENDPOINT_SLICE,
    metadata: { name, namespace: "shop", labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    ports: [{ name: "main", port: targetPort, protocol: "TCP" }],
    endpoints: endpoints.map(({ address, hostname, ready = true, ...conditions }) => ({
      addresses: [address],
      conditions: { ready, ...conditions },
      ...(hostname === undefined ? {} : { hostname }),
    })),
  };
}

export function testPod(name: string, ports: readonly number[] = []): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop" },
    spec: {
      containers: [
        {
          name: "main",
          image: "app:1",
          ports: ports.map((containerPort) => ({ containerPort, protocol: "TCP" })),
        },
      ],
    },
  } as Pod;
}

/** Answers every connection with `text` after its input ended; tells where it listens. */
export function startAnswering(host: string, text: string, port = 0): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    let heard = "";
    socket.on("data", (chunk) => (heard += String(chunk)));
    socket.on("end", () => socket.end(`${text}:${heard}`));
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}
