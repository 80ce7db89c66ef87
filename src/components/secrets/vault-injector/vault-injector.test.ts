// Files that an app's own agent writes: what its pods say, what its account may read, and what is refused.

import { describe, expect, it } from "vitest";

import { formatPath } from "../../../core/index.ts";
import type { KubernetesObject, Pod } from "../../../kubernetes/index.ts";
import { injecting } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";
import { accessOf } from "../vault-server/access.ts";
import { VAULT } from "../vault-server/flavour.ts";
import { vaultInjectorFiller } from "./index.ts";
import { vaultInjectorSchema } from "./options.ts";
import { readValue } from "../../../model/index.ts";

const planned = planEnvironment(injecting, "prod");
const PATH = "citadel/prod/apps/gate/signing";

function deployment(): KubernetesObject {
  const found = emissionsOf(planned)
    .flatMap(({ emission }) => emission.objects ?? [])
    .find(({ object }) => object.kind === "Deployment" && object.metadata.name === "gate");
  const choice = planned.cluster.slots.find(({ key }) => key === "agents");
  if (found === undefined || choice === undefined || vaultInjectorFiller.family !== "slot")
    throw new Error("an app is deployed, and agents are asked for");
  const context = { ...planned, path: choice.path, sealed: {} };
  return vaultInjectorFiller.decorate?.(found.object, context, choice.options) ?? found.object;
}

interface Template {
  readonly metadata: {
    readonly annotations: Readonly<Record<string, string>>;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: Pod["spec"];
}

const templateOf = ({ spec }: KubernetesObject): Template =>
  (spec as { readonly template: Template }).template;

describe("an app with an agent", () => {
  const { metadata, spec } = templateOf(deployment());

  it("says who signs in, what is read and where it goes", () => {
    expect(metadata.annotations).toMatchObject({
      "vault.hashicorp.com/agent-inject": "true",
      "vault.hashicorp.com/role": "gate",
      "vault.hashicorp.com/agent-service-account-token-volume-name": "vault-token",
      "vault.hashicorp.com/agent-inject-secret-signing-0": `secret/data/${PATH}`,
      "vault.hashicorp.com/agent-inject-file-signing-0": "KEY",
      "vault.hashicorp.com/secret-volume-path-signing-0": "/etc/secrets/signing",
      "vault.hashicorp.com/tls-secret": "vault-authority",
    });
  });

  it("mounts a token for Vault alone, and no Secret of the injected value", () => {
    const text = JSON.stringify(spec);
    expect(text).toContain('"serviceAccountToken":{"audience":"vault","expirationSeconds":3600');
    expect(text).not.toContain("gate-signing");
    // The other way, by choice of the same app.
    expect(text).toContain('"secretKeyRef":{"name":"gate-paging"');
  });

  it("has room for its agent in the quota, and a flow to the server", () => {
    const workload = planned.cluster.workloads.find(({ name }) => name === "gate");
    expect(workload?.injected?.map(({ name }) => name)).toEqual(["vault-agent"]);
    expect(planned.graph.flows.map(({ name }) => name)).toContain("gate-to-vault");
  });

  it("reads its own secret there and nothing else", () => {
    const { policies, roles } = accessOf(VAULT, planned.cluster, planned.graph);
    expect(roles.find(({ name }) => name === "gate")).toMatchObject({
      serviceAccount: "gate",
      namespace: "gate",
      policies: ["app-gate"],
    });
    expect(policies.find(({ name }) => name === "app-gate")?.rules).toEqual([
      { path: `secret/data/${PATH}`, why: "apps.gate.signing" },
    ]);
    const operator = roles.find(({ name }) => name === "external-secrets");
    expect(operator?.policies).not.toContain("app-gate");
    const others = policies.filter(({ name }) => name !== "app-gate");
    expect(JSON.stringify(others)).not.toContain("apps.gate.signing");
  });

  it.each([
    {
      name: "variables",
      change: {
        apps: {
          gate: {
            ...injecting.apps?.["gate"],
            secrets: { signing: { keys: ["KEY"], from: "agents" } },
          },
        },
      },
      code: "plan/injected-variable apps.gate.secrets.signing",
    },
    {
      name: "no server",
      change: {
        secrets: { sealed: { kind: "sealed-secrets" }, agents: { kind: "vault-injector" } },
      },
      code: "secrets/no-server-to-inject-from secrets.agents",
    },
  ])("is refused: $name", ({ change, code }) => {
    const found = findings({ ...injecting, ...change }, "prod");
    expect(found.map((one) => `${one.code} ${formatPath(one.path)}`)).toContain(code);
    expect(findings(injecting, "prod").filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("may read a server outside", () => {
    const read = readValue(vaultInjectorSchema, { address: "https://vault.example.com:8200" });
    expect(read.value).toMatchObject({ mount: "secret", auth: "auth/kubernetes" });
  });
});
