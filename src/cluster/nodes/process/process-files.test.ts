// What a container finds: variables, files, tokens, and a terminal when somebody comes in; what it uses; and what is left of it
// when the runtime goes.

import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { findTool, printSkip } from "../../../../tests/skip.ts";
import { createVirtualClock } from "../../../core/index.ts";
import { POD } from "../../../kubernetes/index.ts";
import type { Pod } from "../../../kubernetes/index.ts";
import type { ExecStreams } from "../../api/index.ts";
import { createMemoryStore } from "../../store/index.ts";
import { processAgent } from "./process-agent.ts";
import { readProcess, startTimeOf } from "./process-table.ts";
import { recordRunningProcesses, RUN_VARIABLE } from "./running-processes.ts";
import { loopbackNetwork, NOBODY, startProcessCluster, textOf } from "./testing/process-cluster.ts";
import type { ProcessCluster } from "./testing/process-cluster.ts";

let cluster: ProcessCluster;
const folder = mkdtempSync(join(tmpdir(), "keelson-files-"));
const IDLE = "setInterval(() => {}, 1e6);";
const ready = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
const pidOf = (pod: Pod): number =>
  Number(pod.status?.containerStatuses?.[0]?.containerID?.split("//")[1]);

beforeAll(async () => {
  cluster = await startProcessCluster({ folder });
  const metadata = { name: "settings", namespace: "default" };
  await cluster.api.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata,
    data: { color: "blue", url: "http://orders.shop.svc.cluster.local:80/" },
  });
  await cluster.api.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata,
    stringData: { password: "s3cret" },
  });
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function exec(
  name: string,
  command: readonly string[],
  over: { readonly tty?: boolean; readonly input?: string } = {},
): Promise<{ readonly code: number | undefined; readonly output: string }> {
  const { tty = false, input } = over;
  const stdout = new PassThrough();
  const stdin = new PassThrough();
  const streams: ExecStreams = {
    stdout,
    ...(tty ? {} : { stderr: stdout }),
    ...(input === undefined ? {} : { stdin }),
  };
  if (input !== undefined) stdin.end(input);
  const output = textOf(stdout);
  const none = new AbortController().signal;
  const { nodeAgent } = cluster.cluster.context;
  const pod = await cluster.get(name);
  const code = await nodeAgent.exec?.(pod, { container: "c", command, tty }, streams, none);
  stdout.end();
  return { code, output: await output };
}

describe("variables", () => {
  test("from values, keys, fields and resources, with names as this machine knows them", async () => {
    const key = { name: "settings" };
    const env = [
      { name: "COLOR", valueFrom: { configMapKeyRef: { ...key, key: "color" } } },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { ...key, key: "password" } } },
      { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "CPUS", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
      { name: "TEXT", value: "$(COLOR) $(NOBODY) $$(COLOR)" },
    ];
    const shown = [...env.map(({ name }) => name), "all_url", "HOST", "HOSTNAME"];
    await cluster.run("variables", {
      script: `console.log(JSON.stringify(${JSON.stringify(shown)}.map((n) => process.env[n])));`,
      env,
      envFrom: [{ prefix: "all_", configMapRef: { name: "settings" } }],
      resources: { limits: { cpu: "1500m", memory: "1Gi" } },
      spec: { restartPolicy: "Never" },
    });
    const { status } = await cluster.until("variables", (pod) => pod.status?.phase === "Succeeded");
    expect(JSON.parse(await cluster.log("variables"))).toEqual([
      "blue",
      "s3cret",
      "variables",
      status?.podIP,
      "2",
      "blue $(NOBODY) $(COLOR)",
      "http://127.65.0.1:80/",
      status?.podIP,
      "variables",
    ]);
  });

  test("a pod waits for the Secret it names", async () => {
    const secretKeyRef = { name: "later", key: "x" };
    await cluster.run("waits", { script: IDLE, env: [{ name: "X", valueFrom: { secretKeyRef } }] });
    const reason = ({ status }: Pod) => status?.containerStatuses?.[0]?.state?.waiting?.reason;
    await cluster.until("waits", (pod) => reason(pod) === "CreateContainerConfigError");
    const metadata = { name: "later", namespace: "default" };
    await cluster.api.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      stringData: { x: "1" },
    });
    await cluster.until("waits", ready);
  });
});

