// `keelson cluster --data` as a process: killed in the middle of many clients' writes, several times, and started again.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createRealClock } from "../../src/core/index.ts";
import { createHttpsApi, isGone, readKubeconfig } from "../../src/kubernetes/index.ts";
import type { HttpsApi, KubernetesObject } from "../../src/kubernetes/index.ts";
import { requireBuild, runKeelson, startKeelson, type RunningCommand } from "./keelson-process.ts";

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" };
const SERVICE = { apiVersion: "v1", kind: "Service" };
const POD = { apiVersion: "v1", kind: "Pod" };
const WIDGET = { apiVersion: "example.com/v1", kind: "Widget" };
const CLIENTS = 16;
/** Acknowledged writes after which the process is killed. */
const WRITES = 250;

let folder: string;
let running: RunningCommand;
let api: HttpsApi;
const clock = createRealClock({ keepAlive: true });

async function start(...more: readonly string[]): Promise<void> {
  running = startKeelson(
    folder,
    "cluster",
    "--data",
    "data",
    "--nodes",
    "1",
    "--port",
    "0",
    ...more,
  );
  await running.printed("export KUBECONFIG=");
  api = connect();
}

function connect(): HttpsApi {
  const text = readFileSync(join(folder, ".keelson", "kubeconfig"), "utf8");
  return createHttpsApi(readKubeconfig(text));
}

async function kill(): Promise<void> {
  running.signal("SIGKILL");
  await running.ended;
  api.close();
}

