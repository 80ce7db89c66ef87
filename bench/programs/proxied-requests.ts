// What a request pays for the way it takes: straight to a server, through a Service's proxy, through the ingress or nginx.
// Server, proxies and client are processes of their own. Usage: node proxied-requests.mjs DIST [NGINX]

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, createServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Types only: at run time the built doors are loaded.
import type * as ClusterRoom from "../../src/cluster/index.ts";
import type { Informer, KubernetesObject } from "../../src/kubernetes/index.ts";
import type * as RuntimeRoom from "../../src/runtime/index.ts";

const [, program = "", dist = "", nginx = "", role = "load", originPort = ""] = process.argv;
const WARM = 500;
const ALONE = 2_000;
const TOGETHER = 8_000;
const CLIENTS = 16;
const BODY = "x".repeat(1_000);

interface Place {
  readonly host: string;
  readonly port: number;
}

if (role === "origin") serveOrigin();
else if (role === "proxies") await serveProxies(Number(originPort));
else await load();

function serveOrigin(): void {
  const server = createServer((_, response) => response.end(BODY));
  server.listen(0, "127.0.0.1", () => tell({ port: (server.address() as AddressInfo).port }));
}

/** One Service with one process pod, in tables that stand for a cluster's. */
async function serveProxies(port: number): Promise<void> {
  const door = (room: string): string =>
    new URL(`${room}/index.js`, pathToFileURL(`${dist}/`)).href;
  const cluster: typeof ClusterRoom = await import(door("cluster"));
  const { serveIngress }: typeof RuntimeRoom = await import(door("runtime"));
  const { createRealClock, createRng, createProcessNetwork, AGENT, PROCESS } = cluster;
  const metadata = { name: "web", namespace: "shop" };
  const ports = [{ port: 8080, targetPort: port }];
  const services = table({ ...metadata }, "Service", { spec: { clusterIP: "10.43.0.9", ports } });
  const slices = table(
    { ...metadata, labels: { "kubernetes.io/service-name": "web" } },
    "EndpointSlice",
    {
      ports: [{ port }],
      endpoints: [{ addresses: ["127.0.0.1"], targetRef: { kind: "Pod", ...metadata } }],
    },
  );
  const pods = table({ ...metadata, annotations: { [AGENT]: PROCESS } }, "Pod", {});
  const clock = createRealClock();
  const network = createProcessNetwork({
    clock,
    folder: mkdtempSync(join(tmpdir(), "keelson-bench-")),
  });
  network.follow({ services, slices });
  const routes = {
    match: () =>
      ({
        kind: "service",
        namespace: "shop",
        service: "web",
        port: 8080,
        route: "shop/web",
      }) as const,
  };
  const ingress = await serveIngress([{ routes, services, slices, pods }], {
    httpPort: 0,
    httpsPort: 0,
    clock,
    rng: createRng("bench"),
  });
  const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] } };
  const [host = "", service] = network.localise("web.shop:8080", pod).split(":");
  tell({
    service: { host, port: Number(service) },
    ingress: { host: "127.0.0.1", port: ingress.httpPort },
  });
}

function table(metadata: object, kind: string, rest: object): Informer {
  const object = { apiVersion: "v1", kind, metadata, ...rest } as KubernetesObject;
  return { list: () => [object], get: () => object, ownedBy: () => [], onChange: () => undefined };
}

async function load(): Promise<void> {
  const started: ChildProcess[] = [];
  const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
  try {
    const { port } = (await start(started, ["origin"])) as { readonly port: number };
    const direct = { host: "127.0.0.1", port };
    if (nginx === "") await measureKeelson(direct, started);
    else await measureNginx(direct, started, folder);
  } finally {
    for (const child of started) child.kill();
    rmSync(folder, { recursive: true });
  }
}

async function measureKeelson(direct: Place, started: ChildProcess[]): Promise<void> {
  const told = await start(started, ["proxies", String(direct.port)]);
  const { service, ingress } = told as { readonly service: Place; readonly ingress: Place };
  await reachable(service);
  const [alone, byService, byIngress] = await alternately([direct, service, ingress]);
  figure("directMs", alone);
  figure("serviceAddedMs", byService - alone);
  figure("addedMs", byIngress - alone);
  figure("serviceRequestsPerSecond", await rate(service));
  figure("requestsPerSecond", await rate(ingress));
}

async function measureNginx(direct: Place, started: ChildProcess[], folder: string): Promise<void> {
  const port = 20_000 + (process.pid % 10_000);
  const file = join(folder, "nginx.conf");
  writeFileSync(file, nginxConfiguration(folder, port, direct.port));
  started.push(
    spawn(nginx, ["-p", folder, "-e", "error.log", "-c", file, "-g", "daemon off;"], {
      stdio: "ignore",
    }),
  );
  const place = { host: "127.0.0.1", port };
  await reachable(place);
  const [alone, byNginx] = await alternately([direct, place]);
  figure("directMs", alone);
  figure("addedMs", byNginx - alone);
  figure("requestsPerSecond", await rate(place));
}

/** One worker, as there is one process of ours; connections to the server are kept, as NGINX Gateway Fabric does. */
function nginxConfiguration(folder: string, port: number, origin: number): string {
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(" ");
  return `worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000; ${paths}
  upstream origin { server 127.0.0.1:${origin}; keepalive 64; }
  server { listen 127.0.0.1:${port}; location / { proxy_pass http://origin; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } } }
`;
}

/** Median of single requests, the places taking turns so that a noisy neighbour hits all of them. */
async function alternately(places: readonly Place[]): Promise<readonly [number, number, number]> {
  const agent = new Agent({ keepAlive: true });
  const times = places.map((): number[] => []);
  for (let turn = 0; turn < WARM + ALONE; turn += 1) {
    for (let step = 0; step < places.length; step += 1) {
      // Whoever comes first after the slowest one pays for it: nobody always does.
      const index = (turn + step) % places.length;
      const place = places[index];
      if (place === undefined) continue;
      const before = performance.now();
      await ask(place, agent);
      if (turn >= WARM) times[index]?.push(performance.now() - before);
    }
  }
  agent.destroy();
  const [first = 0, second = 0, third = 0] = times.map(median);
  return [first, second, third];
}

async function rate(place: Place): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  let left = TOGETHER;
  const before = performance.now();
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await ask(place, agent);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  agent.destroy();
  return (TOGETHER * 1_000) / (performance.now() - before);
}

function ask({ host, port }: Place, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host, port, agent, headers: { host: "web.example.com" } });
    request.on("error", reject);
    request.on("response", (response) => {
      let length = 0;
      response.on("data", (chunk: Buffer) => (length += chunk.length));
      response.on("end", () => {
        if (response.statusCode === 200 && length === BODY.length) resolve();
        else reject(new Error(`${response.statusCode} with ${length} bytes`));
      });
    });
    request.end();
  });
}

/** The role's first line, as JSON. */
function start(started: ChildProcess[], args: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [program, dist, "", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += String(chunk);
      if (text.includes("\n")) resolve(JSON.parse(text));
    });
    child.once("exit", () => reject(new Error(`${args[0]} ended`)));
  });
}

async function reachable(place: Place): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(place.port, place.host, () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nobody listens at ${place.host}:${place.port}`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function figure(name: string, value: number): void {
  console.log(`@figure ${name} ${Math.max(0, value)}`);
}

function tell(what: object): void {
  console.log(JSON.stringify(what));
}
