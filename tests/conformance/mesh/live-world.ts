// Two proxies and what is between them, for real: a cluster's network of loopback listeners with the mesh of a definition in it,
// servers of this process as pods, and certificates of an authority that lies in the cluster.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  bootstrap,
  createAuthority,
  createCluster,
  createProcessNetwork,
  type RunningProcessNetwork,
} from "../../../src/cluster/index.ts";
import { meshProxies } from "../../../src/components/index.ts";
import { planEnvironment } from "../../../src/components/testing/plan.ts";
import { createRealClock, createRng } from "../../../src/core/index.ts";
import { createInformerSet, type KubeApi, type Pod } from "../../../src/kubernetes/index.ts";
import { createMeshDataPlane, type SpanRecord } from "../../../src/runtime/index.ts";
import { objectsOf } from "./mesh-world.ts";

export interface LiveAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export interface LiveWorld {
  readonly api: KubeApi;
  readonly network: RunningProcessNetwork;
  readonly spans: readonly SpanRecord[];
  readonly errors: readonly string[];
  /** PEM pair of the authority. */
  readonly authority: { readonly certificatePem: string; readonly keyPem: string };
  /** A pod of an app, whose container this server is. */
  serve(app: string, listener: RequestListener): Promise<void>;
  /** The same for what speaks no HTTP. */
  serveTcp(app: string, listener: (socket: Socket) => void): Promise<void>;
  /** Who asks: an app's pod, or nobody whom the mesh knows. */
  addressOf(app: string): string;
  placeOf(app: string): { readonly host: string; readonly port: number };
  /** Where the ingress finds it. */
  gatewayTo(app: string): { readonly host: string; readonly port: number };
  ask(
    from: string | undefined,
    to: string,
    more?: {
      readonly path?: string;
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly at?: { readonly host: string; readonly port: number };
    },
  ): Promise<LiveAnswer>;
  stop(): Promise<void>;
}

export async function startLiveWorld(definition: unknown): Promise<LiveWorld> {
  const planned = planEnvironment(definition, "dev");
  const proxies = meshProxies(planned.cluster);
  if (proxies === undefined) throw new Error("no proxies");
  const clock = createRealClock();
  const rng = createRng("live world");
  const cluster = createCluster({ name: "test", clock, rng });
  await bootstrap(cluster);
  const { api } = cluster;
  for (const object of await objectsOf(planned)) {
    if (object.kind !== "Deployment") await api.create(object);
  }
  const authority = createAuthority({
    commonName: "root",
    now: clock.now(),
    lifetimeMs: 3_600_000,
  });
  const { namespace, name, certificate, key, root } = proxies.trust.authority;
  const encoded = (text: string): string => Buffer.from(text).toString("base64");
  await createQuietly(api, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await api.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    data: {
      [certificate]: encoded(authority.certificatePem),
      [key]: encoded(authority.keyPem),
      [root]: encoded(authority.certificatePem),
    },
  });
  const informers = createInformerSet({ api, clock, rng: rng.fork("informers") });
  const spans: SpanRecord[] = [];
  const errors: string[] = [];
  const mesh = createMeshDataPlane({
    cluster: planned.cluster,
    clock,
    rng,
    onSpan: (span) => spans.push(span),
    onError: (what, error) => errors.push(`${what}: ${String(error)}`),
  });
  if (mesh === undefined) throw new Error("no mesh");
  const folder = mkdtempSync(join(tmpdir(), "keelson-mesh-"));
  const network = createProcessNetwork({ clock, folder, mesh });
  network.follow({
    services: informers.informer({ apiVersion: "v1", kind: "Service" }),
    slices: informers.informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
  });
  mesh.follow(informers.informer, network);
  informers.start();
  await informers.synced();
  const servers: Server[] = [];
  const pods = new Map<string, { readonly pod: Pod; readonly address: string }>();

  const workloadOf = (app: string) => {
    const found = planned.graph.workload(app, app);
    if (found === undefined) throw new Error(`no ${app}`);
    return found;
  };
  const add = async (app: string, server: Server): Promise<void> => {
    const workload = workloadOf(app);
    const count = [...pods.keys()].filter((one) => one.startsWith(`${app}-`)).length;
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `${app}-${count}`, namespace: app, labels: workload.labels },
      spec: {
        serviceAccountName: workload.serviceAccount,
        initContainers: [{ name: proxies.container, image: "proxy:1" }],
        containers: [
          {
            name: app,
            image: "app:1",
            ports: workload.ports.map(({ port }) => ({ containerPort: port, protocol: "TCP" })),
          },
        ],
      },
    } as unknown as Pod;
    const address = network.assignAddress(pod);
    pods.set(pod.metadata.name, { pod, address });
    const [port] = workload.ports;
    const inside = network.reachInside(address, port?.port ?? 0);
    await new Promise<void>((resolve) => void server.listen(inside.port, inside.host, resolve));
    servers.push(server);
    await api.create(pod);
    await api.create({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: pod.metadata.name,
        namespace: app,
        labels: { "kubernetes.io/service-name": app },
      },
      addressType: "IPv4",
      ports: [{ name: workload.services[0]?.ports[0]?.name, port: port?.port, protocol: "TCP" }],
      endpoints: [
        {
          addresses: [address],
          conditions: { ready: true },
          targetRef: { kind: "Pod", name: pod.metadata.name, namespace: app },
        },
      ],
    });
  };
  const placeOf = (app: string): { host: string; port: number } => {
    const port = workloadOf(app).services[0]?.ports[0]?.port ?? 0;
    const caller = [...pods.values()][0]?.pod as Pod;
    const text = network.localise(`${app}.${app}.svc.cluster.local:${port}`, caller);
    const [host = "", at = ""] = text.split(":");
    return { host, port: Number(at) };
  };
  const addressOf = (app: string): string => pods.get(`${app}-0`)?.address ?? "";
  return {
    api,
    network,
    spans,
    errors,
    authority,
    serve: (app, listener) => add(app, createHttpServer(listener)),
    serveTcp: (app, listener) => add(app, createServer(listener)),
    addressOf,
    placeOf,
    gatewayTo(app) {
      const [port] = workloadOf(app).ports;
      const found = mesh.reachFromGateway(addressOf(app), port?.port ?? 0);
      if (found === undefined) throw new Error(`nobody stands before ${app}`);
      return found;
    },
    ask: (from, to, { path = "/", method = "GET", headers = {}, at = placeOf(to) } = {}) =>
      new Promise((resolve, reject) => {
        const sent = httpRequest({
          ...at,
          path,
          method,
          headers: { host: `${to}.${to}`, ...headers },
          agent: false,
          ...(from === undefined ? {} : { localAddress: addressOf(from) }),
        });
        sent.on("error", reject);
        sent.on("response", (answer) => {
          let body = "";
          answer.on("data", (chunk) => (body += String(chunk)));
          answer.on("error", reject);
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }),
          );
        });
        sent.end();
      }),
    async stop() {
      mesh.stop();
      await network.stop();
      informers.stop();
      for (const server of servers) server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function createQuietly(
  api: KubeApi,
  object: Parameters<KubeApi["create"]>[0],
): Promise<void> {
  await api.create(object).catch(() => undefined);
}
