// One interface, several ways to a cluster: in process, over HTTP/2, over HTTP/1.1. What differs is named here.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootstrap, createCluster } from "../../src/cluster/index.ts";
import { serveApi } from "../../src/cluster/serve/index.ts";
import { createRealClock, createRng } from "../../src/core/index.ts";
import {
  ConnectionError,
  createHttpsApi,
  isAlreadyExists,
  isConflict,
  isInvalid,
  isNotFound,
  readKubeconfig,
  refOf,
  type KubeApi,
  type KubernetesObject,
  type Status,
  type WatchEvent,
} from "../../src/kubernetes/index.ts";

interface Opened {
  readonly api: KubeApi;
  close(): Promise<void>;
}

async function createEmbedded() {
  const clock = createRealClock();
  const cluster = createCluster({ name: "conformance", clock, rng: createRng("conformance") });
  await bootstrap(cluster);
  const metadata = { name: "shop" };
  await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata });
  return { cluster, clock };
}

async function openHttps(http2: boolean): Promise<Opened> {
  const { cluster, clock } = await createEmbedded();
  const served = await serveApi(cluster.context, { name: "conformance", port: 0, clock });
  const api = createHttpsApi({ ...readKubeconfig(served.kubeconfig), http2 });
  return {
    api,
    async close() {
      api.close();
      await served.close();
    },
  };
}

const TRANSPORTS: readonly (readonly [string, () => Promise<Opened>])[] = [
  [
    "in process",
    async () => ({ api: (await createEmbedded()).cluster.api, close: () => Promise.resolve() }),
  ],
  ["HTTP/2", () => openHttps(true)],
  ["HTTP/1.1", () => openHttps(false)],
];

const config = (
  name: string,
  data: Record<string, string> = {},
  more: object = {},
): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "shop", ...more },
  data,
});
const KIND = { apiVersion: "v1", kind: "ConfigMap" };
const DEPLOYMENT: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "c", image: "i" }] },
    },
  },
};

