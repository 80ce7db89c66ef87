// Every broken definition is caught where it is wrong, by the command a person would run, with advice to follow.

import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { runKeelson, temporaryFolder } from "../cli/run-keelson.ts";

interface Case {
  readonly file: string;
  readonly code: string;
  /** Text of the line the finding points at. */
  readonly line: string;
  readonly hint?: string;
  readonly exit?: number;
}

const CASES: readonly Case[] = [
  {
    file: "unknown-key",
    code: "model/unknown-key",
    line: 'rute: { host: "web", port: 8080 },',
    hint: 'did you mean "route"?',
  },
  {
    file: "missing-need",
    code: "model/dangling-reference",
    line: 'needs: ["order"],',
    hint: 'did you mean "orders"?',
  },
  { file: "schedule", code: "model/bad-format", line: 'schedule: "0 3 * *",' },
  {
    file: "contested-route",
    code: "plan/contested-route",
    line: 'web: { image: "ghcr.io/example/web:1.0.0", route: { host: "shop", port: 8080 } },',
    hint: "change the host or the paths of one route",
  },
  {
    file: "no-load-balancer",
    code: "plan/missing-capability",
    line: "ingress: nginxGatewayFabric(),",
    hint: "add loadBalancer: metallb to the definition",
  },
  {
    file: "no-secret-store",
    code: "secrets/store-not-chosen",
    line: 'secrets: { kept: externalSecrets({ refresh: "10m" }) },',
    hint: "give either vault: { address } or aws: { region }; a second store is a second entry",
  },
  {
    file: "certificate-in-itself",
    code: "secrets/certificate-in-itself",
    line: "secrets: { kept: externalSecrets({ vault: {} }), vault: vault({ tls: true }) },",
    hint: "add sealed: sealedSecrets() to secrets, which holds what a store starts from",
  },
  {
    file: "plugin-in-place",
    code: "cni/plugin-in-place",
    line: "cni: calico(),",
    hint: "leave cni out: network policies are enforced there already",
  },
  {
    file: "names-behind-cloud",
    code: "cni/names-behind-cloud",
    line: "cni: cilium({ byName: true }),",
    hint: "leave byName out, or let Cilium make the pods' network",
  },
  {
    file: "even-quorum",
    code: "secrets/even-quorum",
    line: "secrets: { sealed: sealedSecrets(), bao: openbao({ replicas: 2 }) },",
    hint: "write replicas: 3 or 1",
  },
  {
    file: "mtls-without-mesh",
    code: "plan/mtls-without-mesh",
    line: "traffic: { mtls: true },",
    hint: "add mesh: istio, or mesh: linkerd to the definition, or drop traffic.mtls",
  },
  {
    file: "no-trust-anchor",
    code: "mesh/no-trust-anchor",
    line: "mesh: linkerd(),",
    hint: 'fill the slot certificates, or give the root: linkerd({ trustAnchor: "-----BEGIN CERTIFICATE-----…" })',
  },
  {
    file: "daily-dump",
    code: "verify/recovery-point-missed",
    line: 'schedule: "0 3 * * *",',
    hint: "run it at least every 1h, or ship the log of changes",
  },
  {
    file: "disks-too-small",
    code: "verify/storage-too-small",
    line: "office: existing({",
    hint: "add disks, or ask for less: fewer replicas, smaller storage",
  },
  {
    file: "plain-hop",
    code: "verify/plain-hop",
    line: 'route: { host: "web", port: 8080 },',
    hint: 'encrypt it (upstream of the route, a mesh, TLS of the server), or add it to tls.except: to: "web/web" with a reason',
  },
  {
    file: "exposes-nothing",
    code: "verify/exposes-nothing",
    line: "partner: {",
    hint: "correct the name, or drop the exposure",
  },
  {
    file: "exposed-without-reason",
    code: "model/missing-key",
    line: "partner: {",
    hint: "add reason: text",
  },
  {
    file: "address-pool-outside",
    code: "load-balancer/addresses-outside-nodes",
    line: 'loadBalancer: metallb({ addresses: "192.168.7.200-192.168.7.250" }),',
    hint: "choose addresses inside 172.18.0.0/16",
  },
  {
    file: "application-clash",
    code: "compile/contested-application",
    line: "networking: {",
    hint: "rename the app networking",
  },
  {
    file: "secret-in-env",
    code: "verify/plaintext-secret",
    line: 'env: { DB_PASSWORD: "hunter2-hunter2" },',
    hint: "declare it under secrets, so that only its sealed form is written",
  },
  {
    file: "password-in-url",
    code: "verify/plaintext-secret",
    line: 'env: { BROKER: "amqp://web:hunter2@broker.example.com/orders" },',
    hint: "declare it under secrets, so that only its sealed form is written",
  },
  {
    file: "overlapping-ranges",
    code: "verify/overlapping-ranges",
    line: 'clusters: { office: existing({ site: "office", serviceRange: "10.96.0.0/12" }) },',
    hint: "set one of the two ranges explicitly",
  },
  {
    file: "cluster-too-small",
    code: "verify/cluster-too-small",
    line: 'clusters: { local: k3d({ site: "laptop" }) },',
    hint: "add nodes, choose larger ones, or lower requests",
  },
  {
    file: "host-ports",
    code: "verify/contested-port",
    line: 'second: k3d({ site: "laptop" }),',
    hint: "give one of them another port",
  },
  {
    file: "void-policies",
    code: "verify/void-policies",
    line: 'clusters: { office: existing({ site: "office", networkPolicy: false }) },',
    hint: "choose a network plugin that enforces them in the cluster's options, or fill the slot cni",
  },
  {
    file: "autoscaler-without-metrics",
    code: "verify/autoscaler-without-metrics",
    line: "scale: { min: 2, max: 4, cpu: 70 },",
    hint: "add resourceMetrics: metricsServer()",
    exit: 0,
  },
  {
    file: "registry-not-allowed",
    code: "verify/broken-rule",
    line: "web: {",
    hint: "it says: images come from the registries the platform uses; change the object, or the rule under policy.rules",
  },
  {
    file: "two-tag-writers",
    code: "app/two-tag-writers",
    line: 'updates: { semver: "1.x" },',
    hint: "leave the version out of image (keelson.lock holds the first one), or drop updates",
  },
  {
    file: "route-without-ingress",
    code: "plan/route-without-ingress",
    line: 'web: { image: "ghcr.io/example/web:1.0.0", route: { host: "shop", port: 8080 } },',
    hint: "add ingress: envoy-gateway, or ingress: ingress-nginx, or ingress: istio-gateway, or ingress: nginx-gateway-fabric, or drop the route",
    exit: 0,
  },
  {
    file: "control-without-evidence",
    code: "verify/control-without-evidence",
    line: 'audit: apiAudit({ controls: ["central-sign-in"] }),',
    hint: "add what central-sign-in needs, or show it by other means and drop it here",
    exit: 0,
  },
  {
    file: "retired",
    code: "component/retired",
    line: "ingress: ingressNginx(),",
    hint: "write ingress: nginxGatewayFabric()",
    exit: 0,
  },
];

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly hint?: string;
  readonly at?: { readonly file: string; readonly line: number };
}

