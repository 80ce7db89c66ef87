import { describe, expect, it } from "vitest";
import type { KubeApi, KubernetesObject, Pod, WatchEvent } from "../../../kubernetes/index.ts";
import { createInProcessApi } from "../in-process-api.ts";
import { apiFixture, NAMESPACE, pod, refTo, settle } from "../testing/api-fixture.ts";
import type { ApiFixture } from "../testing/api-fixture.ts";
import { isLater } from "./later.ts";

const ADMIN = { name: "system:admin", groups: ["system:masters"] };
const WEB = refTo(pod("web"));

/** The API of a controller that is the cluster's own, or of one that is not. */
function controllerApi({ cluster }: ApiFixture, knowsDerived: boolean): KubeApi {
  return createInProcessApi(cluster.context, {
    user: ADMIN,
    defaultManager: "kube-controller-manager",
    knowsDerived,
  });
}

type Step = (api: KubeApi, fixture: ApiFixture) => Promise<unknown>;

const create: Step = (api) => api.create(pod("web"));
const bind: Step = (api) => {
  const metadata = { name: "web", namespace: NAMESPACE };
  const target = { apiVersion: "v1", kind: "Node", name: "node-1" };
  const binding = { apiVersion: "v1", kind: "Binding", metadata, target };
  return api.create(binding, { subresource: "binding", fieldManager: "kube-scheduler" });
};
const say =
  (status: Pod["status"], fieldManager: string): Step =>
  async (api) => {
    const object = await api.get(WEB);
    return api.update({ ...object, status }, { subresource: "status", fieldManager });
  };
const later: Step = async (_, { clock }) => clock.advanceTo(clock.now() + 5_000);
const label: Step = (api) => {
  const body = { metadata: { labels: { tier: "front", app: null } } };
  return api.patch(WEB, { type: "merge", body }, { fieldManager: "kubectl-label" });
};
const addresses = ["10.42.0.7", "10.42.0.8"].map((ip) => ({ ip }));
const pending = say({ phase: "Pending" }, "kubelet");
const running = say({ phase: "Running", podIP: "10.42.0.7", podIPs: addresses }, "kubelet");

const HISTORIES: readonly { readonly name: string; readonly steps: readonly Step[] }[] = [
  { name: "created", steps: [create] },
  { name: "created and bound", steps: [create, later, bind] },
  { name: "bound and started", steps: [create, bind, later, pending, later, running] },
  { name: "told by two managers", steps: [create, pending, later, say({ phase: "Running" }, "b")] },
  { name: "relabelled after that", steps: [create, bind, running, later, label, later, pending] },
  {
    name: "told more often than notes may wait",
    steps: [create, bind, ...Array.from({ length: 12 }, () => [later, pending, running]).flat()],
  },
];

async function live(steps: readonly Step[], knowsDerived: boolean): Promise<KubernetesObject> {
  const fixture = apiFixture();
  const api = controllerApi(fixture, knowsDerived);
  for (const step of steps) await step(api, fixture);
  return fixture.api.get(WEB);
}

describe("managed fields that wait to be looked at", () => {
  it.each(HISTORIES)("are those noted at once: $name", async ({ steps }) => {
    const [waited, noted] = [await live(steps, true), await live(steps, false)];
    expect(waited.metadata.managedFields?.length).toBeGreaterThan(0);
    expect(waited.metadata.managedFields).toEqual(noted.metadata.managedFields);
    expect(JSON.stringify(waited)).toBe(JSON.stringify(noted));
  });

  it("say nothing of a binding, which is written below them", async () => {
    const bound = await live([create, bind], false);
    expect((bound as Pod).spec.nodeName).toBe("node-1");
    expect(bound.metadata.managedFields?.map(({ subresource }) => subresource)).toEqual([
      undefined,
    ]);
  });

  it("wait for the cluster's own controllers, and answer like any list when asked", async () => {
    const fixture = apiFixture();
    const own = controllerApi(fixture, true);
    await create(own, fixture);
    const { managedFields } = (await own.get(WEB)).metadata;
    expect(isLater(managedFields)).toBe(true);
    expect(managedFields?.map(({ manager }) => manager)).toEqual(["kube-controller-manager"]);
    expect(Object.isFrozen(managedFields)).toBe(true);
  });

  it("are a plain list for everybody else, who may clone it", async () => {
    const fixture = apiFixture();
    const events: WatchEvent[] = [];
    const watch = fixture.api.watch(WEB, {}, (event) => events.push(event));
    await create(controllerApi(fixture, true), fixture);
    await settle();
    watch.stop();
    const { items } = await fixture.api.list(WEB);
    const seen = [await fixture.api.get(WEB), ...items, ...events.map(({ object }) => object)];
    expect(seen).toHaveLength(3);
    for (const object of seen) expect(structuredClone(object)).toEqual(object);
  });

  it("make no version of a status that says what was said", async () => {
    const fixture = apiFixture();
    const own = controllerApi(fixture, true);
    for (const step of [create, running]) await step(own, fixture);
    const before = await own.get(WEB);
    await later(own, fixture);
    await running(own, fixture);
    expect((await own.get(WEB)).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });
});
