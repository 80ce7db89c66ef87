// Ranges and addresses of Services as objects. Cases from kubernetes test/integration/servicecidr (allocator_test.go,
// servicecidr_test.go) and pkg/apis/networking/validation/validation_test.go.

import { beforeAll, describe, expect, it } from "vitest";

import { createRng, createVirtualClock } from "../../core/index.ts";
import { isNotFound } from "../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../kubernetes/index.ts";
import { createCluster } from "../cluster.ts";
import { createMemoryStore } from "../store/index.ts";
import { IP_ADDRESS, SERVICE_CIDR_KIND } from "./service-range-kinds.ts";
import { SERVICE } from "./service-kinds.ts";
import { refusal, startTestCluster, type TestCluster } from "./testing/test-cluster.ts";

let test: TestCluster;
beforeAll(async () => {
  test = await startTestCluster();
});

const cidr = (name: string, ...cidrs: readonly string[]): KubernetesObject => ({
  ...SERVICE_CIDR_KIND,
  metadata: { name },
  spec: { cidrs },
});

const service = (name: string, clusterIP?: string): KubernetesObject => ({
  ...SERVICE,
  metadata: { name, namespace: "default" },
  spec: { ports: [{ port: 80 }], ...(clusterIP === undefined ? {} : { clusterIP }) },
});

const held = async (): Promise<Readonly<Record<string, string | undefined>>> => {
  const addresses = await test.list(IP_ADDRESS);
  return Object.fromEntries(
    addresses.map(({ metadata, spec }) => [metadata.name, spec?.parentRef?.name]),
  );
};

describe("the range of a cluster", () => {
  it("is an object that is ready, and so is every address", async () => {
    const own = await test.get(SERVICE_CIDR_KIND, "kubernetes", "");
    expect(own).toMatchObject({
      metadata: { finalizers: ["networking.k8s.io/service-cidr-finalizer"] },
      spec: { cidrs: ["10.43.0.0/16"] },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
    expect(await held()).toEqual({ "10.43.0.1": "kubernetes" });
    expect(await test.get(IP_ADDRESS, "10.43.0.1", "")).toMatchObject({
      metadata: {
        labels: {
          "ipaddress.kubernetes.io/ip-family": "IPv4",
          "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
        },
      },
      spec: { parentRef: { resource: "services", namespace: "default", name: "kubernetes" } },
    });
  });

  it("follows Services: made, deleted, taken away by hand", async () => {
    await test.api.create(service("a", "10.43.7.7"));
    await test.clock.settle();
    expect(await held()).toMatchObject({ "10.43.7.7": "a" });
    await test.api.delete({ ...IP_ADDRESS, name: "10.43.7.7" });
    await test.clock.settle();
    expect(await held()).toMatchObject({ "10.43.7.7": "a" });
    await test.api.delete({ ...SERVICE, name: "a", namespace: "default" });
    await test.clock.settle();
    expect(Object.keys(await held())).toEqual(["10.43.0.1"]);
  });

  it("is widened by another, which stays while an address of it is in use", async () => {
    const outside = "failed to allocate IP 10.96.0.5: the provided IP (10.96.0.5) is not in the";
    expect(await refusal(test.api.create(service("b", "10.96.0.5")))).toContain(outside);
    await test.api.create(cidr("more", "10.96.0.0/24"));
    await test.clock.settle();
    await test.api.create(service("b", "10.96.0.5"));
    await test.clock.settle();
    await test.api.delete({ ...SERVICE_CIDR_KIND, name: "more" });
    await test.advance(60_000);
    expect(await test.get(SERVICE_CIDR_KIND, "more", "")).toMatchObject({
      status: {
        conditions: [
          {
            type: "Ready",
            status: "False",
            reason: "Terminating",
            message:
              "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR",
          },
        ],
      },
    });
    expect(await refusal(test.api.create(service("c", "10.96.0.6")))).toContain("not in the valid");
    await test.api.delete({ ...SERVICE, name: "b", namespace: "default" });
    await test.clock.settle();
    await expect(test.get(SERVICE_CIDR_KIND, "more", "")).rejects.toSatisfy(isNotFound);
  });

  it("keeps an address that somebody reserved", async () => {
    const name = "10.43.8.8";
    const spec = { parentRef: { group: "gateway.example", resource: "gateways", name: "g" } };
    await test.api.create({ ...IP_ADDRESS, metadata: { name }, spec });
    await test.clock.settle();
    const taken = "provided IP is already allocated";
    expect(await refusal(test.api.create(service("d", name)))).toContain(taken);
    await test.api.delete({ ...IP_ADDRESS, name });
    await test.clock.settle();
    expect(await refusal(test.api.create(service("d", name)))).toBe("");
  });
});

describe("a server that begins with what another one has stored", () => {
  it("knows the ranges and the addresses", async () => {
    const store = createMemoryStore();
    const begin = (): KubeApi => {
      const clock = createVirtualClock(0);
      return createCluster({ name: "test", clock, rng: createRng("test"), store }).api;
    };
    const first = begin();
    const metadata = { name: "default" };
    await first.create({ apiVersion: "v1", kind: "Namespace", metadata });
    await first.create(cidr("more", "10.96.0.0/24"));
    const spec = { parentRef: { resource: "gateways", name: "g" } };
    await first.create({ ...IP_ADDRESS, metadata: { name: "10.43.8.8" }, spec });
    const second = begin();
    expect(await refusal(second.create(service("a", "10.96.0.9")))).toBe("");
    const taken = "provided IP is already allocated";
    expect(await refusal(second.create(service("b", "10.43.8.8")))).toContain(taken);
    expect(await refusal(begin().create(service("c", "10.96.0.9")))).toContain(taken);
  });
});

const WRONG: readonly {
  readonly name: string;
  readonly object: KubernetesObject;
  readonly says: string;
}[] = [
  { name: "no range", object: cidr("x"), says: "spec.cidrs: Required value: at least one CIDR" },
  {
    name: "three ranges",
    object: cidr("x", "10.1.0.0/16", "fd00::/64", "10.2.0.0/16"),
    says: "may only hold up to 2 values",
  },
  {
    name: "two of one family",
    object: cidr("x", "10.1.0.0/16", "10.2.0.0/16"),
    says: "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64",
  },
  {
    name: "no CIDR",
    object: cidr("x", "10.1.0.0"),
    says: 'spec.cidrs[0]: Invalid value: "10.1.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
  },
  {
    name: "an address that is none",
    object: { ...IP_ADDRESS, metadata: { name: "a" }, spec: {} },
    says: 'metadata.name: Invalid value: "a": ParseAddr("a"): unable to parse IP, spec.parentRef: Required value',
  },
];

describe("what is refused", () => {
  it.each(WRONG)("$name", async ({ object, says }) => {
    expect(await refusal(test.api.create(object))).toContain(says);
  });

  it("a change of the range", async () => {
    const own = await test.get(SERVICE_CIDR_KIND, "kubernetes", "");
    const changed = { ...own, spec: { cidrs: ["10.44.0.0/16"] } };
    expect(await refusal(test.api.update(changed))).toContain(
      'spec.cidrs: Invalid value: ["10.44.0.0/16"]: field is immutable',
    );
  });
});
