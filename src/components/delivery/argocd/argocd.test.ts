// Argo CD's own objects: what its generators find, how Applications sync, who may do what, and where git is.

import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { readValue } from "../../../model/index.ts";
import { harbour, inherited } from "../../testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../testing/plan.ts";
import { gitEndpoint } from "../git-url.ts";
import { HEALTH_SCRIPT, HEALTH_SETTING } from "./gate.ts";
import { argocdSchema } from "./options.ts";
import { policyCsv } from "./policy.ts";

function emitted(definition: unknown, environment: string) {
  const { emission } =
    emissionsOf(planEnvironment(definition, environment)).find(
      ({ component }) => component === "argocd",
    ) ?? {};
  const objects = (emission?.objects ?? []).map(({ object }) => object);
  const named = (kind: string, name: string): KubernetesObject | undefined =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);
  return { emission, objects, named };
}

describe("bootstrap", () => {
  const { named, emission } = emitted(harbour, "prod");

  it("registers its own cluster under the labels its ApplicationSet selects", () => {
    const registration = named("Secret", "cluster-prod");
    expect(registration?.metadata.labels).toMatchObject({
      "argocd.argoproj.io/secret-type": "cluster",
      "keelson.dev/platform": "harbour",
      environment: "prod",
      target: "prod",
    });
    expect(JSON.stringify(registration)).not.toMatch(/token|password|keyData/i);
    expect(named("ApplicationSet", "clusters")).toMatchObject({
      spec: {
        goTemplate: true,
        goTemplateOptions: ["missingkey=error"],
        generators: [
          { clusters: { selector: { matchLabels: { "keelson.dev/platform": "harbour" } } } },
        ],
        template: {
          spec: {
            source: { path: "clusters/{{.metadata.labels.target}}/applications" },
            destination: { server: "https://kubernetes.default.svc", namespace: "argocd" },
          },
        },
      },
    });
  });

  it("substitutes plain fields only", () => {
    const text = JSON.stringify(named("ApplicationSet", "clusters"));
    for (const [expression] of text.matchAll(/\{\{.*?\}\}/g)) {
      expect(expression).toMatch(/^\{\{(\.[A-Za-z]+)+\}\}$/);
    }
  });

  it("retries its roots for as long as it takes, from the newest commit", () => {
    const policy = { syncPolicy: { retry: { limit: -1, refresh: true } } };
    expect(named("Application", "platform")).toMatchObject({ spec: policy });
    expect(named("ApplicationSet", "clusters")).toMatchObject({
      spec: { template: { spec: policy } },
    });
  });

  it("lies where delivery applies it by itself", () => {
    const areas = new Set((emission?.objects ?? []).map(({ area }) => area));
    expect(areas).toEqual(new Set(["infrastructure/bootstrap", "infrastructure/delivery"]));
  });
});

describe("values", () => {
  it("doubles what serves requests where the environment is highly available", () => {
    const [release] = emitted(harbour, "prod").emission?.charts ?? [];
    expect(release?.values).toMatchObject({
      server: { replicas: 2 },
      repoServer: { replicas: 2 },
      global: { networkPolicy: { create: false } },
      configs: {
        cm: { url: "https://argocd.harbour.example.com", [HEALTH_SETTING]: HEALTH_SCRIPT },
      },
    });
  });

  it("tells Argo CD the address people really use", () => {
    const [release] = emitted(harbour, "dev").emission?.charts ?? [];
    expect(release?.values).toMatchObject({
      configs: { cm: { url: "http://argocd.dev.127.0.0.1.nip.io:8080" } },
    });
  });

  it("names the Secret a git host signs with, and holds none of it", () => {
    const webhook = { host: "bitbucket-server", secret: "git-host" };
    const delivery = { kind: "argocd", repository: "https://git.example.com/harbour", webhook };
    const [release] = emitted({ ...harbour, delivery }, "prod").emission?.charts ?? [];
    expect(release?.values).toMatchObject({
      configs: { secret: { bitbucketServerSecret: "$git-host:webhook.bitbucketserver.secret" } },
    });
    const [plain] = emitted(harbour, "prod").emission?.charts ?? [];
    expect(plain?.values).not.toHaveProperty("configs.secret");
  });

  it("does not sync by itself where a person decides", () => {
    const { named } = emitted(inherited, "prod");
    expect(JSON.stringify(named("ApplicationSet", "clusters"))).not.toContain("automated");
    expect(JSON.stringify(named("Application", "platform"))).not.toContain("automated");
  });
});

describe("policy", () => {
  const role = (level: "cluster-admin" | "developer" | "viewer") => ({
    name: level,
    level,
    groups: [`g:${level}`],
    origin: [],
  });

  it("maps levels to Argo CD's roles", () => {
    expect(policyCsv([role("cluster-admin"), role("viewer")])).toBe(
      "g, g:cluster-admin, role:admin\ng, g:viewer, role:readonly\n",
    );
  });

  it("lets developers see everything; where they sync is up to the projects", () => {
    const policy = policyCsv([role("developer")]);
    expect(policy).toContain("p, role:developer, applications, get, */*, allow");
    expect(policy).not.toMatch(/sync|create|delete|update|exec/);
  });
});

describe("git url", () => {
  it.each([
    ["https://git.example.com/a", { host: "git.example.com", port: 443, application: "https" }],
    [
      "https://git.example.com:8443/a",
      { host: "git.example.com", port: 8443, application: "https" },
    ],
    ["ssh://git@git.example.com/a", { host: "git.example.com", port: 22, application: "ssh" }],
    ["git@git.example.com:a/b.git", { host: "git.example.com", port: 22, application: "ssh" }],
  ])("%s", (url, endpoint) => {
    expect(gitEndpoint(url)).toEqual(endpoint);
    expect(readValue(argocdSchema, { repository: url }).diagnostics).toEqual([]);
  });

  it.each(["https://user:secret@git.example.com/a", "https://token@git.example.com/a", "nowhere"])(
    "refuses %s",
    (url) => {
      expect(readValue(argocdSchema, { repository: url }).diagnostics).toHaveLength(1);
    },
  );
});
