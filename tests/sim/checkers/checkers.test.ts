// Each checker on a world that breaks its property, and on the same world mended.

import { beforeAll, describe, expect, it } from "vitest";

import { createEmbeddedCluster } from "../../../src/cluster/index.ts";
import type { EmbeddedCluster } from "../../../src/cluster/index.ts";
import { createRng, createVirtualClock } from "../../../src/core/index.ts";
import { createInformerSet } from "../../../src/kubernetes/index.ts";
import type { KindRef, KubernetesObject } from "../../../src/kubernetes/index.ts";
import { SERVICE_CIDR } from "../life.ts";
import { keyOf } from "../witness.ts";
import type { World } from "./checker.ts";
import { CHECKERS } from "./checkers.ts";

let cluster: EmbeddedCluster;
let service: KubernetesObject;

beforeAll(async () => {
  const clock = createVirtualClock(0);
  const options = { name: "checked", clock, rng: createRng("checked"), nodes: [] };
  cluster = createEmbeddedCluster({ ...options, serviceCidr: SERVICE_CIDR });
  await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "red" } });
  service = await cluster.api.create({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "a", namespace: "red" },
    spec: { ports: [{ port: 80 }] },
  });
});

const meta = (name: string, more: object = {}) => ({ name, namespace: "red", uid: name, ...more });
const make = (kind: string, name: string, more: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: meta(name),
  ...more,
});

interface Told {
  readonly mirror?: readonly KubernetesObject[];
  readonly violations?: readonly string[];
}

function world(objects: readonly KubernetesObject[], told: Told = {}): World {
  const kinds = new Map<string, KindRef>();
  for (const { apiVersion, kind } of objects) kinds.set(kind, { apiVersion, kind });
  const lists = new Map(
    [...kinds.values()].map((kind) => [kind, objects.filter((one) => one.kind === kind.kind)]),
  );
  const { mirror = objects, violations = [] } = told;
  const informers = createInformerSet({
    api: cluster.api,
    clock: cluster.clock,
    rng: createRng("informers"),
  });
  return {
    lists,
    objects,
    life: { cluster, informers },
    witness: {
      violations,
      mirror: (kind) =>
        new Map(
          mirror.filter((one) => one.kind === kind.kind).map((one) => [keyOf(one), one] as const),
        ),
    },
  };
}

const managed = (field: string): KubernetesObject =>
  make("ConfigMap", "a", {
    metadata: meta("a", {
      managedFields: [
        { manager: "left", operation: "Apply", fieldsV1: { "f:data": { [`f:${field}`]: {} } } },
      ],
    }),
    data: { value: "1" },
  });
const owned = (uid: string): readonly KubernetesObject[] => [
  make("ReplicaSet", "set", { spec: { replicas: 0 }, status: { replicas: 0 } }),
  make("ConfigMap", "a", { metadata: meta("a", { ownerReferences: [{ uid }] }) }),
];
const deployment = (readyReplicas: number): KubernetesObject =>
  make("Deployment", "a", { spec: { replicas: 2 }, status: { replicas: 2, readyReplicas } });
const quota = (configmaps: string): readonly KubernetesObject[] => [
  make("ResourceQuota", "q", {
    spec: { hard: { configmaps: "5" } },
    status: { used: { configmaps } },
  }),
  make("ConfigMap", "a"),
];
const at = (resourceVersion: string): KubernetesObject =>
  make("ConfigMap", "a", { metadata: meta("a", { resourceVersion }) });

const cases: readonly {
  readonly name: string;
  readonly broken: () => World;
  readonly mended: () => World;
}[] = [
  {
    name: "revisions strictly increase",
    broken: () => world([], { violations: ["MODIFIED Pod red/a@3 came after revision 4"] }),
    mended: () => world([]),
  },
  {
    name: "a list plus its watch is a later list",
    broken: () => world([at("2")], { mirror: [at("1")] }),
    mended: () => world([at("2")], { mirror: [at("2")] }),
  },
  {
    name: "service addresses and node ports are unique and accounted for",
    broken: () => world([service, { ...service, metadata: meta("b") }]),
    mended: () => world([service]),
  },
  {
    name: "managed fields exist in their object",
    broken: () => world([managed("gone")]),
    mended: () => world([managed("value")]),
  },
  {
    name: "caches equal the store",
    broken: () => world([at("2")]),
    mended: () => world([]),
  },
  {
    name: "every owned object has a live owner",
    broken: () => world(owned("nobody")),
    mended: () => world(owned("set")),
  },
  {
    name: "workloads reach what they want",
    broken: () => world([deployment(1)]),
    mended: () => world([deployment(2)]),
  },
  {
    name: "quota usage equals a recount",
    broken: () => world(quota("2")),
    mended: () => world(quota("1")),
  },
];

describe("checkers", () => {
  it("are all tried here", () => {
    expect(cases.map(({ name }) => name)).toEqual(CHECKERS.map(({ name }) => name));
  });

  it.each(cases)("$name", ({ name, broken, mended }) => {
    const checker = CHECKERS.find((one) => one.name === name);
    expect(checker?.check(broken()).length).toBeGreaterThan(0);
    expect(checker?.check(mended())).toEqual([]);
  });

  it("know an address that nobody holds any more", () => {
    const checker = CHECKERS.find(({ name }) => name.startsWith("service addresses"));
    expect(checker?.check(world([]))).toEqual([expect.stringContaining("is leaked")]);
  });
});