describe.each(TRANSPORTS)("%s", (_, open) => {
  let opened: Opened;
  let api: KubeApi;
  beforeAll(async () => {
    opened = await open();
    ({ api } = opened);
  });
  afterAll(() => opened.close());

  it("creates, reads, updates and deletes", async () => {
    const created = await api.create(config("crud", { a: "1" }), { fieldManager: "tester" });
    expect(created.metadata.managedFields?.[0]?.manager).toBe("tester");
    expect(await api.get(refOf(created))).toEqual(created);
    const updated = await api.update({ ...created, data: { a: "ü" } });
    expect((await api.get(refOf(created)))["data"]).toEqual({ a: "ü" });
    await expect(api.update({ ...created, data: {} })).rejects.toSatisfy(isConflict);
    expect(await api.delete(refOf(updated))).toBeUndefined();
    await expect(api.get(refOf(created))).rejects.toSatisfy(isNotFound);
    await expect(api.delete(refOf(created))).rejects.toSatisfy(isNotFound);
  });

  it("refuses with a Status", async () => {
    await api.create(config("twice"));
    await expect(api.create(config("twice"))).rejects.toSatisfy(isAlreadyExists);
    const error = await api.create(config("No_Name")).catch((caught: unknown) => caught);
    expect(error).toSatisfy(isInvalid);
    expect((error as { status: Status }).status.details).toMatchObject({
      name: "No_Name",
      causes: [{ field: "metadata.name" }],
    });
    const absent = await api.get(refOf(config("absent"))).catch((caught: unknown) => caught);
    expect((absent as { status: Status }).status.details).toMatchObject({
      name: "absent",
      kind: "configmaps",
    });
  });

  it("has no details for a kind that is not served", async () => {
    const widget = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } };
    const error = await api.get(refOf(widget)).catch((caught: unknown) => caught);
    expect(error).toSatisfy(isNotFound);
    expect((error as { status: Status }).status.details?.name).toBeUndefined();
    await expect(api.list(widget)).rejects.toSatisfy(isNotFound);
  });

  it("finds a kind as soon as it is defined", async () => {
    const names = { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" };
    const openAPIV3Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }];
    const metadata = { name: "widgets.late.example.com" };
    const spec = { group: "late.example.com", scope: "Namespaced", names, versions };
    await api.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata,
      spec,
    });
    const widget = {
      apiVersion: "late.example.com/v1",
      kind: "Widget",
      metadata: { name: "w", namespace: "shop" },
    };
    expect((await api.create(widget)).metadata.name).toBe("w");
    expect((await api.discovery()).find(({ kind }) => kind === "Widget")).toMatchObject({
      apiVersion: "late.example.com/v1",
      resource: "widgets",
      namespaced: true,
    });
  });

  it("discovers the built-in kinds", async () => {
    const resources = await api.discovery();
    const deployments = resources.find(({ resource }) => resource === "deployments");
    expect(deployments).toMatchObject({
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespaced: true,
      shortNames: ["deploy"],
    });
    expect(deployments?.subresources.toSorted()).toEqual(["scale", "status"]);
    expect(deployments?.verbs).toContain("watch");
    const namespaces = resources.find(({ resource }) => resource === "namespaces");
    expect(namespaces).toMatchObject({ apiVersion: "v1", namespaced: false });
  });

  it("patches in every way", async () => {
    const { metadata } = await api.create(DEPLOYMENT);
    const ref = refOf(DEPLOYMENT);
    const json = {
      type: "json",
      operations: [{ op: "replace", path: "/spec/replicas", value: 2 }],
    } as const;
    expect((await api.patch(ref, json))["spec"]).toMatchObject({ replicas: 2 });
    const merge = { type: "merge", body: { metadata: { labels: { a: "b" } } } } as const;
    expect((await api.patch(ref, merge)).metadata.labels).toEqual({ a: "b" });
    const containers = [{ name: "side", image: "s" }];
    const strategic = {
      type: "strategic",
      body: { spec: { template: { spec: { containers } } } },
    } as const;
    const both = await api.patch(ref, strategic);
    expect(both["spec"]).toMatchObject({
      template: { spec: { containers: [{ name: "side" }, { name: "c" }] } },
    });
    const status = { type: "merge", body: { status: { observedGeneration: 7 } } } as const;
    expect((await api.patch(ref, status, { subresource: "status" }))["status"]).toMatchObject({
      observedGeneration: 7,
    });
    const scale = { type: "merge", body: { spec: { replicas: 5 } } } as const;
    await api.patch(ref, scale, { subresource: "scale" });
    expect(await api.get(ref, { subresource: "scale" })).toMatchObject({
      kind: "Scale",
      spec: { replicas: 5 },
    });
    expect((await api.get(ref)).metadata.uid).toBe(metadata.uid);
  });

  it("applies, with conflicts, force and dry run", async () => {
    const first = { fieldManager: "first" };
    await api.apply(config("applied", { a: "1" }), first);
    const dry = await api.apply(config("applied", { a: "2" }), { ...first, dryRun: true });
    expect([dry["data"], (await api.get(refOf(dry)))["data"]]).toEqual([{ a: "2" }, { a: "1" }]);
    const other = { fieldManager: "second" };
    const conflict = await api
      .apply(config("applied", { a: "3" }), other)
      .catch((caught: unknown) => caught);
    expect(conflict).toSatisfy(isConflict);
    expect((conflict as { status: Status }).status.details?.causes?.[0]).toMatchObject({
      reason: "FieldManagerConflict",
      field: ".data.a",
    });
    const forced = await api.apply(config("applied", { a: "3" }), { ...other, force: true });
    expect(forced["data"]).toEqual({ a: "3" });
  });

  it("waits for finalizers", async () => {
    const held = config("held", {}, { finalizers: ["example.com/hold"] });
    await api.create(held);
    const waiting = await api.delete(refOf(held), { propagationPolicy: "Foreground" });
    expect(waiting?.metadata.deletionTimestamp).toBeDefined();
    await api.patch(refOf(held), { type: "merge", body: { metadata: { finalizers: null } } });
    await expect(api.get(refOf(held))).rejects.toSatisfy(isNotFound);
    await api.create(config("kept"));
    const preconditions = { uid: "00000000-0000-4000-8000-000000000000" };
    await expect(api.delete(refOf(config("kept")), { preconditions })).rejects.toSatisfy(
      isConflict,
    );
    expect(await api.delete(refOf(config("kept")), { dryRun: true })).toBeUndefined();
    expect((await api.get(refOf(config("kept")))).metadata.name).toBe("kept");
  });

  it("lists by selectors and pages, each item with its kind", async () => {
    for (const name of ["l1", "l2", "l3"])
      await api.create(config(name, {}, { labels: { list: "yes" } }));
    const first = await api.list(KIND, { namespace: "shop", labelSelector: "list=yes", limit: 2 });
    expect(first.items.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      "ConfigMap/l1",
      "ConfigMap/l2",
    ]);
    const rest = await api.list(KIND, {
      namespace: "shop",
      labelSelector: "list=yes",
      limit: 2,
      continue: first.continue,
    });
    expect(rest.items.map(({ metadata }) => metadata.name)).toEqual(["l3"]);
    const one = await api.list(KIND, { fieldSelector: "metadata.name=l2" });
    expect(one.items.map(({ metadata }) => metadata.name)).toEqual(["l2"]);
  });

  it("watches from a list, and stops", async () => {
    const { resourceVersion } = await api.list(KIND);
    const { seen, until, onEvent } = collect();
    const watch = api.watch(
      KIND,
      { namespace: "shop", labelSelector: "watch", resourceVersion },
      onEvent,
    );
    const watched = config("watched", { text: "ü".repeat(1000) }, { labels: { watch: "1" } });
    await api.create(watched);
    await api.patch(refOf(watched), { type: "merge", body: { data: { text: "2" } } });
    await api.delete(refOf(watched));
    await until(3);
    watch.stop();
    await watch.done;
    expect(seen).toEqual([
      "ADDED ConfigMap/watched",
      "MODIFIED ConfigMap/watched",
      "DELETED ConfigMap/watched",
    ]);
  });

  it("sends initial events with a bookmark", async () => {
    await api.create(config("initial", {}, { labels: { initial: "1" } }));
    const { seen, until, onEvent } = collect();
    const watch = api.watch(
      KIND,
      {
        labelSelector: "initial",
        sendInitialEvents: true,
        resourceVersionMatch: "NotOlderThan",
        allowBookmarks: true,
      },
      onEvent,
    );
    await until(2);
    watch.stop();
    await watch.done;
    expect(seen).toEqual(["ADDED ConfigMap/initial", "BOOKMARK ConfigMap/"]);
  });

  it("keeps many watches on one client", async () => {
    const { seen, until: untilSeen, onEvent } = collect();
    const { resourceVersion } = await api.list(KIND);
    const watches = Array.from({ length: 150 }, () =>
      api.watch(KIND, { labelSelector: "many", resourceVersion }, onEvent),
    );
    await api.create(config("many", {}, { labels: { many: "1" } }));
    await untilSeen(150);
    for (const watch of watches) watch.stop();
    await Promise.all(watches.map(({ done }) => done));
    expect(new Set(seen)).toEqual(new Set(["ADDED ConfigMap/many"]));
  });

  it("evicts and binds through the pod", async () => {
    const metadata = { name: "p", namespace: "shop" };
    const spec = { containers: [{ name: "c", image: "i" }] };
    await api.create({ apiVersion: "v1", kind: "Pod", metadata, spec });
    const target = { apiVersion: "v1", kind: "Node", name: "node-a" };
    await api.create(
      { apiVersion: "v1", kind: "Binding", metadata, target },
      { subresource: "binding" },
    );
    expect((await api.get({ apiVersion: "v1", kind: "Pod", ...metadata }))["spec"]).toMatchObject({
      nodeName: "node-a",
    });
    await api.create(
      { apiVersion: "policy/v1", kind: "Eviction", metadata },
      { subresource: "eviction" },
    );
    expect(
      (await api.get({ apiVersion: "v1", kind: "Pod", ...metadata })).metadata.deletionTimestamp,
    ).toBeDefined();
  });
});