async function findingsOf(
  file: string,
): Promise<{ readonly exit: number; readonly found: readonly Finding[] }> {
  const cwd = temporaryFolder();
  copyFileSync(join(FOLDER, `platform-${file}.ts`), join(cwd, "platform.ts"));
  await runKeelson(cwd, "update");
  const { code, stdout } = await runKeelson(cwd, "check", "-o", "json");
  const document = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
  return { exit: code, found: document.findings };
}

describe("broken definitions", () => {
  it.each(CASES)("$file", async ({ file, code, line, hint, exit = 1 }) => {
    const { exit: status, found } = await findingsOf(file);
    const finding = found.find((candidate) => candidate.code === code);
    expect(found.map((candidate) => candidate.code)).toContain(code);
    const text = readFileSync(join(FOLDER, `platform-${file}.ts`), "utf8").split("\n");
    expect(text[(finding?.at?.line ?? 0) - 1]?.trim()).toBe(line);
    expect(finding?.hint).toBe(hint);
    expect(status).toBe(exit);
    const others = found.filter(({ severity }) => severity === "error").map((error) => error.code);
    expect(new Set(others)).toEqual(new Set(exit === 0 ? [] : [code]));
  });

  it("has an expectation for every definition here", () => {
    const files = readdirSync(FOLDER).filter((name) => name.startsWith("platform-"));
    const expected = CASES.map(({ file }) => `platform-${file}.ts`);
    expect(files.toSorted()).toEqual(expected.toSorted());
  });
});
