// Flux's own objects: valid for their kinds, in their order, and leaving alone what others decide.

import { describe, expect, it } from "vitest";

import { kindsOfFacts, validateObject } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { DeliveredFolder } from "../../../model/index.ts";
import { readValue } from "../../../model/index.ts";
import { harbour } from "../../testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../testing/plan.ts";
import { fluxCrdFacts } from "./crds.facts.ts";
import { fluxEngine } from "./engine.ts";
import { folderKustomization, gitRepository, rootKustomization } from "./sync-objects.ts";
import { fluxSchema, type FluxOptions } from "./options.ts";

const kinds = new Map(kindsOfFacts(fluxCrdFacts).map((kind) => [kind.kind, kind]));
const planned = planEnvironment(
  { ...harbour, delivery: { kind: "flux", repository: "https://git.example.com/harbour" } },
  "prod",
);
const { cluster } = planned;

function engine(input: object = {}) {
  const { value } = readValue(fluxSchema, {
    repository: "https://git.example.com/harbour",
    ...input,
  });
  return fluxEngine({ cluster, path: [] }, value as FluxOptions);
}

const chart = (name: string, repository: string) => ({
  chart: {
    name,
    namespace: name,
    area: "infrastructure/networking",
    repository,
    chart: name,
    version: "1.2.3",
    values: { replicas: 2 },
    path: [],
    origin: { component: name, path: [] },
  } as const,
  needs: { folders: [], charts: [] },
});

const folder = (name: string, rest: Partial<DeliveredFolder> = {}): DeliveredFolder => ({
  name,
  path: `infra/${name}`,
  namespace: name,
  namespaces: [name],
  wave: 1,
  needs: { folders: [], charts: [] },
  ...rest,
});

const handedOver = (
  engine().handOver(
    {
      cluster,
      folders: [
        folder("tenancy", { wave: 0 }),
        folder("storefront", { needs: { folders: ["tenancy"], charts: [] } }),
        folder("mailer", { path: "infra/helm/mailer", values: "values-prod.yaml" }),
      ],
      charts: [
        chart("web", "https://charts.example.com/web"),
        chart("gate", "oci://registry.example.com/charts"),
      ],
    },
    [],
  ).objects ?? []
).map(({ object }) => object);
const own = emissionsOf(planned)
  .filter(({ component }) => component === "flux")
  .flatMap(({ emission }) => (emission.objects ?? []).map(({ object }) => object));
const objects: readonly KubernetesObject[] = [...own, ...handedOver];
const named = (kind: string, name: string): KubernetesObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

describe("what Flux is handed", () => {
  it("is valid for its kinds", () => {
    const problems = objects.flatMap((object) => {
      const kind = kinds.get(object.kind);
      if (kind === undefined) return [`${object.kind}: no such kind`];
      return validateObject(object, kind).map((problem) => JSON.stringify([object.kind, problem]));
    });
    expect(problems).toEqual([]);
    expect(objects.length).toBe(9);
  });

  it("waits for what holds the namespaces", () => {
    expect(named("Kustomization", "storefront")).toMatchObject({
      spec: {
        dependsOn: [{ name: "tenancy" }],
        path: "./infra/storefront",
        prune: true,
        wait: true,
      },
    });
    expect(named("Kustomization", "tenancy")?.["spec"]).not.toHaveProperty("dependsOn");
  });

  it("takes charts from an index, a registry or the repository itself", () => {
    expect(named("HelmRelease", "chart-web")).toMatchObject({
      spec: {
        chart: { spec: { sourceRef: { kind: "HelmRepository", name: "charts-example-com-web" } } },
        values: { replicas: 2 },
      },
    });
    expect(named("OCIRepository", "gate")).toMatchObject({
      spec: { url: "oci://registry.example.com/charts/gate", ref: { tag: "1.2.3" } },
    });
    expect(named("HelmRelease", "mailer")).toMatchObject({
      spec: {
        chart: {
          spec: {
            chart: "./infra/helm/mailer",
            valuesFiles: [
              "./infra/helm/mailer/values.yaml",
              "./infra/helm/mailer/values-prod.yaml",
            ],
          },
        },
      },
    });
  });

  it("starts from the repository and the cluster's folder alone", () => {
    const { startsAs } = engine();
    const roots = objects.filter((object) => startsAs(object) === "root");
    expect(roots.map(({ kind }) => kind)).toEqual(["GitRepository", "Kustomization"]);
  });
});

describe("what Flux spells its own way", () => {
  it("takes an address with a scheme and durations without days", () => {
    const short = { repository: "git@git.example.com:harbour.git", interval: "90s", reapply: "1d" };
    const { value } = readValue(fluxSchema, short);
    const options = value as FluxOptions;
    expect([gitRepository(cluster, options), rootKustomization(cluster, options)]).toMatchObject([
      { spec: { url: "ssh://git@git.example.com/harbour.git", interval: "1m30s" } },
      { spec: { interval: "24h", path: "./clusters/prod" } },
    ]);
    expect(fluxEngine({ cluster, path: [] }, options).repository).toMatch(/^ssh:/);
  });

  it("takes out of an object what something on the cluster decides", () => {
    const storefront = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: "shop",
      name: "shop",
    };
    const owned = [{ ...storefront, field: ["spec", "replicas"] }];
    const { value } = readValue(fluxSchema, { repository: "https://git.example.com/harbour" });
    const kustomization = folderKustomization(
      { ...cluster, ownedFields: owned },
      folder("shop", { namespace: "shop" }),
      value as FluxOptions,
    );
    const { patches } = kustomization["spec"] as { readonly patches: { readonly patch: string }[] };
    expect(patches.map(({ patch }) => JSON.parse(patch) as unknown)).toMatchObject([
      { kind: "Deployment", metadata: { name: "shop" }, spec: { replicas: null } },
    ]);
  });
});