/** Notes events and waits for a number of them, without looking at a clock. */
function collect() {
  const seen: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  return {
    seen,
    onEvent({ type, object }: WatchEvent): void {
      const name = "name" in object.metadata ? object.metadata.name : "";
      seen.push(`${type} ${object.kind}/${name}`);
      for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
    },
    until: (count: number): Promise<void> =>
      seen.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => void waiting.push({ count, resolve })),
  };
}

describe("connections", () => {
  it("rejects with the address when nobody listens", async () => {
    const api = createHttpsApi({ server: "https://127.0.0.1:1" });
    const error = await api.discovery().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(String(error)).toContain("https://127.0.0.1:1/api");
    const watch = api.watch(KIND, {}, () => undefined);
    await expect(watch.done).rejects.toBeInstanceOf(ConnectionError);
  });

  it("refuses a server it cannot trust, and credentials the server cannot", async () => {
    const { cluster, clock } = await createEmbedded();
    const served = await serveApi(cluster.context, { name: "trust", port: 0, clock });
    const distrusting = createHttpsApi({ server: served.url, token: served.token });
    await expect(distrusting.discovery()).rejects.toThrow("certificate");
    const careless = createHttpsApi({
      server: served.url,
      token: served.token,
      insecureSkipTlsVerify: true,
    });
    expect(
      (await careless.list({ apiVersion: "v1", kind: "Namespace" })).items.length,
    ).toBeGreaterThan(0);
    const unknown = createHttpsApi({
      server: served.url,
      caPem: served.caPem,
      token: () => Promise.resolve("wrong"),
    });
    const refused = await unknown.discovery().catch((caught: unknown) => caught);
    expect((refused as { code: number }).code).toBe(401);
    for (const api of [distrusting, careless, unknown]) api.close();
    await served.close();
  });

  it("ends watches and goes on when the server comes back", async () => {
    const { cluster, clock } = await createEmbedded();
    const served = await serveApi(cluster.context, { name: "again", port: 0, clock });
    const { credentials, port, url, caPem, token } = served;
    const api = createHttpsApi({ server: url, caPem, token });
    await api.list(KIND);
    const watch = api.watch(KIND, {}, () => undefined);
    await api.create(config("before"));
    await served.close();
    await watch.done;
    await expect(api.list(KIND)).rejects.toBeInstanceOf(ConnectionError);
    const again = await serveApi(cluster.context, { name: "again", port, clock, credentials });
    expect((await api.list(KIND)).items.map(({ metadata }) => metadata.name)).toEqual(["before"]);
    api.close();
    await expect(api.list(KIND)).rejects.toBeInstanceOf(ConnectionError);
    await again.close();
  });
});