describe("files", () => {
  test("of objects and tokens, for their owner alone, below the container's root", async () => {
    await cluster.run("files", {
      script: `console.log("at", process.env.CONFIG); ${IDLE}`,
      env: [{ name: "CONFIG", value: "/etc/app/color" }],
      volumeMounts: [{ name: "settings", mountPath: "/etc/app" }],
      spec: { volumes: [{ name: "settings", configMap: { name: "settings" } }] },
    });
    await cluster.until("files", ready);
    await cluster.untilLog("files", "at ");
    const path = (await cluster.log("files")).slice("at ".length).trim();
    expect(readFileSync(path, "utf8")).toBe("blue");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const shown = await exec("files", [
      "cat",
      "/etc/app/color",
      "/var/run/secrets/kubernetes.io/serviceaccount/namespace",
      "/var/run/secrets/kubernetes.io/serviceaccount/token",
    ]);
    expect(shown.output).toMatch(/^bluedefaulteyJ/);
  });

  test("can be one key of an object, at a path of its own", async () => {
    await cluster.run("part", {
      script: `process.stdout.write(require("node:fs").readFileSync(process.env.FILE, "utf8"))`,
      env: [{ name: "FILE", value: "/etc/one" }],
      volumeMounts: [{ name: "settings", mountPath: "/etc/one", subPath: "color" }],
      spec: {
        restartPolicy: "Never",
        volumes: [{ name: "settings", configMap: { name: "settings" } }],
      },
    });
    await cluster.until("part", ({ status }) => status?.phase === "Succeeded");
    expect(await cluster.log("part")).toBe("blue\n");
  });

  test("can be read by the user a process runs as", async () => {
    if (process.getuid?.() !== 0) return printSkip("processes of another user", "not root");
    chmodSync(folder, 0o711);
    await cluster.run("nobody", {
      image: "local/nobody",
      script: `console.log(process.getuid(), require("node:fs").readFileSync(process.env.FILE, "utf8"))`,
      env: [{ name: "FILE", value: "/etc/app/color" }],
      volumeMounts: [{ name: "settings", mountPath: "/etc/app" }],
      spec: {
        restartPolicy: "Never",
        volumes: [{ name: "settings", configMap: { name: "settings" } }],
      },
    });
    await cluster.until("nobody", ({ status }) => status?.phase === "Succeeded");
    expect(await cluster.log("nobody")).toBe(`${NOBODY} blue\n`);
  });

  test("are replaced when their object changes", async () => {
    const metadata = { name: "changing", namespace: "default" };
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { key: "one" } };
    await cluster.api.create(map);
    const script = `
      const path = process.env.FILE;
      const read = () => require("node:fs").readFileSync(path, "utf8");
      console.log(read());
      setInterval(() => { if (read() === "two") { console.log("two"); process.exit(0); } }, 10);`;
    await cluster.run("changing", {
      script,
      env: [{ name: "FILE", value: "/etc/changing/key" }],
      volumeMounts: [{ name: "v", mountPath: "/etc/changing" }],
      spec: { restartPolicy: "Never", volumes: [{ name: "v", configMap: { name: "changing" } }] },
    });
    await cluster.until("changing", ({ status }) => status?.phase === "Running");
    await cluster.untilLog("changing", "one");
    await cluster.api.update({ ...map, data: { key: "two" } });
    await cluster.until("changing", ({ status }) => status?.phase === "Succeeded");
  });

  test("of a claim outlive the pod, and go with the claim", async () => {
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace: "default" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    await cluster.api.create(claim);
    const spec = {
      restartPolicy: "Never",
      volumes: [{ name: "d", persistentVolumeClaim: { claimName: "data" } }],
    } as const;
    const volumeMounts = [{ name: "d", mountPath: "/data" }];
    const env = [{ name: "FILE", value: "/data/kept" }];
    const keep = `require("node:fs").appendFileSync(process.env.FILE, "x")`;
    for (const name of ["writer", "reader"]) {
      await cluster.run(name, { script: keep, env, volumeMounts, spec });
      await cluster.until(name, ({ status }) => status?.phase === "Succeeded");
      await cluster.api.delete({ ...POD, name, namespace: "default" });
    }
    expect(cluster.read("volumes/default/data/kept")).toBe("xx");
    await cluster.api.delete({ ...claim, name: "data", namespace: "default" });
    await cluster.untilGone("data", "PersistentVolumeClaim");
    expect(() => cluster.read("volumes/default/data/kept")).toThrow(/ENOENT/);
  });
});

describe("commands", () => {
  test("run in the container's place and give their exit code", async () => {
    await cluster.run("inside", { script: IDLE, env: [{ name: "WHO", value: "me" }] });
    await cluster.until("inside", ready);
    expect(
      await exec("inside", ["sh", "-c", "echo $WHO; cat; exit 4"], { input: "typed" }),
    ).toEqual({ code: 4, output: "me\ntyped" });
    expect(await exec("inside", ["no-such-command"])).toMatchObject({ code: 127 });
  });

  test("have a terminal when asked", async () => {
    if ((await findTool("script")) === undefined && (await findTool("python3")) === undefined)
      return;
    const { code, output } = await exec("inside", ["sh", "-i"], {
      tty: true,
      input: "tty\nexit 5\n",
    });
    expect(output).toMatch(/\/dev\/pts\/\d+/);
    expect(code).toBe(5);
  });
});

