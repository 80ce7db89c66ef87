import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

import { findTool } from "../../../tests/skip.ts";
import { canonicalJson } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { formatRef, refOf } from "../../kubernetes/index.ts";
import { buildChart, buildKustomization } from "../../render/index.ts";
import type {
  CompiledChart,
  CompiledObject,
  CompiledTarget,
  Packaging,
  Tree,
} from "../../model/index.ts";
import { handOver } from "../stages/hand-over.ts";
import { layOut } from "./layout.ts";
import { objectVariants } from "./testing/random-objects.ts";

const LABELS = { "app.kubernetes.io/part-of": "harbour" };

function compiled(
  object: KubernetesObject,
  area: CompiledObject["area"] = "apps/web",
): CompiledObject {
  const metadata = { ...object.metadata, labels: { ...object.metadata.labels, ...LABELS } };
  const origin = { component: "test", path: ["apps", "web"] };
  return { object: { ...object, metadata }, area, origin, wave: 0 };
}

function targetOf(
  target: string,
  objects: readonly CompiledObject[],
  charts: readonly CompiledChart[] = [],
): CompiledTarget {
  // The layout reads only the names of a cluster, what runs there, and where its folders go.
  const cluster = {
    target,
    name: target,
    environment: target,
    layout: {},
    workloads: [],
  } as unknown as CompiledTarget["cluster"];
  const plan = {} as CompiledTarget["plan"];
  return { plan, cluster, graph: {} as CompiledTarget["graph"], objects, charts, files: [] };
}

function treeOf(targets: readonly CompiledTarget[], packaging: Packaging = "kustomize"): Tree {
  const context = { registry: { slots: [], components: [] }, packaging, peers: [] };
  const handed = targets.map((target) => ({ ...target, files: handOver(target, context).files }));
  const { value, diagnostics } = layOut("harbour", handed, packaging);
  expect(diagnostics).toEqual([]);
  return value ?? new Map();
}

const kubectl = await findTool("kubectl");

