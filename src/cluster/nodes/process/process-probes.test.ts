// Probes, hooks and the order of containers, with real processes that answer or do not.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { POD } from "../../../kubernetes/index.ts";
import type { Pod, Probe } from "../../../kubernetes/index.ts";
import { startProcessCluster } from "./testing/process-cluster.ts";
import type { ProcessCluster } from "./testing/process-cluster.ts";

let cluster: ProcessCluster;
const folder = mkdtempSync(join(tmpdir(), "keelson-probes-"));

beforeAll(async () => {
  cluster = await startProcessCluster({ folder });
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

const IDLE = "setInterval(() => {}, 1e6);";
const ready = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
const unready = (pod: Pod): boolean => pod.status?.phase === "Running" && !ready(pod);
const restarts = (count: number) => (pod: Pod) =>
  (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) >= count;

const HTTP = `
  let healthy = true;
  require("node:http").createServer((request, response) => {
    if (request.url === "/break") healthy = false;
    response.statusCode = healthy || request.url === "/break" ? 200 : 503;
    response.end();
  }).listen(8081, process.env.HOST);`;

/** The health protocol's answer: SERVING for the service "up". */
const GRPC = `
  require("node:http2").createServer().on("stream", (stream) => {
    let asked = Buffer.alloc(0);
    stream.on("data", (chunk) => (asked = Buffer.concat([asked, chunk])));
    stream.on("end", () => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.of(0, 0, 0, 0, 2, 8, asked.includes("up") ? 1 : 2));
    });
  }).listen(8081, process.env.HOST);`;

describe("probes", () => {
  const every: Probe = { periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 1 };

  test.each<{ name: string; script: string; probe: Probe }>([
    { name: "http", script: HTTP, probe: { ...every, httpGet: { port: "web", path: "/" } } },
    { name: "tcp", script: HTTP, probe: { ...every, tcpSocket: { port: 8081 } } },
    { name: "grpc", script: GRPC, probe: { ...every, grpc: { port: 8081, service: "up" } } },
    {
      name: "exec",
      script: IDLE,
      probe: { ...every, exec: { command: ["sh", "-c", 'test "$WHO" = me'] } },
    },
  ])("readiness by $name", async ({ name, script, probe }) => {
    await cluster.run(`ready-${name}`, {
      script,
      ports: [{ name: "web", containerPort: 8081 }],
      env: [{ name: "WHO", value: "me" }],
      readinessProbe: probe,
    });
    await cluster.until(`ready-${name}`, ready);
  });

  test.each<{ name: string; script: string; probe: Probe; says: RegExp }>([
    {
      name: "http",
      script: HTTP.replace("healthy = true", "healthy = false"),
      probe: { ...every, httpGet: { port: 8081 } },
      says: /^Warning Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503$/,
    },
    {
      name: "tcp",
      script: IDLE,
      probe: { ...every, tcpSocket: { port: 8081 } },
      says: /^Warning Unhealthy: Readiness probe failed: dial tcp 127[\d.]+:8081: connect: connection refused$/,
    },
    {
      name: "grpc",
      script: GRPC,
      probe: { ...every, grpc: { port: 8081, service: "down" } },
      says: /^Warning Unhealthy: Readiness probe failed: service unhealthy \(responded with "NOT_SERVING"\)$/,
    },
    {
      name: "exec",
      script: IDLE,
      probe: { ...every, exec: { command: ["sh", "-c", "echo no luck; exit 1"] } },
      says: /^Warning Unhealthy: Readiness probe failed: no luck$/,
    },
  ])("unready by $name, in the kubelet's words", async ({ name, script, probe, says }) => {
    await cluster.run(`unready-${name}`, { script, readinessProbe: probe });
    await cluster.untilEvent(`unready-${name}`, says);
    expect(await cluster.get(`unready-${name}`)).toSatisfy(unready);
  });

  test("a failing liveness probe restarts the container, and says so", async () => {
    await cluster.run("sick", {
      script: HTTP,
      livenessProbe: { ...every, failureThreshold: 2, httpGet: { port: 8081 } },
      readinessProbe: { ...every, httpGet: { port: 8081 } },
    });
    const { status } = await cluster.until("sick", ready);
    await fetch(`http://${status?.podIP}:8081/break`);
    await cluster.until("sick", (pod) => restarts(1)(pod) && ready(pod));
    await cluster.untilEvent(
      "sick",
      /Killing: Container c failed liveness probe, will be restarted$/,
    );
  });

  test("the others wait for the startup probe", async () => {
    const script = `setTimeout(() => { require("node:fs").writeFileSync(process.env.KEELSON_ROOT + "/up", "") }, 100); ${IDLE}`;
    const exec = { command: ["sh", "-c", "test -e $KEELSON_ROOT/up"] };
    await cluster.run("slow", {
      script,
      startupProbe: { ...every, exec, failureThreshold: 100 },
      livenessProbe: { ...every, exec },
    });
    const pod = await cluster.until("slow", ready);
    expect(pod.status?.containerStatuses?.[0]).toMatchObject({ started: true, restartCount: 0 });
  });
});

describe("hooks", () => {
  test("a container is ready after postStart, and preStop runs before the signal", async () => {
    const script = `process.on("SIGTERM", () => { console.log("signal"); process.exit(0); }); ${IDLE}`;
    const say = (what: string) => ({
      exec: { command: ["sh", "-c", `echo ${what} >> ${join(folder, "said")}`] },
    });
    await cluster.run("hooked", {
      script,
      lifecycle: { postStart: say("started"), preStop: say("stopping") },
    });
    await cluster.until("hooked", ready);
    await cluster.api.delete({ ...POD, name: "hooked", namespace: "default" });
    await cluster.untilGone("hooked");
    expect(cluster.read("said")).toBe("started\nstopping\n");
  });

  test("a postStart hook that fails ends the container", async () => {
    await cluster.run("failed-hook", {
      script: IDLE,
      lifecycle: { postStart: { exec: { command: ["false"] } } },
    });
    await cluster.until("failed-hook", restarts(1));
    await cluster.untilEvent("failed-hook", /^Warning FailedPostStartHook: PostStartHook failed$/);
  });
});

describe("order", () => {
  const step = (name: string, script: string, more: object = {}) => ({
    name,
    image: "local/node",
    args: [
      `require("node:fs").appendFileSync(${JSON.stringify(join(folder, "order"))}, "${name}\\n"); ${script}`,
    ],
    ...more,
  });

  test("init containers one after the other, a sidecar beside, the others last", async () => {
    const initContainers = [
      step("first", ""),
      step("beside", IDLE, { restartPolicy: "Always" }),
      step("second", ""),
    ];
    const containers = [step("main", "")];
    await cluster.run("steps", {
      script: "",
      spec: { restartPolicy: "Never", initContainers, containers },
    });
    const pod = await cluster.until("steps", ({ status }) => status?.phase === "Succeeded");
    const order = cluster.read("order").trim().split("\n");
    expect(order.filter((name) => name !== "beside")).toEqual(["first", "second", "main"]);
    const beside = pod.status?.initContainerStatuses?.find(({ name }) => name === "beside");
    expect(beside?.state?.terminated).toBeDefined();
  });

  test("an init container that fails ends a pod that does not restart", async () => {
    const initContainers = [step("broken", "process.exit(2)")];
    await cluster.run("broken", { script: IDLE, spec: { restartPolicy: "Never", initContainers } });
    const pod = await cluster.until("broken", ({ status }) => status?.phase === "Failed");
    expect(pod.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe("PodInitializing");
  });
});
