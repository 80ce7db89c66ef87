// The official JavaScript client over HTTPS, as programs use it: typed and untyped clients, every kind of patch, watches, informers
// that survive cut streams and lost history, logs, metrics, a lease held by one of two, and streams that are refused.

import {
  AppsV1Api,
  CoordinationV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  Metrics,
  PatchStrategy,
  setHeaderOptions,
  V1Lease,
  V1MicroTime,
  Watch,
} from "@kubernetes/client-node";
import type { KubernetesObject, V1ConfigMap, V1Deployment } from "@kubernetes/client-node";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startCluster, type RunningCluster, type ServedApi } from "../../../src/cluster/index.ts";

let cluster: RunningCluster;
let served: ServedApi;
let config: KubeConfig;

beforeAll(async () => {
  cluster = await startCluster();
  served = await cluster.serve();
  config = new KubeConfig();
  config.loadFromString(served.kubeconfig);
});
afterAll(() => cluster.stop());

const namespace = "default";

function deployment(name: string, replicas: number): V1Deployment {
  const labels = { app: name };
  const container = { name, image: "registry.example/app:1", env: [{ name: "A", value: "1" }] };
  return {
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

/** The refusal, as the client throws it. */
async function refusal(asked: Promise<unknown>): Promise<{ code: number; body: unknown }> {
  try {
    await asked;
  } catch (error) {
    const { code, body } = error as { readonly code: number; readonly body: unknown };
    return { code, body: typeof body === "string" ? JSON.parse(body) : body };
  }
  throw new Error("nothing was refused");
}

async function readyPod(name: string): Promise<string> {
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name },
      spec: { containers: [{ name: "one", image: "registry.example/one:1" }] },
    },
  });
  await cluster.until(async () => {
    const { status } = await core.readNamespacedPod({ namespace, name });
    return status?.phase === "Running";
  });
  return name;
}

describe("typed clients", () => {
  it("roll a Deployment out and scale it", async () => {
    const apps = config.makeApiClient(AppsV1Api);
    const made = await apps.createNamespacedDeployment({ namespace, body: deployment("web", 2) });
    expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date);
    const read = { namespace, name: "web" };
    const readyReplicas = async (): Promise<number | undefined> =>
      (await apps.readNamespacedDeploymentStatus(read)).status?.readyReplicas;
    await cluster.until(async () => (await readyReplicas()) === 2);
    const scale = await apps.readNamespacedDeploymentScale(read);
    await apps.replaceNamespacedDeploymentScale({
      ...read,
      body: Object.assign(scale, { spec: { replicas: 3 } }),
    });
    await cluster.until(async () => (await readyReplicas()) === 3);
  });

  it("are refused with a Status", async () => {
    const core = config.makeApiClient(CoreV1Api);
    const absent = await refusal(core.readNamespacedPod({ namespace, name: "absent" }));
    expect(absent).toMatchObject({ code: 404, body: { kind: "Status", reason: "NotFound" } });
    const body = { metadata: { name: "Bad Name" } };
    const invalid = await refusal(core.createNamespacedConfigMap({ namespace, body }));
    expect(invalid).toMatchObject({ code: 422, body: { reason: "Invalid" } });
  });

  it.each([
    {
      name: "JSON",
      type: PatchStrategy.JsonPatch,
      body: [{ op: "add", path: "/spec/template/spec/containers/0/env/-", value: { name: "B" } }],
      env: ["A", "B"],
    },
    {
      name: "merge",
      type: PatchStrategy.MergePatch,
      body: {
        spec: {
          template: {
            spec: {
              containers: [{ name: "p", image: "registry.example/app:2", env: [{ name: "C" }] }],
            },
          },
        },
      },
      env: ["C"],
    },
    {
      name: "strategic merge",
      type: PatchStrategy.StrategicMergePatch,
      body: { spec: { template: { spec: { containers: [{ name: "p", env: [{ name: "D" }] }] } } } },
      env: ["D", "A"],
    },
  ])("patch by $name", async ({ type, body, env }) => {
    const apps = config.makeApiClient(AppsV1Api);
    await apps.createNamespacedDeployment({ namespace, body: deployment("p", 0) });
    const patched = await apps.patchNamespacedDeployment(
      { namespace, name: "p", body },
      setHeaderOptions("Content-Type", type),
    );
    const [container] = patched.spec?.template.spec?.containers ?? [];
    expect(container?.env?.map(({ name }) => name)).toEqual(env);
    await apps.deleteNamespacedDeployment({ namespace, name: "p" });
  });

  it("apply on the server's side, and run into another manager", async () => {
    const core = config.makeApiClient(CoreV1Api);
    const apply = (fieldManager: string, value: string, force = false): Promise<V1ConfigMap> =>
      core.patchNamespacedConfigMap(
        {
          namespace,
          name: "applied",
          fieldManager,
          force,
          body: {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "applied" },
            data: { a: value },
          },
        },
        setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply),
      );
    expect((await apply("first", "1")).data).toEqual({ a: "1" });
    expect(await refusal(apply("second", "2"))).toMatchObject({
      code: 409,
      body: { details: { causes: [{ reason: "FieldManagerConflict", field: ".data.a" }] } },
    });
    expect((await apply("second", "2", true)).data).toEqual({ a: "2" });
  });

  it("read logs", async () => {
    await readyPod("logged");
    let text = "";
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      },
    });
    await new Log(config).log(namespace, "logged", "one", sink, { tailLines: 1 });
    await cluster.until(() => text.includes("simulated"));
  });

  it("read metrics", async () => {
    const { items } = await new Metrics(config).getNodeMetrics();
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["node-0", "node-1", "node-2"]);
  });
});

