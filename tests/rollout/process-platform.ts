// A cluster whose Deployment runs as real processes, its network, and the ingress in front: what a rolling update meets on a
// laptop, without a definition and without a delivery engine.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  createEmbeddedCluster,
  createProcessNetwork,
  type RunningProcessNetwork,
} from "../../src/cluster/index.ts";
import { createRealClock, createRng } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  runControllers,
  type KubeApi,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import type { Behaviour } from "../../src/model/index.ts";
import {
  createServiceRequest,
  serveIngress,
  type RunningIngress,
} from "../../src/runtime/index.ts";
import { gatewayFabric } from "../conformance/route/adapters.ts";

export interface ProcessPlatform {
  readonly api: KubeApi;
  readonly ingress: RunningIngress;
  readonly network: RunningProcessNetwork;
  /** A Deployment of the script in `server`, its Service and a route to it. */
  deploy(name: string, replicas: number): Promise<void>;
  /** Another version of the pod template; resolves when the rollout is complete. */
  roll(name: string, version: string): Promise<void>;
  /** Other fields of the Deployment's spec; resolves when what they ask for is complete. */
  change(name: string, spec: object): Promise<void>;
  rolledOut(name: string): Promise<void>;
  /** From now on `bad-later` is bad. */
  breakLater(): void;
  stop(): Promise<void>;
}

export interface ProcessPlatformOptions {
  /** What else acts in the cluster. */
  readonly behaviours?: readonly Behaviour[];
  readonly install?: readonly KubernetesObject[];
  /** What containers of the image `local/server:1` run. Default: a small server that says its version. */
  readonly program?: { readonly command: readonly string[]; readonly directory: string };
}

export const NAMESPACE = "shop";
const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment" };

/**
 * Ends as a well-behaved server does: no new connections, what is begun is finished. Versions that begin with `bad` answer
 * 500, `bad-later` not before it is broken.
 */
const SERVER = `
  const server = require("node:http").createServer((request, response) => {
    let size = 0;
    request.on("data", (chunk) => (size += chunk.length));
    const { VERSION: version } = process.env;
    const isBroken = version !== "bad-later" || require("node:fs").existsSync("broken");
    const isBad = version.startsWith("bad") && isBroken && request.url !== "/livez";
    request.on("end", () =>
      setTimeout(() => {
        response.writeHead(isBad ? 500 : 200, { "x-version": process.env.VERSION });
        response.end(String(size));
      }, 5),
    );
  });
  server.listen(8080);
  process.on("SIGTERM", () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
`;

export async function startProcessPlatform({
  behaviours = [],
  install = [],
  program,
}: ProcessPlatformOptions = {}): Promise<ProcessPlatform> {
  const folder = mkdtempSync(join(tmpdir(), "keelson-rollout-"));
  const clock = createRealClock();
  const rng = createRng(folder);
  const network = createProcessNetwork({ clock, folder: join(folder, "network") });
  const cluster = createEmbeddedCluster({
    name: "rollout",
    clock,
    rng,
    nodes: [{ count: 1 }],
    process: {
      folder: join(folder, "pods"),
      network,
      find: (_, { image = "" }) =>
        image.startsWith("local/")
          ? (program ?? { command: [process.execPath, "-e", SERVER], directory: folder })
          : undefined,
    },
  });
  await cluster.start();
  const { api } = cluster;
  for (const object of [...gatewayFabric.install, ...install]) await api.create(object);
  const informers = createInformerSet({ api, clock, rng });
  const services = informers.informer({ apiVersion: "v1", kind: "Service" });
  const slices = informers.informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" });
  const pods = informers.informer({ apiVersion: "v1", kind: "Pod" });
  const context = {
    api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
    request: createServiceRequest({ services, slices, pods, reach: network.reach }, clock),
  };
  const routes = gatewayFabric.behaviour.routes?.(context);
  if (routes === undefined) throw new Error("the adapter decides routes");
  const acting = behaviours.flatMap(({ controllers }) => controllers?.(context) ?? []);
  const controllers = runControllers(acting, { api, clock, rng, informers });
  controllers.start();
  informers.start();
  await informers.synced();
  network.follow({ services, slices });
  const backend = { routes, services, slices, pods, reach: network.reach };
  const ingress = await serveIngress([backend], { httpPort: 0, httpsPort: 0, clock, rng });
  const rolledOut = (name: string): Promise<void> => untilRolledOut(api, name);
  const change = async (name: string, spec: object): Promise<void> => {
    const ref = { ...DEPLOYMENT, name, namespace: NAMESPACE };
    await api.patch(ref, { type: "strategic", body: { spec } });
    await rolledOut(name);
  };
  return {
    api,
    ingress,
    network,
    rolledOut,
    breakLater: () => writeFileSync(join(folder, "broken"), ""),
    async deploy(name, replicas) {
      await ready(api, "ServiceAccount", "default");
      for (const object of objectsOf(name, replicas)) await api.create(object);
      await rolledOut(name);
    },
    roll: (name, version) =>
      change(name, { template: { spec: { containers: [container(version)] } } }),
    change,
    async stop() {
      await ingress.close();
      controllers.stop();
      informers.stop();
      cluster.stop();
      await cluster.stopped();
      await network.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function container(version: string): object {
  return {
    name: "main",
    image: "local/server:1",
    env: [{ name: "VERSION", value: version }],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/livez", port: 8080 }, periodSeconds: 1 },
  };
}

function objectsOf(name: string, replicas: number): readonly KubernetesObject[] {
  const labels = { app: name };
  const metadata = { name, namespace: NAMESPACE };
  return [
    {
      ...DEPLOYMENT,
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: labels },
        strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 10, containers: [container("v0")] },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
    ...gatewayFabric.objects({
      name,
      host: `${name}.example.com`,
      rules: [{ path: "/", backends: [{ service: name }] }],
    }),
  ];
}

/** Pods are refused until their namespace has its account. */
export function ready(api: KubeApi, kind: string, name: string): Promise<void> {
  return untilObject(api, { apiVersion: "v1", kind }, ({ metadata }) => metadata.name === name);
}

interface Deployment extends KubernetesObject {
  readonly spec: { readonly replicas: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly replicas?: number;
  };
}

function untilRolledOut(api: KubeApi, name: string): Promise<void> {
  return untilObject(api, DEPLOYMENT, (object) => {
    // The watch is of Deployments.
    const { metadata, spec, status = {} } = object as Deployment;
    const { replicas: wanted } = spec;
    const counts = [status.replicas, status.updatedReplicas, status.availableReplicas];
    const isSeen = status.observedGeneration === metadata.generation;
    return metadata.name === name && isSeen && counts.every((count) => count === wanted);
  });
}

export function untilObject(
  api: KubeApi,
  kind: { readonly apiVersion: string; readonly kind: string },
  holds: (object: KubernetesObject) => boolean,
): Promise<void> {
  const from = {
    sendInitialEvents: true,
    allowBookmarks: true,
    resourceVersionMatch: "NotOlderThan",
  } as const;
  return new Promise((resolve) => {
    const watch = api.watch(kind, { ...from, namespace: NAMESPACE }, (event) => {
      if (event.type === "ERROR" || event.type === "BOOKMARK" || !holds(event.object)) return;
      resolve();
      queueMicrotask(() => watch.stop());
    });
  });
}
