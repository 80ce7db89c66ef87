// No verb answers before its write is durable, and no read shows what is not: a disk that takes its time.

import { expect, it } from "vitest";

import { createRng, createVirtualClock } from "../../../core/index.ts";
import type { KubeApi } from "../../../kubernetes/index.ts";
import { createCluster } from "../../cluster.ts";
import type { Cluster } from "../../cluster.ts";
import { openJournalStore } from "../../store/index.ts";
import { createMemoryDirectory } from "../../store/testing/memory-directory.ts";
import { configMap, NAMESPACE, pod, refTo, settle } from "../testing/api-fixture.ts";
import { deleteCollection } from "./delete-collection.ts";
import { PLAIN_DELETE } from "./delete-settings.ts";

interface SlowDisk {
  readonly cluster: Cluster;
  readonly api: KubeApi;
  /** Lets the disk finish what it has, and everything that follows from it. */
  finish(): Promise<void>;
}

async function slowDisk(): Promise<SlowDisk> {
  const waiting: (() => void)[] = [];
  let isSlow = false;
  const directory = createMemoryDirectory(new Map(), () =>
    isSlow ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(),
  );
  const store = await openJournalStore({ directory });
  const clock = createVirtualClock(0);
  const cluster = createCluster({ name: "slow", clock, rng: createRng("slow"), store });
  const { api } = cluster;
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  await api.create({ apiVersion: "v1", kind: "Node", metadata: { name: "node-0" } });
  await api.create(configMap("a"));
  await api.create(pod("p"));
  await api.create(DEPLOYMENT);
  isSlow = true;
  return {
    cluster,
    api,
    async finish() {
      while (waiting.length > 0) {
        waiting.shift()?.();
        await settle();
      }
    },
  };
}

const DEPLOYMENT = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: NAMESPACE },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "example/web:1" }] },
    },
  },
};
const at = { name: "p", namespace: NAMESPACE };
const namespaceRef = { apiVersion: "v1", kind: "Namespace", name: NAMESPACE };
const replicas = { type: "merge" as const, body: { spec: { replicas: 3 } } };

const verbs: readonly {
  readonly name: string;
  readonly call: (disk: SlowDisk) => Promise<unknown>;
}[] = [
  { name: "create", call: ({ api }) => api.create(configMap("b")) },
  { name: "update", call: ({ api }) => api.update({ ...configMap("a"), data: { a: "2" } }) },
  {
    name: "patch",
    call: ({ api }) =>
      api.patch(refTo(configMap("a")), { type: "merge", body: { data: { b: "1" } } }),
  },
  { name: "apply", call: ({ api }) => api.apply(configMap("c"), { fieldManager: "test" }) },
  { name: "delete", call: ({ api }) => api.delete(refTo(configMap("a"))) },
  {
    name: "status",
    call: ({ api }) =>
      api.patch(
        refTo(DEPLOYMENT),
        { type: "merge", body: { status: { replicas: 1 } } },
        { subresource: "status" },
      ),
  },
  {
    name: "scale",
    call: ({ api }) => api.patch(refTo(DEPLOYMENT), replicas, { subresource: "scale" }),
  },
  {
    name: "binding",
    call: ({ api }) =>
      api.create(
        {
          apiVersion: "v1",
          kind: "Binding",
          metadata: at,
          target: { apiVersion: "v1", kind: "Node", name: "node-0" },
        },
        { subresource: "binding" },
      ),
  },
  {
    name: "eviction",
    call: ({ api }) =>
      api.create(
        { apiVersion: "policy/v1", kind: "Eviction", metadata: at },
        { subresource: "eviction" },
      ),
  },
  {
    name: "finalize",
    call: async ({ api }) => {
      const namespace = await api.get(namespaceRef);
      return api.update({ ...namespace, spec: { finalizers: [] } }, { subresource: "finalize" });
    },
  },
  {
    name: "deletecollection",
    call: ({ cluster: { context } }) => {
      const resource = context.registry.byPath("", "v1", "configmaps");
      if (resource === undefined) throw new Error("config maps are served");
      const caller = { user: { name: "test", groups: [] }, defaultManager: "test", warn: () => {} };
      return deleteCollection(context, { resource, caller, namespace: NAMESPACE }, PLAIN_DELETE);
    },
  },
  {
    name: "get after somebody's write",
    call: async ({ api }) => {
      void api.create(configMap("b"));
      await settle();
      return api.get(refTo(configMap("a")));
    },
  },
  {
    name: "list after somebody's write",
    call: async ({ api }) => {
      void api.create(configMap("b"));
      await settle();
      return api.list({ apiVersion: "v1", kind: "ConfigMap" });
    },
  },
];

it.each(verbs)("$name", async ({ call }) => {
  const disk = await slowDisk();
  let isAnswered = false;
  const answer = call(disk).finally(() => {
    isAnswered = true;
  });
  await settle();
  await settle();
  expect(isAnswered).toBe(false);
  await disk.finish();
  await answer;
});

it("tells a watch of nothing that is not durable", async () => {
  const disk = await slowDisk();
  const seen: string[] = [];
  const follow = (mark: string): void => {
    const kind = { apiVersion: "v1", kind: "ConfigMap" };
    disk.api.watch(kind, {}, ({ type, object }) => {
      if (type !== "ERROR") seen.push(`${mark}${type} ${object.metadata.name}`);
    });
  };
  follow("");
  await settle();
  expect(seen).toEqual(["ADDED a"]);
  const made = disk.api.create(configMap("b"));
  await settle();
  follow("2 ");
  await settle();
  expect(seen).toEqual(["ADDED a"]);
  await disk.finish();
  await made;
  expect(seen.toSorted()).toEqual(["2 ADDED a", "2 ADDED b", "ADDED a", "ADDED b"]);
});
