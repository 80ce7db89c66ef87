// The Applications of one cluster: valid, named after it, in waves, and each with what it reads.

import { describe, expect, it } from "vitest";

import {
  createKindRegistry,
  validateObject,
  type KubernetesObject,
} from "../../../kubernetes/index.ts";
import type { DeliveredFolder, DeliveredParts, DeliveryNeeds } from "../../../model/index.ts";
import { plannedCluster } from "../../testing/planned.ts";
import { applicationFiles } from "./applications.ts";
import { argocdCrdFacts } from "./crds.facts.ts";
import { argocdEngine } from "./engine.ts";
import type { ArgocdOptions } from "./options.ts";

const OPTIONS: ArgocdOptions = {
  repository: "https://git.example.com/harbour",
  revision: "main",
  sync: "automatic",
  role: "deploy",
};

const folder = (name: string, needs: Partial<DeliveryNeeds>, values?: string): DeliveredFolder => ({
  name,
  path: `apps/${name}`,
  ...(values === undefined ? {} : { values }),
  namespace: name,
  namespaces: [name],
  wave: 1,
  needs: { folders: [], charts: [], ...needs },
});

const PARTS: DeliveredParts = {
  cluster: plannedCluster({
    ownedFields: [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: "web",
        namespace: "web",
        field: ["spec", "replicas"],
      },
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        name: "web",
        namespace: "web",
        field: ["spec", "rules", "*", "backendRefs", "*", "weight"],
      },
    ],
  }),
  folders: [
    folder("security", { later: ["policy"] }),
    folder("web", { folders: ["security"], injectors: ["mesh"] }),
    folder("shop", { folders: ["security"] }, "./prod.yaml"),
  ],
  charts: ["policy", "mesh"].map((name) => ({
    chart: {
      name,
      namespace: name,
      area: "infrastructure/security",
      repository: `oci://registry.example.com/${name}`,
      chart: name,
      version: "1.0.0",
      values: {},
      path: [],
      origin: { component: name, path: ["slots", name] },
    },
    needs: { folders: ["security"], charts: [] },
  })),
};

function applications(options: ArgocdOptions = OPTIONS): Map<string, KubernetesObject> {
  const objects = applicationFiles(PARTS, options)
    .map(({ value }) => value as KubernetesObject)
    .filter(({ kind }) => kind === "Application");
  return new Map(objects.map((object) => [object.metadata.name, object]));
}

describe("the Applications of a cluster", () => {
  it("are valid for their kind, a file each, and carry its name", () => {
    const kind = createKindRegistry(argocdCrdFacts).find("argoproj.io/v1alpha1", "Application");
    const problems = [...applications().values()].flatMap(
      (one) => kind && validateObject(one, kind),
    );
    expect(problems).toEqual([]);
    expect(applicationFiles(PARTS, OPTIONS).map(({ file }) => file)).toEqual([
      "clusters/dev/applications/security.yaml",
      "clusters/dev/applications/web.yaml",
      "clusters/dev/applications/shop.yaml",
      "clusters/dev/applications/chart-policy.yaml",
      "infrastructure/security/charts/policy/dev.yaml",
      "clusters/dev/applications/chart-mesh.yaml",
      "infrastructure/security/charts/mesh/dev.yaml",
    ]);
    expect(applications().get("web-dev")).toMatchObject({
      spec: { destination: { name: "dev", namespace: "web" } },
    });
  });

  it("say in which wave they come and who is waited for", () => {
    const places = [...applications().values()].map(({ metadata: { name, annotations = {} } }) => [
      name,
      annotations["argocd.argoproj.io/sync-wave"],
      annotations["keelson.dev/awaited"],
    ]);
    expect(places).toEqual([
      ["security-dev", "0", "begun"],
      ["web-dev", "2", undefined],
      ["shop-dev", "2", undefined],
      ["chart-policy-dev", "2", undefined],
      ["chart-mesh-dev", "1", "well"],
    ]);
  });

  it.each([{ sync: "manual" }, { role: "monitor" }] as const)(
    "come in no order where a person or a pipeline decides: %o",
    (over) => {
      const found = [...applications({ ...OPTIONS, ...over }).values()];
      expect(found.flatMap(({ metadata }) => Object.keys(metadata.annotations ?? {}))).toEqual([]);
      expect(JSON.stringify(found)).not.toContain("automated");
    },
  );

  it("leave fields alone that something on the cluster decides", () => {
    expect(applications().get("web-dev")).toMatchObject({
      spec: {
        ignoreDifferences: [
          { kind: "Deployment", name: "web", jsonPointers: ["/spec/replicas"] },
          { kind: "HTTPRoute", jqPathExpressions: [".spec.rules[].backendRefs[].weight"] },
        ],
      },
    });
  });

  it("skip the dry run only where kinds come later", () => {
    const skipping = [...applications()].filter(([, object]) =>
      JSON.stringify(object).includes("SkipDryRunOnMissingResource=true"),
    );
    expect(skipping.map(([name]) => name)).toEqual(["security-dev"]);
  });

  it("name every folder and values file they read", () => {
    const { sourcesOf } = argocdEngine({ cluster: PARTS.cluster, path: [] }, OPTIONS);
    const read = [...applications().values()].flatMap((one) =>
      sourcesOf(one).map(({ path }) => path),
    );
    expect(read).toEqual([
      "apps/security",
      "apps/web",
      "apps/shop",
      "apps/shop/prod.yaml",
      "infrastructure/security/charts/policy/dev.yaml",
      "infrastructure/security/charts/mesh/dev.yaml",
    ]);
  });
});
