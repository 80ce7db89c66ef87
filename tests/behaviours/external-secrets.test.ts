// The External Secrets Operator's behaviour on a real embedded API under virtual time: values of a store become Secrets, follow
// it once an interval, and what is missing is said instead of waited for.

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { bootstrap, createCluster, type Cluster } from "../../src/cluster/index.ts";
import { behaviour } from "../../src/components/secrets/external-secrets/behaviour.ts";
import { externalSecretsCrdFacts } from "../../src/components/secrets/external-secrets/crds.facts.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  crdObjects,
  createInformerSet,
  runControllers,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";

const API = "external-secrets.io/v1";
const HOUR_MS = 3_600_000;
const TARGET = { name: "orders-app", namespace: "shop" };
const PATH = "harbour/prod/databases/orders";

let clock: VirtualClock;
let cluster: Cluster;
const kept = new Map<string, Record<string, string>>();
let stop: () => void;

beforeAll(async () => {
  clock = createVirtualClock(Date.UTC(2026, 0, 1));
  cluster = createCluster({ name: "test", clock, rng: createRng("test") });
  await bootstrap(cluster);
  for (const definition of crdObjects(externalSecretsCrdFacts))
    await cluster.api.create(definition);
  for (const name of ["shop", "vault"])
    await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const rng = createRng("behaviours");
  const informers = createInformerSet({ api: cluster.api, clock, rng });
  const factories = behaviour.controllers?.({
    api: cluster.api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
    secretStore: { read: (path) => kept.get(path) },
  });
  const running = runControllers(factories ?? [], { api: cluster.api, clock, rng, informers });
  running.start();
  stop = () => running.stop();
});
afterAll(() => stop());

/** Deletes what a test wrote; the Secret goes with its owner. */
afterEach(async () => {
  await cluster.api.delete({ apiVersion: API, kind: "ClusterSecretStore", name: "kept" });
  await cluster.api.delete({ apiVersion: API, kind: "ExternalSecret", ...TARGET });
  await cluster.api.delete({ apiVersion: "v1", kind: "Secret", ...TARGET }).catch(() => undefined);
  await clock.advanceBy(1000);
});

async function declare(
  keys: readonly string[],
  server = "https://vault.example.com:8200",
): Promise<void> {
  kept.set(PATH, { username: "app", password: "first" });
  await cluster.api.create(store(server));
  await cluster.api.create(wanted(keys));
  await clock.advanceBy(5000);
}

const store = (server: string): KubernetesObject => ({
  apiVersion: API,
  kind: "ClusterSecretStore",
  metadata: { name: "kept" },
  spec: { provider: { vault: { server, path: "secret", version: "v2", auth: {} } } },
});

const wanted = (keys: readonly string[]): KubernetesObject => ({
  apiVersion: API,
  kind: "ExternalSecret",
  metadata: TARGET,
  spec: {
    refreshInterval: "1h",
    secretStoreRef: { kind: "ClusterSecretStore", name: "kept" },
    target: { name: "orders-app", creationPolicy: "Owner" },
    data: keys.map((key) => ({
      secretKey: key,
      remoteRef: { key: PATH, property: key },
    })),
  },
});

async function readyOf(kind: string, name: string, namespace?: string): Promise<unknown> {
  const ref = { apiVersion: API, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const { status } = (await cluster.api.get(ref)) as unknown as {
    readonly status?: { readonly conditions?: readonly { readonly reason: string }[] };
  };
  return status?.conditions?.[0];
}

async function password(): Promise<string | undefined> {
  const ref = { apiVersion: "v1", kind: "Secret", ...TARGET };
  const secret = await cluster.api.get(ref).catch(() => undefined);
  const { password: value } = (secret?.["data"] ?? {}) as Readonly<Record<string, string>>;
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}

/** As the EndpointSlice controller writes it for one pod. */
const endpoints = (): KubernetesObject => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "vault-1",
    namespace: "vault",
    labels: { "kubernetes.io/service-name": "vault" },
  },
  addressType: "IPv4",
  endpoints: [{ addresses: ["10.0.0.9"], conditions: { ready: true } }],
});

describe("external-secrets", () => {
  it("writes what the store holds, and its change after an interval", async () => {
    await declare(["username", "password"]);
    expect(await readyOf("ClusterSecretStore", "kept")).toMatchObject({
      status: "True",
      reason: "Valid",
    });
    expect(await readyOf("ExternalSecret", "orders-app", "shop")).toMatchObject({
      status: "True",
      reason: "SecretSynced",
      message: "secret synced",
    });
    expect(await password()).toBe("first");
    kept.set(PATH, { username: "app", password: "second" });
    await clock.advanceBy(HOUR_MS / 2);
    expect(await password()).toBe("first");
    await clock.advanceBy(HOUR_MS / 2);
    expect(await password()).toBe("second");
  });

  it("says what is missing, writes no half of it, and tries again", async () => {
    await declare(["password", "port"]);
    expect(await readyOf("ExternalSecret", "orders-app", "shop")).toMatchObject({
      status: "False",
      reason: "SecretSyncedError",
      message: "could not get secret data from provider",
    });
    expect(await password()).toBeUndefined();
    kept.set(PATH, { password: "whole", port: "5432" });
    await clock.advanceBy(7 * 60_000);
    expect(await password()).toBe("whole");
  });

  it("makes a lost Secret again", async () => {
    await declare(["password"]);
    await cluster.api.delete({ apiVersion: "v1", kind: "Secret", ...TARGET });
    await clock.advanceBy(5000);
    expect(await password()).toBe("first");
  });

  it("reads a store inside the cluster only while a pod of it is ready", async () => {
    await declare(["password"], "https://vault.vault.svc:8200");
    expect(await readyOf("ClusterSecretStore", "kept")).toMatchObject({
      status: "False",
      reason: "InvalidProviderConfig",
    });
    expect(await password()).toBeUndefined();
    await cluster.api.create(endpoints());
    await clock.advanceBy(7 * 60_000);
    expect(await password()).toBe("first");
  });
});