describe("KubernetesObjectApi", () => {
  it("handles any kind by what it says it is", async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const metadata = { name: "any", namespace };
    const kind = { apiVersion: "v1", kind: "ConfigMap", metadata };
    await objects.create({ ...kind, data: { a: "1" } } as KubernetesObject);
    const patched = await objects.patch(
      { ...kind, data: { b: "2" } } as KubernetesObject,
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
    expect(patched).toMatchObject({ data: { a: "1", b: "2" } });
    expect(await objects.read(kind)).toMatchObject({ data: { b: "2" } });
    const { items } = await objects.list<V1ConfigMap>("v1", "ConfigMap", namespace);
    expect(items.map((item) => item.metadata?.name)).toContain("any");
    await objects.delete(kind);
    expect((await refusal(objects.read(kind))).code).toBe(404);
  });
});

describe("watches", () => {
  it("deliver in order, from a resource version on", async () => {
    const core = config.makeApiClient(CoreV1Api);
    const { metadata } = await core.listNamespacedConfigMap({ namespace });
    const seen: string[] = [];
    const watching = await new Watch(config).watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      { resourceVersion: metadata?.resourceVersion, fieldSelector: "metadata.name=watched" },
      (phase: string, object: V1ConfigMap) =>
        seen.push(`${phase} ${JSON.stringify(object.data ?? {})}`),
      () => undefined,
    );
    const name = "watched";
    const made = await core.createNamespacedConfigMap({ namespace, body: { metadata: { name } } });
    await core.replaceNamespacedConfigMap({
      namespace,
      name,
      body: Object.assign(made, { data: { a: "1" } }),
    });
    await core.deleteNamespacedConfigMap({ namespace, name });
    await cluster.until(() => seen.length === 3);
    expect(seen).toEqual(["ADDED {}", 'MODIFIED {"a":"1"}', 'DELETED {"a":"1"}']);
    watching.abort();
  });
});

describe("an informer", () => {
  it("goes on after its stream was cut, and lists again when its history is gone", async () => {
    const core = config.makeApiClient(CoreV1Api);
    const named = (name: string) => ({
      namespace,
      body: { metadata: { name, labels: { i: "i" } } },
    });
    const informer = makeInformer(
      config,
      `/api/v1/namespaces/${namespace}/configmaps`,
      () => core.listNamespacedConfigMap({ namespace, labelSelector: "i=i" }),
      "i=i",
    );
    const seen: string[] = [];
    informer.on("add", ({ metadata }) => seen.push(`add ${metadata?.name}`));
    informer.on("update", ({ metadata }) => seen.push(`update ${metadata?.name}`));
    informer.on("delete", ({ metadata }) => seen.push(`delete ${metadata?.name}`));
    let errors = 0;
    informer.on("error", () => (errors += 1));
    await core.createNamespacedConfigMap(named("first"));
    await informer.start();
    await core.createNamespacedConfigMap(named("second"));
    await cluster.until(() => seen.includes("add second"));

    // The server goes away, loses its history, and comes back at the same address.
    await served.close();
    await cluster.until(() => errors > 0);
    const { api, context } = cluster;
    await api.delete({ apiVersion: "v1", kind: "ConfigMap", namespace, name: "first" });
    await api.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      ...named("third").body,
      metadata: { ...named("third").body.metadata, namespace },
    });
    context.store.compact(context.store.revision);
    served = await cluster.serve({ port: served.port });
    await informer.start();
    await cluster.until(() => seen.includes("add third") && seen.includes("delete first"));
    expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(["second", "third"]);

    await core.deleteNamespacedConfigMap({ namespace, name: "second" });
    await cluster.until(() => seen.includes("delete second"));
    await informer.stop();
  });
});

describe("a lease", () => {
  it("is held by one: the other's write is out of date", async () => {
    const leases = config.makeApiClient(CoordinationV1Api);
    const body = (holderIdentity: string): V1Lease => ({
      metadata: { name: "leader" },
      spec: { holderIdentity, leaseDurationSeconds: 15, renewTime: new V1MicroTime() },
    });
    await leases.createNamespacedLease({ namespace, body: body("a") });
    const read = await leases.readNamespacedLease({ namespace, name: "leader" });
    const take = (holder: string): Promise<V1Lease> =>
      leases.replaceNamespacedLease({
        namespace,
        name: "leader",
        body: Object.assign(new V1Lease(), read, { spec: { holderIdentity: holder } }),
      });
    const outcomes = await Promise.allSettled([take("b"), take("c")]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect((await refusal(take("d"))).code).toBe(409);
  });
});

describe("streams into pods", () => {
  it("are refused by an HTTP answer to the upgrade", async () => {
    await readyPod("executed");
    const exec = new Exec(config).exec(namespace, "executed", "one", "ls", null, null, null, false);
    await expect(exec).rejects.toMatchObject({
      message: expect.stringContaining("Unexpected server response: 501"),
    });
  });
});