describe("use of the machine", () => {
  test("is measured, and too much memory is ended", async () => {
    await cluster.run("busy", { script: "for (;;) {}" });
    await cluster.until("busy", ready);
    await cluster.run("greedy", {
      script: `const held = []; setInterval(() => held.length < 25 && held.push(Buffer.alloc(2e7, 1)), 5);`,
      resources: { limits: { memory: "150Mi" } },
      spec: { restartPolicy: "Never" },
    });
    const { status } = await cluster.until("greedy", (pod) => pod.status?.phase === "Failed");
    expect(status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 137,
      reason: "OOMKilled",
    });
    const metrics = { apiVersion: "metrics.k8s.io/v1beta1", kind: "PodMetrics" };
    const usage = async () => {
      const { items } = await cluster.api.list(metrics, { namespace: "default" });
      const [of] = items.filter(({ metadata }) => metadata.name === "busy");
      const [container] = (of?.["containers"] ?? []) as { usage: Record<string, string> }[];
      return container?.usage;
    };
    let used = await usage();
    while (used === undefined || used["cpu"] === "0") {
      await cluster.clock.sleep(1_000);
      used = await usage();
    }
    expect(used["cpu"]).toMatch(/^\d{5,}n$|^\d+[mu]?$/);
    expect(used["memory"]).toMatch(/^\d+(Ki|Mi)?$/);
    await cluster.api.delete(
      { ...POD, name: "busy", namespace: "default" },
      { gracePeriodSeconds: 0 },
    );
  });
});

describe("endings", () => {
  test("a virtual clock is refused", () => {
    const options = { folder, network: loopbackNetwork(), find: () => undefined };
    expect(() => processAgent(options, createVirtualClock(0))).toThrow(/real time/);
  });

  test("pods go on after a restart, their containers started anew", async () => {
    const own = mkdtempSync(join(tmpdir(), "keelson-again-"));
    const store = createMemoryStore();
    const first = await startProcessCluster({ folder: own, store });
    await first.run("kept", { script: IDLE });
    const before = await first.until("kept", ready);
    await first.stop();
    expect(readProcess(pidOf(before))).toBeUndefined();
    const second = await startProcessCluster({ folder: own, store });
    const after = await second.until("kept", (pod) => ready(pod) && pidOf(pod) !== pidOf(before));
    expect(after.status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 255, reason: "Unknown" } },
    });
    await second.untilEvent("kept", "SandboxChanged");
    await second.stop();
    rmSync(own, { recursive: true, force: true });
  });

  test("what a runtime that crashed left is ended by the next, and told; others are left alone", async () => {
    const own = mkdtempSync(join(tmpdir(), "keelson-left-"));
    const start = (run: string) =>
      spawn(process.execPath, ["-e", IDLE], {
        detached: true,
        stdio: "ignore",
        env: { [RUN_VARIABLE]: run },
      });
    const left = start(`${own}#left`);
    const other = start("other");
    const ended = new Promise((resolve) => left.once("exit", resolve));
    const record = recordRunningProcesses(own);
    record.add({ pid: left.pid ?? 0, run: `${own}#left`, pod: "default/p", container: "c" });
    const text = JSON.parse(readFileSync(join(own, "running.json"), "utf8"));
    const reused = {
      pid: other.pid,
      startTime: "1",
      run: `${own}#reused`,
      pod: "a/b",
      container: "c",
    };
    const crashed = {
      owner: { pid: 1, startTime: "none" },
      processes: [...text.processes, reused],
    };
    writeFileSync(join(own, "running.json"), JSON.stringify(crashed));
    mkdirSync(join(own, "pods", "gone"), { recursive: true });
    mkdirSync(join(own, "logs", "default_p_gone"), { recursive: true });
    const told: string[] = [];
    const next = await startProcessCluster({
      folder: own,
      onLeftOver: ({ pod }) => told.push(pod),
    });
    await ended;
    expect(told).toEqual(["default/p"]);
    await next.run("fresh", { script: IDLE });
    await next.until("fresh", ready);
    expect(readdirSync(join(own, "pods"))).not.toContain("gone");
    expect(readdirSync(join(own, "logs"))).not.toContain("default_p_gone");
    expect(startTimeOf(other.pid ?? 0)).toBeDefined();
    other.kill("SIGKILL");
    await next.stop();
    rmSync(own, { recursive: true, force: true });
  });
});
