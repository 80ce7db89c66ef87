// cert-manager's behaviour on a real embedded API under virtual time: an authority of the cluster's own, a certificate it
// signs, and its renewal.

import { X509Certificate } from "node:crypto";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  bootstrap,
  createAuthority,
  createCluster,
  issueCertificate,
  type Cluster,
} from "../../src/cluster/index.ts";
import { behaviour } from "../../src/components/certificates/cert-manager/behaviour.ts";
import { certManagerCrdFacts } from "../../src/components/certificates/cert-manager/crds.facts.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";

const DAY_MS = 24 * 3_600_000;
const API_VERSION = "cert-manager.io/v1";

let clock: VirtualClock;
let cluster: Cluster;
let stop: () => void;

beforeEach(async () => {
  const now = Date.UTC(2026, 0, 1);
  clock = createVirtualClock(now);
  cluster = createCluster({ name: "test", clock, rng: createRng("test") });
  await bootstrap(cluster);
  for (const definition of crdObjects(certManagerCrdFacts)) await cluster.api.create(definition);
  for (const name of ["cert-manager", "shop"])
    await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const rng = createRng("behaviours");
  const informers = createInformerSet({ api: cluster.api, clock, rng });
  const factories =
    behaviour.controllers?.({
      api: cluster.api,
      informer: informers.informer,
      clock,
      rng,
      git: createMemorySource(),
      charts: { render: () => undefined },
      connect: () => undefined,
      signing: { createAuthority, issueCertificate },
    }) ?? [];
  const running = runControllers(factories, { api: cluster.api, clock, rng, informers });
  running.start();
  stop = () => running.stop();
});
afterEach(() => stop());

const issuer = (name: string, spec: object): KubernetesObject => ({
  apiVersion: API_VERSION,
  kind: "ClusterIssuer",
  metadata: { name },
  spec,
});

const certificate = (
  name: string,
  namespace: string,
  issuedBy: string,
  spec: object,
): KubernetesObject => ({
  apiVersion: API_VERSION,
  kind: "Certificate",
  metadata: { name, namespace },
  spec: { secretName: name, issuerRef: { name: issuedBy, kind: "ClusterIssuer" }, ...spec },
});

async function pemOf(name: string, namespace: string, key: string): Promise<string> {
  const { data } = (await cluster.api.get({
    apiVersion: "v1",
    kind: "Secret",
    name,
    namespace,
  })) as {
    readonly data?: Readonly<Record<string, string>>;
  };
  return Buffer.from(data?.[key] ?? "", "base64").toString("utf8");
}

async function readyOf(kind: string, name: string, namespace?: string): Promise<unknown> {
  const at = namespace === undefined ? {} : { namespace };
  const { status } = await cluster.api.get({ apiVersion: API_VERSION, kind, name, ...at });
  return (status as { readonly conditions?: readonly unknown[] } | undefined)?.conditions?.[0];
}

describe("cert-manager", () => {
  it("signs with an authority of its own, waits for it, and renews in time", async () => {
    await cluster.api.create(issuer("platform", { ca: { secretName: "root" } }));
    const leaf = { dnsNames: ["shop.example.com"], duration: "2160h", renewBefore: "720h" };
    await cluster.api.create(certificate("web", "shop", "platform", leaf));
    await clock.advanceBy(1000);
    expect(await readyOf("ClusterIssuer", "platform")).toMatchObject({ reason: "ErrGetKeyPair" });
    expect(await readyOf("Certificate", "web", "shop")).toMatchObject({ reason: "DoesNotExist" });

    await cluster.api.create(issuer("bootstrap", { selfSigned: {} }));
    const root = { isCA: true, commonName: "root", duration: "43800h" };
    await cluster.api.create(certificate("root", "cert-manager", "bootstrap", root));
    await clock.advanceBy(1000);
    expect(await readyOf("Certificate", "web", "shop")).toMatchObject({
      status: "True",
      message: "Certificate is up to date and has not expired",
    });
    const first = new X509Certificate(await pemOf("web", "shop", "tls.crt"));
    const authority = new X509Certificate(await pemOf("root", "cert-manager", "tls.crt"));
    expect(first.verify(authority.publicKey)).toBe(true);
    expect(first.subjectAltName).toBe("DNS:shop.example.com");

    await clock.advanceBy(59 * DAY_MS);
    expect(await pemOf("web", "shop", "tls.crt")).toBe(first.toString());
    await clock.advanceBy(2 * DAY_MS);
    const second = new X509Certificate(await pemOf("web", "shop", "tls.crt"));
    expect(Date.parse(second.validTo) - Date.parse(first.validTo)).toBeGreaterThan(59 * DAY_MS);
  });

  it("issues anew when the names change, and says that ACME is simulated", async () => {
    const acme = { server: "https://acme.example.com", privateKeySecretRef: { name: "account" } };
    await cluster.api.create(issuer("acme", { acme }));
    const made = certificate("web", "shop", "acme", { dnsNames: ["a.example.com"] });
    await cluster.api.create(made);
    await clock.advanceBy(1000);
    expect(await readyOf("ClusterIssuer", "acme")).toMatchObject({
      message: "simulated: no ACME server is asked, an authority of this cluster signs",
    });
    const ref = { apiVersion: API_VERSION, kind: "Certificate", name: "web", namespace: "shop" };
    const body = { spec: { dnsNames: ["b.example.com"] } };
    await cluster.api.patch(ref, { type: "merge", body });
    await clock.advanceBy(1000);
    const { subjectAltName } = new X509Certificate(await pemOf("web", "shop", "tls.crt"));
    expect(subjectAltName).toBe("DNS:b.example.com");
  });
});
