// Sealing keys are renewed, in an embedded cluster under virtual time: a new one every thirty days, what was sealed before stays
// readable until somebody deletes the old key, and then it does not.

import { createPrivateKey, createPublicKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  bootstrap,
  createAuthority,
  createCluster,
  issueCertificate,
  selfSignedCertificate,
  type Cluster,
} from "../../src/cluster/index.ts";
import { behaviour } from "../../src/components/secrets/sealed-secrets/behaviour.ts";
import { sealValue } from "../../src/components/secrets/sealed-secrets/behaviour/envelope.ts";
import { sealedSecretsCrdFacts } from "../../src/components/secrets/sealed-secrets/crds.facts.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";

const DAY_MS = 86_400_000;
const KEYS = { apiVersion: "v1", kind: "Secret" };

let clock: VirtualClock;
let cluster: Cluster;
let stop: () => void;
const errors: string[] = [];

beforeAll(async () => {
  clock = createVirtualClock(Date.UTC(2026, 0, 1));
  cluster = createCluster({ name: "test", clock, rng: createRng("test") });
  await bootstrap(cluster);
  for (const definition of crdObjects(sealedSecretsCrdFacts)) await cluster.api.create(definition);
  await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
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
    signing: {
      createAuthority,
      issueCertificate,
      selfSigned: (keyPem, request) =>
        selfSignedCertificate(keyPem, { ...request, use: "encryption" }).certificatePem,
    },
  });
  const running = runControllers(factories ?? [], {
    api: cluster.api,
    clock,
    rng,
    informers,
    onError: (_controller, _key, error) => void errors.push(String(error)),
  });
  running.start();
  stop = () => running.stop();
  await clock.advanceBy(2_000);
});
afterAll(() => stop());

/** Oldest first. */
async function keys(): Promise<readonly KubernetesObject[]> {
  const { items } = await cluster.api.list(KEYS, { namespace: "kube-system" });
  return items
    .filter(({ metadata }) => metadata.name.startsWith("sealed-secrets-key"))
    .toSorted((a, b) =>
      (a.metadata.creationTimestamp ?? "") < (b.metadata.creationTimestamp ?? "") ? -1 : 1,
    );
}

async function seal(name: string, value: string): Promise<void> {
  const newest = (await keys()).at(-1);
  const { "tls.key": pem = "" } = (newest?.["data"] ?? {}) as Readonly<Record<string, string>>;
  const publicKey = createPublicKey(createPrivateKey(Buffer.from(pem, "base64")));
  await cluster.api.create({
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: { name, namespace: "shop" },
    spec: { encryptedData: { KEY: sealValue(value, { name, namespace: "shop" }, publicKey) } },
  });
  await clock.advanceBy(1_000);
}

async function opened(name: string): Promise<string | undefined> {
  const found = await cluster.api.get({ ...KEYS, name, namespace: "shop" }).catch(() => undefined);
  const { KEY: value } = (found?.["data"] ?? {}) as Readonly<Record<string, string>>;
  return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
}

describe("sealing keys", () => {
  it("begin with one, which opens what was sealed for it", async () => {
    expect(errors).toEqual([]);
    expect(await keys()).toHaveLength(1);
    await seal("early", "one");
    expect(await opened("early")).toBe("one");
  });

  it("are renewed after thirty days, and not before", async () => {
    await clock.advanceBy(29 * DAY_MS);
    expect(await keys()).toHaveLength(1);
    await clock.advanceBy(DAY_MS + 1_000);
    expect(await keys()).toHaveLength(2);
    await seal("late", "two");
    expect(await opened("late")).toBe("two");
  });

  it("overlap: what the old one sealed is still opened", async () => {
    await cluster.api.delete({ ...KEYS, name: "early", namespace: "shop" });
    await clock.advanceBy(1_000);
    expect(await opened("early")).toBe("one");
  });

  it("are revoked by whoever deletes them: then it is not", async () => {
    const [old] = await keys();
    await cluster.api.delete({ ...KEYS, name: old?.metadata.name ?? "", namespace: "kube-system" });
    await cluster.api.delete({ ...KEYS, name: "early", namespace: "shop" });
    await clock.advanceBy(5_000);
    expect(await opened("early")).toBeUndefined();
    expect(await opened("late")).toBe("two");
    const ref = { apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", name: "early" };
    expect(await cluster.api.get({ ...ref, namespace: "shop" })).toMatchObject({
      status: { conditions: [{ type: "Synced", status: "False" }] },
    });
  });

  it.each([
    { name: "taken", reason: "ErrUpdateFailed", synced: 'failed update: Resource "taken"' },
    { name: "early", reason: "ErrUnsealFailed", synced: "no key could decrypt secret (KEY)" },
  ])("say of $name why it is not there", async ({ name, reason, synced }) => {
    if (name === "taken") {
      await cluster.api.create({ ...KEYS, metadata: { name, namespace: "shop" } });
      await seal(name, "three");
    }
    const ref = { apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", name };
    expect(await cluster.api.get({ ...ref, namespace: "shop" })).toMatchObject({
      status: { conditions: [{ status: "False", message: expect.stringContaining(synced) }] },
    });
    const { items } = await cluster.api.list({ apiVersion: "v1", kind: "Event" });
    const of = items.filter(({ involvedObject, type }) => {
      const subject = involvedObject as { readonly name?: string } | undefined;
      return subject?.name === name && type === "Warning";
    });
    expect(new Set(of.map((event) => event["reason"]))).toEqual(new Set([reason]));
  });
});
