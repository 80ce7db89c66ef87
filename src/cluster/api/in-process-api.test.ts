import { beforeEach, describe, expect, it } from "vitest";
import { createRng, createVirtualClock } from "../../core/index.ts";
import { isAlreadyExists, isConflict, isInvalid, isNotFound } from "../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject, WatchEvent } from "../../kubernetes/index.ts";
import { createCluster } from "../cluster.ts";

const NAMESPACE = "shop";

function configMap(name: string, data: Record<string, string> = { a: "1" }): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE }, data };
}

function deployment(name: string): KubernetesObject {
  const container = { name: "c", image: "registry.example/app:1" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
    },
  };
}

const refTo = (object: KubernetesObject) => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  name: object.metadata.name,
  namespace: object.metadata.namespace,
});

/** The spec of an object as a plain record, for assertions. */
const specOf = (object: KubernetesObject): Record<string, unknown> =>
  object["spec"] as Record<string, unknown>;

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

describe("in-process API", () => {
  let api: KubeApi;
  beforeEach(() => {
    const clock = createVirtualClock(Date.parse("2026-01-01T00:00:00Z"));
    api = createCluster({ name: "test", clock, rng: createRng("seed") }).api;
  });

  it("creates with system fields and refuses a second one", async () => {
    const created = await api.create(configMap("x"));
    expect(created.metadata).toMatchObject({ name: "x", namespace: NAMESPACE });
    expect(created.metadata.uid).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(Number(created.metadata.resourceVersion)).toBeGreaterThan(0);
    expect(await api.get(refTo(created))).toBe(created);
    await expect(api.create(configMap("x"))).rejects.toSatisfy(isAlreadyExists);
  });

  it("generates names", async () => {
    const created = await api.create({
      ...configMap(""),
      metadata: { generateName: "web-", namespace: NAMESPACE } as KubernetesObject["metadata"],
    });
    expect(created.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it("fills defaults and counts generations by spec, not by status", async () => {
    const created = await api.create(deployment("d"));
    expect(created.metadata.generation).toBe(1);
    expect(specOf(created)).toMatchObject({
      replicas: 1,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } },
      template: { spec: { restartPolicy: "Always", containers: [{ resources: {} }] } },
    });
    const scaled = await api.patch(refTo(created), {
      type: "merge",
      body: { spec: { replicas: 3 } },
    });
    expect(scaled.metadata.generation).toBe(2);
    const status = { observedGeneration: 2, replicas: 3 };
    const updated = await api.update({ ...scaled, status, spec: {} }, { subresource: "status" });
    expect(updated.metadata.generation).toBe(2);
    expect(updated["status"]).toMatchObject(status);
    expect(specOf(updated)["replicas"]).toBe(3);
    const ignored = await api.patch(refTo(created), {
      type: "merge",
      body: { status: { replicas: 9 } },
    });
    expect(ignored).toBe(updated);
  });

  it("answers 409 to a stale update and keeps the version when nothing changes", async () => {
    const first = await api.create(configMap("x"));
    const second = await api.update({ ...first, data: { a: "2" } });
    await expect(api.update({ ...first, data: { a: "3" } })).rejects.toSatisfy(isConflict);
    const third = await api.update({ ...second, data: { a: "2" } });
    expect(third.metadata.resourceVersion).toBe(second.metadata.resourceVersion);
  });

  it("waits for finalizers before an object goes", async () => {
    const created = await api.create({
      ...configMap("x"),
      metadata: { name: "x", namespace: NAMESPACE, finalizers: ["example.com/hold"] },
    });
    const terminating = await api.delete(refTo(created));
    expect(terminating?.metadata.deletionTimestamp).toBeDefined();
    await expect(
      api.patch(refTo(created), {
        type: "merge",
        body: { metadata: { finalizers: ["a.b/c", "example.com/hold"] } },
      }),
    ).rejects.toSatisfy(isInvalid);
    await api.patch(refTo(created), { type: "merge", body: { metadata: { finalizers: null } } });
    await expect(api.get(refTo(created))).rejects.toSatisfy(isNotFound);
  });

  it("gives scheduled pods their grace period", async () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: NAMESPACE },
      spec: { nodeName: "node-a", containers: [{ name: "c", image: "i" }] },
    };
    const created = await api.create(pod);
    expect(created["status"]).toEqual({ phase: "Pending", qosClass: "BestEffort" });
    const terminating = await api.delete(refTo(created));
    expect(terminating?.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(await api.delete(refTo(created), { gracePeriodSeconds: 0 })).toBeUndefined();
    await expect(api.get(refTo(created))).rejects.toSatisfy(isNotFound);
  });

  it("binds a pod to a node once", async () => {
    const metadata = { name: "p", namespace: NAMESPACE };
    await api.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata,
      target: { kind: "Node", name: "n" },
    };
    await api.create(binding, { subresource: "binding" });
    const pod = await api.get({ apiVersion: "v1", kind: "Pod", ...metadata });
    expect(specOf(pod)["nodeName"]).toBe("n");
    await expect(api.create(binding, { subresource: "binding" })).rejects.toSatisfy(isConflict);
  });

  it("scales through the scale subresource", async () => {
    const created = await api.create(deployment("d"));
    const body = { spec: { replicas: 4 } };
    await api.patch(refTo(created), { type: "merge", body }, { subresource: "scale" });
    const scale = await api.get(refTo(created), { subresource: "scale" });
    expect(scale).toMatchObject({
      kind: "Scale",
      spec: { replicas: 4 },
      status: { selector: "app=d" },
    });
  });

  it("gives services an address of their own and takes it back", async () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "svc", namespace: NAMESPACE },
      spec: { ports: [{ port: 80 }], selector: { app: "x" } },
    };
    const first = await api.create(service);
    const address = specOf(first)["clusterIP"];
    expect(address).toMatch(/^10\.43\./);
    const clash = {
      ...service,
      metadata: { ...service.metadata, name: "b" },
      spec: { ...service.spec, clusterIP: address },
    };
    await expect(api.create(clash)).rejects.toSatisfy(isInvalid);
    await api.delete(refTo(first));
    expect(specOf(await api.create(clash))["clusterIP"]).toBe(address);
  });

  it("watches from a list, with selector transitions", async () => {
    const listed = await api.list({ apiVersion: "v1", kind: "ConfigMap" });
    const events: string[] = [];
    const note = (event: WatchEvent): void => {
      events.push(
        `${event.type} ${"name" in event.object.metadata ? event.object.metadata.name : ""}`,
      );
    };
    const watch = api.watch(
      { apiVersion: "v1", kind: "ConfigMap" },
      { resourceVersion: listed.resourceVersion, labelSelector: "on" },
      note,
    );
    const created = await api.create(configMap("x"));
    const label = (on: string | null) =>
      api.patch(refTo(created), { type: "merge", body: { metadata: { labels: { on } } } });
    await label("1");
    await label("2");
    await label(null);
    await settle();
    expect(events).toEqual(["ADDED x", "MODIFIED x", "DELETED x"]);
    watch.stop();
    await watch.done;
  });

  it("pages one snapshot", async () => {
    for (const name of ["a", "b", "c"]) await api.create(configMap(name));
    const kind = { apiVersion: "v1", kind: "ConfigMap" };
    const first = await api.list(kind, { limit: 2 });
    await api.create(configMap("bb"));
    const second = await api.list(kind, { limit: 2, continue: first.continue });
    expect(first.items.map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
    expect(second.items.map(({ metadata }) => metadata.name)).toEqual(["c"]);
    expect(second.resourceVersion).toBe(first.resourceVersion);
  });

  it("writes nothing on a dry run", async () => {
    const before = await api.list({ apiVersion: "v1", kind: "ConfigMap" });
    const created = await api.create(configMap("x"), { dryRun: true });
    expect(created.metadata.resourceVersion).toBeUndefined();
    const after = await api.list({ apiVersion: "v1", kind: "ConfigMap" });
    expect(after.resourceVersion).toBe(before.resourceVersion);
  });

  it("serves custom kinds while their definition exists", async () => {
    const widget = {
      apiVersion: "e.com/v1",
      kind: "Widget",
      metadata: { name: "w", namespace: NAMESPACE },
    };
    await expect(api.create(widget)).rejects.toSatisfy(isNotFound);
    const definition = await api.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "widgets.e.com" },
      spec: {
        group: "e.com",
        scope: "Namespaced",
        names: { plural: "widgets", kind: "Widget" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: {
                  spec: {
                    type: "object",
                    properties: { size: { type: "integer", default: 3, minimum: 1 } },
                  },
                },
              },
            },
          },
        ],
      },
    });
    await settle();
    const status = (await api.get(refTo(definition)))["status"];
    expect(status).toMatchObject({
      conditions: [
        { type: "NamesAccepted", status: "True" },
        { type: "Established", status: "True" },
      ],
    });
    const created = await api.create({ ...widget, spec: { unknown: 1 } });
    expect(created["spec"]).toEqual({ size: 3 });
    await expect(
      api.create({ ...widget, metadata: { ...widget.metadata, name: "z" }, spec: { size: 0 } }),
    ).rejects.toSatisfy(isInvalid);
  });
});