function kustomize(tree: Tree, folder: string): KubernetesObject[] {
  const root = mkdtempSync(join(tmpdir(), "keelson-layout-"));
  try {
    for (const [path, text] of tree) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const text = execFileSync("kubectl", ["kustomize", join(root, folder)], { encoding: "utf8" });
    const documents = parseAllDocuments(text, { version: "1.1" });
    if (!Array.isArray(documents)) return [];
    return documents.map((document) => document.toJS() as KubernetesObject);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function canonical(objects: readonly KubernetesObject[]): string[] {
  return objects.map((object) => `${formatRef(refOf(object))} ${canonicalJson(object)}`).toSorted();
}

const TARGETS = ["dev", "staging", "prod"];

function randomTargets(seed: number, count: number): CompiledTarget[] {
  const cases = fc.sample(objectVariants, { seed, numRuns: count });
  return TARGETS.map((target, at) =>
    targetOf(
      target,
      cases.flatMap((variants, index) => {
        const part = variants[at];
        const metadata = { name: `case-${index}`, namespace: "shop" };
        // The random part has every field but metadata.
        return part === undefined ? [] : [compiled({ ...part, metadata } as KubernetesObject)];
      }),
    ),
  );
}

describe("layout of random objects", () => {
  it.skipIf(kubectl === undefined)(
    "builds with kubectl kustomize to exactly what was compiled",
    () => {
      const targets = randomTargets(42, 150);
      const tree = treeOf(targets);
      for (const { cluster, objects } of targets) {
        const built = kustomize(tree, `apps/web/overlays/${cluster.target}`);
        expect(canonical(built)).toEqual(canonical(objects.map(({ object }) => object)));
      }
    },
  );

  it("builds with our own builder to exactly what was compiled", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const targets = randomTargets(seed, 10);
        const tree = treeOf(targets);
        for (const { cluster, objects } of targets) {
          const built = buildKustomization(tree, `apps/web/overlays/${cluster.target}`);
          expect(built.diagnostics).toEqual([]);
          expect(canonical(built.objects)).toEqual(canonical(objects.map(({ object }) => object)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("renders with our own helm to exactly what was compiled", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const targets = randomTargets(seed, 10);
        const tree = treeOf(targets, "helm");
        for (const { cluster, objects } of targets) {
          const built = buildChart(tree, {
            folder: "infra/helm/web",
            valuesFiles: [`values-${cluster.target}.yaml`],
            release: { name: "web", namespace: "shop" },
          });
          expect(built.diagnostics).toEqual([]);
          expect(canonical(built.objects)).toEqual(canonical(objects.map(({ object }) => object)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same bytes for the same objects", () => {
    expect([...treeOf(randomTargets(7, 40))]).toEqual([...treeOf(randomTargets(7, 40))]);
  });
});

const deployment = (replicas: number, image = "web:1"): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: { replicas, template: { spec: { containers: [{ name: "web", image }] } } },
});

describe("layout", () => {
  it("puts what is shared into the base and what differs into patches", () => {
    const tree = treeOf([
      targetOf("dev", [compiled(deployment(1))]),
      targetOf("prod", [compiled(deployment(3))]),
    ]);
    expect([...tree.keys()]).toEqual([
      "apps/web/base/deployment.yaml",
      "apps/web/base/kustomization.yaml",
      "apps/web/overlays/dev/kustomization.yaml",
      "apps/web/overlays/dev/patch-deployment.yaml",
      "apps/web/overlays/prod/kustomization.yaml",
      "apps/web/overlays/prod/patch-deployment.yaml",
      "clusters/README.md",
      "clusters/dev/applications/web.yaml",
      "clusters/prod/applications/web.yaml",
    ]);
    expect(tree.get("apps/web/overlays/prod/patch-deployment.yaml")).toMatchInlineSnapshot(`
      "# apps.web
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        namespace: shop
      spec:
        replicas: 3
      "
    `);
  });

  it("keeps a single target's objects in the base", () => {
    const tree = treeOf([targetOf("dev", [compiled(deployment(1))])]);
    expect(tree.get("apps/web/overlays/dev/kustomization.yaml")).toMatchInlineSnapshot(`
      "apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      resources:
      - ../../base
      labels:
      - pairs:
          app.kubernetes.io/part-of: harbour
      "
    `);
  });

  it("lays bootstrap objects into the folder of their cluster", () => {
    const tree = treeOf([targetOf("dev", [compiled(deployment(1), "infrastructure/bootstrap")])]);
    expect([...tree.keys()]).toEqual([
      "clusters/README.md",
      "clusters/dev/deployment-web.yaml",
      "clusters/dev/kustomization.yaml",
    ]);
  });

  it("lists charts with their values", () => {
    const chart: CompiledChart = {
      name: "sealed-secrets",
      namespace: "kube-system",
      area: "infrastructure/secrets",
      repository: "https://charts.example.com",
      chart: "sealed-secrets",
      version: "1.2.3",
      values: { replicas: 1 },
      path: ["secrets", "sealed"],
      origin: { component: "sealed-secrets", path: ["secrets", "sealed"] },
    };
    const tree = treeOf([targetOf("dev", [], [chart])]);
    expect(tree.get("clusters/dev/charts/sealed-secrets.yaml")).toMatchInlineSnapshot(`
      "# secrets.sealed
      chart:
        name: sealed-secrets
        release: sealed-secrets
        repository: https://charts.example.com
        chart: sealed-secrets
        version: 1.2.3
        namespace: kube-system
        values: infrastructure/secrets/charts/sealed-secrets/dev.yaml
      "
    `);
    expect(tree.get("infrastructure/secrets/charts/sealed-secrets/dev.yaml"))
      .toMatchInlineSnapshot(`
      "# secrets.sealed
      replicas: 1
      "
    `);
  });

  it("refuses two folders of one Application name", () => {
    const objects = [compiled(deployment(1)), compiled(deployment(2), "infrastructure/web")];
    const { diagnostics } = layOut("harbour", [targetOf("dev", objects)]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["compile/contested-application"]);
  });
});
