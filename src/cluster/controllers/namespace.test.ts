// Situations of kubernetes pkg/controller/namespace/deletion/namespaced_resources_deleter_test.go (TestSyncNamespaceThatIs*,
// TestDeletionConditions, TestOrderedNamespaceDeletion) and status_condition_utils_test.go @ v1.36 on the live API.

import { expect, test } from "vitest";
import { isNotFound, POD } from "../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../kubernetes/index.ts";
import { namespaceController } from "./namespace.ts";
import { NAMESPACE } from "./namespace-kinds.ts";
import type { Namespace } from "./namespace-kinds.ts";
import { createControllerBench } from "./testing/controller-bench.ts";

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap" };
const REF = { ...NAMESPACE, name: "ns" };
const HOLD = { finalizers: ["example.com/hold"] };
const configMap = (name: string, over: object = {}): KubernetesObject => ({
  ...CONFIG_MAP,
  metadata: { name, namespace: "ns", ...over },
});
const pod = (name: string): KubernetesObject => ({
  ...POD,
  metadata: { name, namespace: "ns", ...HOLD },
  spec: { nodeName: "n", containers: [{ name: "c", image: "i:1" }] },
});

async function deleting(...content: readonly KubernetesObject[]) {
  const bench = await createControllerBench();
  await bench.api.create({ ...NAMESPACE, metadata: { name: "ns" } });
  for (const object of content) await bench.api.create(object);
  await bench.run(namespaceController);
  await bench.api.delete(REF);
  await bench.clock.advanceBy(3000);
  return bench;
}
async function find(api: KubeApi): Promise<Namespace | undefined> {
  return api.get(REF).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  }) as Promise<Namespace | undefined>;
}
const said = async (api: KubeApi): Promise<readonly string[]> =>
  ((await find(api))?.status?.conditions ?? []).map(
    ({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`,
  );
const release = (api: KubeApi, { apiVersion, kind, metadata }: KubernetesObject) =>
  api.patch(
    { apiVersion, kind, name: metadata.name, namespace: "ns" },
    { type: "merge", body: { metadata: { finalizers: null } } },
  );
const DISCOVERED = [
  "NamespaceDeletionDiscoveryFailure False ResourcesDiscovered: All resources successfully discovered",
  "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions: All legacy kube types successfully parsed",
  "NamespaceDeletionContentFailure False ContentDeleted: All content successfully deleted, may be waiting on finalization",
];

test("a namespace that is not being deleted keeps its content", async () => {
  const { api, clock, run } = await createControllerBench();
  await api.create({ ...NAMESPACE, metadata: { name: "ns" } });
  await api.create(configMap("a"));
  await run(namespaceController);
  await clock.advanceBy(10_000);
  expect((await api.list(CONFIG_MAP, { namespace: "ns" })).items).toHaveLength(1);
});

test("goes with its content", async () => {
  const { api, errors } = await deleting(configMap("a"), configMap("b"));
  expect(await find(api)).toBeUndefined();
  expect((await api.list(CONFIG_MAP, { namespace: "ns" })).items).toEqual([]);
  expect(errors).toEqual([]);
});

test("tells how much of what is left, and which finalizers hold it", async () => {
  const held = [configMap("a", HOLD), configMap("b", { finalizers: ["example.com/other"] })];
  const { api, clock } = await deleting(...held, configMap("free"));
  expect(await said(api)).toEqual([
    ...DISCOVERED,
    "NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: configmaps. has 2 resource instances",
    "NamespaceFinalizersRemaining True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances, example.com/other in 1 resource instances",
  ]);
  for (const object of held) await release(api, object);
  await clock.advanceBy(20_000);
  expect(await find(api)).toBeUndefined();
});

test("pods go first; nothing else is touched before they are gone", async () => {
  const { api, clock } = await deleting(pod("p"), configMap("a"));
  expect(await said(api)).toContain(
    "NamespaceContentRemaining True SomeResourcesRemain: Some resources are remaining: pods. has 1 resource instances",
  );
  expect((await api.list(CONFIG_MAP, { namespace: "ns" })).items).toHaveLength(1);
  await release(api, pod("p"));
  await api.delete({ ...POD, name: "p", namespace: "ns" }, { gracePeriodSeconds: 0 });
  await clock.advanceBy(20_000);
  expect(await find(api)).toBeUndefined();
  expect((await api.list(CONFIG_MAP, { namespace: "ns" })).items).toEqual([]);
});

test("stays for finalizers of its own that others keep", async () => {
  const { api, clock, run } = await createControllerBench();
  const made = await api.create({ ...NAMESPACE, metadata: { name: "ns" } });
  const spec = { finalizers: ["kubernetes", "example.com/mine"] };
  await api.update({ ...made, spec }, { subresource: "finalize" });
  await run(namespaceController);
  await api.delete(REF);
  await clock.advanceBy(10_000);
  expect((await find(api))?.spec?.finalizers).toEqual(["example.com/mine"]);
});