beforeAll(async () => {
  await requireBuild();
  folder = mkdtempSync(join(tmpdir(), "keelson-durable-"));
  await start();
});
afterAll(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

const configMap = (name: string, value: string): KubernetesObject => ({
  ...CONFIG_MAP,
  metadata: { name, namespace: "default" },
  data: { value },
});

/** Clients that create, change and delete until their connection breaks; calls back with what was acknowledged. */
async function writeUntilKilled(
  round: number,
  onAcknowledged: (name: string, state: KubernetesObject | undefined) => void,
): Promise<void> {
  const client = async (index: number): Promise<void> => {
    for (let count = 0; ; count += 1) {
      const name = `config-${round}-${index}-${count}`;
      const made = await api.create(configMap(name, "1"));
      onAcknowledged(name, made);
      if (count % 3 === 1)
        onAcknowledged(name, await api.update({ ...made, data: { value: "2" } }));
      if (count % 3 !== 2) continue;
      await api.delete({ ...CONFIG_MAP, name, namespace: "default" });
      onAcknowledged(name, undefined);
    }
  };
  await Promise.allSettled(Array.from({ length: CLIENTS }, (_, index) => client(index)));
}

describe("a cluster that is killed while it is written to", () => {
  /** What each client knows of each of its objects. */
  const known = new Map<string, KubernetesObject | undefined>();

  it("has every acknowledged write when it is started again", async () => {
    for (let round = 0; round < 3; round += 1) {
      let writes = 0;
      const done = writeUntilKilled(round, (name, state) => {
        known.set(name, state);
        writes += 1;
        if (writes === WRITES) running.signal("SIGKILL");
      });
      await done;
      await kill();
      await start();
      const { items, resourceVersion } = await api.list(CONFIG_MAP, { namespace: "default" });
      const found = new Map(items.map((item) => [item.metadata.name, item]));
      for (const [name, state] of known) {
        const now = found.get(name);
        // The last write of a client may have been kept without its answer coming through.
        if (state === undefined) expect(now, name).toBeUndefined();
        else if (now !== undefined)
          expect(Number(now.metadata.resourceVersion)).toBeGreaterThanOrEqual(
            Number(state.metadata.resourceVersion),
          );
        else expect(lastOf(known, name), `${name} is lost`).toBe(true);
      }
      const latest = Math.max(
        ...[...known.values()].map((state) => Number(state?.metadata.resourceVersion ?? 0)),
      );
      expect(Number(resourceVersion)).toBeGreaterThanOrEqual(latest);
    }
    const uids = [...known.values()].map((state) => state?.metadata.uid).filter(Boolean);
    expect(new Set(uids).size).toBe(uids.length);
  });
});

/** True when the client that made it may have been deleting it when the process was killed. */
function lastOf(known: ReadonlyMap<string, KubernetesObject | undefined>, name: string): boolean {
  const [, round, client, count] = name.split("-");
  return Number(count) % 3 === 2 && !known.has(`config-${round}-${client}-${Number(count) + 1}`);
}

describe("a cluster that is started again", () => {
  let before: Readonly<Record<"service" | "pod" | "widget" | "node", KubernetesObject>>;
  let token: string;

  const readAll = async (): Promise<typeof before> => ({
    service: await api.get({ ...SERVICE, name: "web", namespace: "default" }),
    pod: await api.get({ ...POD, name: "web", namespace: "default" }),
    widget: await api.get({ ...WIDGET, name: "gear", namespace: "default" }),
    node: await api.get({ apiVersion: "v1", kind: "Node", name: "node-0" }),
  });

  beforeAll(async () => {
    await api.create(widgetDefinition());
    await api.create({ ...SERVICE, metadata: meta("web"), spec: nodePort() });
    await api.create({
      ...POD,
      metadata: meta("web"),
      spec: { containers: [{ name: "web", image: "example/web:1" }] },
    });
    while ((await podPhase()) !== "Running") await clock.sleep(50);
    await api.create({ ...WIDGET, metadata: meta("gear"), spec: { teeth: 12 } });
    token = await accountToken();
    before = await readAll();
    await kill();
    await start();
  });

  it("has its objects, addresses, ports and nodes as they were", async () => {
    const after = await readAll();
    for (const name of ["service", "widget"] as const) expect(after[name]).toEqual(before[name]);
    for (const name of ["pod", "node"] as const)
      expect(after[name].metadata.uid).toBe(before[name].metadata.uid);
    expect(after.pod["status"]).toMatchObject({
      phase: "Running",
      podIP: (before.pod["status"] as { readonly podIP: string }).podIP,
    });
  });

  it("gives nobody the address or the port of another", async () => {
    const { clusterIP, ports } = before.service["spec"] as {
      readonly clusterIP: string;
      readonly ports: readonly { readonly nodePort: number }[];
    };
    const taken = { ...SERVICE, metadata: meta("other"), spec: { ...nodePort(), clusterIP } };
    await expect(api.create(taken)).rejects.toThrow("already allocated");
    const [port] = ports;
    const samePort = { ...nodePort(), ports: [{ port: 80, nodePort: port?.nodePort }] };
    const other = { ...SERVICE, metadata: meta("other"), spec: samePort };
    await expect(api.create(other)).rejects.toThrow("already allocated");
  });

  it("knows its service accounts' tokens", async () => {
    const access = readKubeconfig(readFileSync(join(folder, ".keelson", "kubeconfig"), "utf8"));
    const asAccount = createHttpsApi({ ...access, token });
    const review = await asAccount.create({
      apiVersion: "authentication.k8s.io/v1",
      kind: "SelfSubjectReview",
      metadata: { name: "" },
    });
    asAccount.close();
    expect(review["status"]).toMatchObject({
      userInfo: { username: "system:serviceaccount:default:default" },
    });
  });

  it("resumes watches, and says 410 where history is forgotten", async () => {
    const { resourceVersion } = await api.list(CONFIG_MAP, { namespace: "default" });
    await api.create(configMap("resumed", "1"));
    await kill();
    await start();
    expect(await firstEvent(resourceVersion)).toBe("ADDED resumed");
    await kill();
    // An interval of compaction takes a twelfth of a second.
    await start("--speed", "3600");
    while ((await firstEvent("1")) !== "410") await clock.sleep(50);
    await kill();
    await start();
    expect(await firstEvent("1")).toBe("410");
    expect(Number((await api.list(CONFIG_MAP)).resourceVersion)).toBeGreaterThan(
      Number(resourceVersion),
    );
    const { resourceVersion: now } = await api.list(CONFIG_MAP);
    const next = firstEvent(now);
    await api.create(configMap("watched", "1"));
    expect(await next).toBe("ADDED watched");
  });

  it("keeps everything for its owner alone, and the folder to itself", async () => {
    const mode = (...path: readonly string[]): string =>
      (statSync(join(folder, "data", ...path)).mode & 0o777).toString(8);
    expect([mode(), mode("store"), mode("certificates")]).toEqual(["700", "700", "700"]);
    const files = readdirSync(join(folder, "data", "store")).map((name) => mode("store", name));
    expect(new Set(files)).toEqual(new Set(["600"]));
    const elsewhere = mkdtempSync(join(tmpdir(), "keelson-durable-"));
    const data = join(folder, "data");
    const second = await runKeelson(elsewhere, "cluster", "--port", "0", "--data", data);
    rmSync(elsewhere, { recursive: true, force: true });
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`process ${running.pid}`);
  });
});

/** `410`, or the first event from there on. */
async function firstEvent(resourceVersion: string): Promise<string> {
  return new Promise((resolve) => {
    const watch = api.watch(CONFIG_MAP, { namespace: "default", resourceVersion }, (event) => {
      const { type, object } = event;
      const code = type === "ERROR" ? String(object.code) : `${type} ${object.metadata.name}`;
      resolve(code);
      watch.stop();
    });
    watch.done.catch((error: unknown) => resolve(isGone(error) ? "410" : String(error)));
  });
}

const meta = (name: string) => ({ name, namespace: "default" });
const nodePort = () => ({ type: "NodePort", selector: { app: "web" }, ports: [{ port: 80 }] });

async function podPhase(): Promise<unknown> {
  const pod = await api.get({ ...POD, name: "web", namespace: "default" });
  return (pod["status"] as { readonly phase?: string } | undefined)?.phase;
}

async function accountToken(): Promise<string> {
  const answer = await api.create(
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: meta("default"),
      spec: { expirationSeconds: 3600 },
    },
    { subresource: "token" },
  );
  return (answer["status"] as { readonly token: string }).token;
}

function widgetDefinition(): KubernetesObject {
  const schema = {
    openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget" },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
