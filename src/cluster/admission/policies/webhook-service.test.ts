// Where a webhook behind a Service is reached, and one that a pod of the cluster really answers. Words from kubernetes
// staging/src/k8s.io/apiserver/pkg/util/proxy/proxy.go (ResolveEndpoint, findServicePort).

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { createRealClock } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture, NAMESPACE } from "../../api/testing/api-fixture.ts";
import {
  startProcessCluster,
  type ProcessCluster,
} from "../../nodes/process/testing/process-cluster.ts";
import { createAuthority, issueCertificate } from "../../serve/pki/issue-certificate.ts";
import { webhookTransport } from "../../serve/webhook-transport.ts";
import { serviceHost } from "./webhook-service.ts";

type Fields = Readonly<Record<string, unknown>>;

const service = (spec: Fields): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "s", namespace: NAMESPACE },
  spec: { ports: [{ port: 443, targetPort: 8443 }], ...spec },
});

const slice = (address: string, endpoint: Fields = {}): KubernetesObject => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "s-1",
    namespace: NAMESPACE,
    labels: { "kubernetes.io/service-name": "s" },
  },
  addressType: "IPv4",
  endpoints: [{ addresses: [address], conditions: { ready: true }, ...endpoint }],
  ports: [{ name: "", port: 8443, protocol: "TCP" }],
});

const ofPod = { targetRef: { kind: "Pod", namespace: NAMESPACE, name: "p" } };

const CASES: readonly {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  readonly is: Fields;
}[] = [
  { name: "no Service", objects: [], is: { fault: 'service "s" not found' } },
  {
    name: "another port",
    objects: [service({ ports: [{ port: 80 }] })],
    is: { fault: 'no service port 443 found for service "s"' },
  },
  {
    name: "no endpoints",
    objects: [service({})],
    is: { fault: 'no endpoints available for service "s"' },
  },
  {
    name: "an endpoint that is not ready",
    objects: [service({}), slice("127.0.0.9", { conditions: { ready: false } })],
    is: { fault: 'no endpoints available for service "s"' },
  },
  {
    name: "a simulated pod",
    objects: [service({}), slice("10.42.0.5", ofPod)],
    is: { fault: "dial tcp 10.42.0.5:8443: connect: connection refused" },
  },
  {
    name: "a pod that runs as a process",
    objects: [service({}), slice("127.64.0.5", ofPod)],
    is: { host: "127.0.0.1:18443" },
  },
  {
    name: "an address kept by hand",
    objects: [service({}), slice("192.168.7.7")],
    is: { host: "192.168.7.7:8443" },
  },
  {
    name: "another name",
    objects: [service({ type: "ExternalName", externalName: "localhost", ports: [] })],
    is: { host: "localhost:443" },
  },
];

describe("the host behind a Service", () => {
  it.each(CASES)("$name", async ({ objects, is }) => {
    const { api, cluster } = apiFixture();
    await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    for (const object of objects) await api.create(object);
    const of = { namespace: NAMESPACE, name: "s", port: 443 };
    const reach = (address: string, port: number) =>
      address === "127.64.0.5"
        ? { host: "127.0.0.1", port: port + 10_000 }
        : { host: address, port };
    expect(serviceHost(of, cluster.context.live, reach)).toEqual(is);
  });
});

describe("a webhook in a pod", () => {
  const folder = mkdtempSync(join(tmpdir(), "keelson-webhook-"));
  let cluster: ProcessCluster;
  beforeAll(async () => {
    const webhooks = { transport: webhookTransport() };
    cluster = await startProcessCluster({ folder, speed: 1, webhooks });
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Refuses what its label says, and tells how it was asked. */
  const SCRIPT = `
    const { CERT: cert, KEY: key, HOST: host } = process.env;
    require("node:https").createServer({ cert, key }, (request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        const { kind, apiVersion, request: { uid, object } } = JSON.parse(body);
        const allowed = object.metadata.labels?.bad !== "true";
        const status = { message: request.url + " says no" };
        response.end(JSON.stringify({ kind, apiVersion, response: { uid, allowed, status } }));
      });
    }).listen(8443, host);
  `;

  it("decides, by the certificate of its Service", async () => {
    const clock = createRealClock();
    const life = { now: clock.now(), lifetimeMs: 3_600_000 };
    const authority = createAuthority({ commonName: "hooks", ...life });
    const pair = issueCertificate(authority, {
      commonName: "hook",
      hosts: ["hook.default.svc"],
      ...life,
    });
    const { api } = cluster;
    await cluster.run("hook", {
      script: SCRIPT,
      labels: { app: "hook" },
      env: [
        { name: "CERT", value: pair.certificatePem },
        { name: "KEY", value: pair.keyPem },
      ],
      readinessProbe: { tcpSocket: { port: 8443 }, periodSeconds: 1 },
    });
    await api.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "hook", namespace: "default" },
      spec: { selector: { app: "hook" }, ports: [{ port: 443, targetPort: 8443 }] },
    });
    await cluster.until("hook", ({ status }) =>
      (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
    const { live } = cluster.cluster.context;
    await vi.waitFor(() =>
      expect(serviceHost({ namespace: "default", name: "hook", port: 443 }, live)).toHaveProperty(
        "host",
      ),
    );
    const service = { namespace: "default", name: "hook", path: "/check" };
    const webhook = (name: string, caBundle: string): Fields => ({
      name: `${name}.e.com`,
      clientConfig: { service, caBundle: btoa(caBundle) },
      rules: [
        { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] },
      ],
      objectSelector: { matchExpressions: [{ key: name, operator: "Exists" }] },
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
    });
    const stranger = createAuthority({ commonName: "strangers", ...life });
    await api.create({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "hook" },
      webhooks: [
        webhook("bad", authority.certificatePem),
        webhook("distrusted", stranger.certificatePem),
      ],
    });
    const make = (labels: Readonly<Record<string, string>>): Promise<unknown> => {
      const metadata = { generateName: "c-", name: "", namespace: "default", labels };
      return api.create({ apiVersion: "v1", kind: "ConfigMap", metadata });
    };
    await expect(make({ bad: "false" })).resolves.toBeDefined();
    await expect(make({ bad: "true" })).rejects.toThrow(
      'admission webhook "bad.e.com" denied the request: /check?timeout=10s says no',
    );
    await expect(make({ distrusted: "" })).rejects.toThrow(
      'failed calling webhook "distrusted.e.com": failed to call webhook: Post "https://hook.default.svc:443/check?timeout=10s": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
  });
});
