import { expect, it } from "vitest";
import { formatPath } from "../core/index.ts";
import { buildKustomization, isKustomization, type FileTree } from "./build-kustomization.ts";

const SERVICE =
  "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}\n";

function findings(kustomization: string, more: Record<string, string> = {}): string[] {
  const files = new Map(
    Object.entries({ "app/kustomization.yaml": kustomization, "app/s.yaml": SERVICE, ...more }),
  );
  const { objects, diagnostics } = buildKustomization(files, "app");
  if (diagnostics.length > 0) expect(objects).toEqual([]);
  return diagnostics.map(({ code, path }) => `${code} ${formatPath(path)}`);
}

const K = `["app/kustomization.yaml"]`;

it.each([
  ["resources: [s.yaml]", []],
  ["resources: [s.yaml]\nhelmCharts: []", [`render/unsupported-kustomize-field ${K}.helmCharts`]],
  ["resources: [s.yaml]\nnamePrefix: a", [`render/unsupported-kustomize-field ${K}.namePrefix`]],
  ["components: [a]", [`render/unsupported-kustomize-field ${K}.components`]],
  [
    "resources: [s.yaml]\nlabels: [{pairs: {a: b}, includeSelectors: true}]",
    [`render/unsupported-kustomize-field ${K}.labels[0].includeSelectors`],
  ],
  ["resources: s.yaml", [`render/wrong-kustomize-field ${K}.resources`]],
  [
    "resources: [s.yaml]\nlabels: [{pairs: {a: 1}}]",
    [`render/wrong-kustomize-field ${K}.labels[0].pairs.a`],
  ],
  [
    "resources: [s.yaml]\nreplicas: [{name: web, count: two}]",
    [`render/wrong-kustomize-field ${K}.replicas[0].count`],
  ],
  ["resources: [s.yaml]\npatches: [{}]", [`render/wrong-kustomize-field ${K}.patches[0]`]],
  ["apiVersion: v1\nresources: [s.yaml]", [`render/wrong-kustomize-field ${K}.apiVersion`]],
  ["resources: []", [`render/empty-kustomization ${K}`]],
  ["", [`render/empty-kustomization ${K}`]],
  ["resources: [", [`render/invalid-yaml ${K}`]],
  ["resources: [s.yaml, none.yaml]", [`render/no-such-resource ${K}.resources[1]`]],
  ["resources: [s.yaml, s.yaml]", [`render/duplicate-object ${K}.resources[1]`]],
  ["resources: [../other]", [`render/no-kustomization other`]],
  ["resources: [../other/x.yaml]", [`render/file-outside-folder ${K}.resources[0]`]],
  ["resources: [../app]", ["render/folder-cycle app"]],
  [
    "resources: [s.yaml]\nreplicas: [{name: none, count: 1}]",
    [`render/no-replicas-target ${K}.replicas[0]`],
  ],
  [
    "resources: [s.yaml]\npatches: [{path: none.yaml}]",
    [`render/no-such-resource ${K}.patches[0]`],
  ],
  ["resources: [s.yaml]\npatches: [{path: p.yaml}]", [`render/no-patch-target ["app/p.yaml"]`]],
  [
    "resources: [s.yaml]\npatches: [{path: s.yaml, target: {name: '('}}]",
    [`render/patch-does-not-apply ["app/s.yaml"]`],
  ],
  ["resources: [bad.yaml]", [`render/not-a-kubernetes-object ["app/bad.yaml"][1]`]],
])("%j finds %j", (kustomization, expected) => {
  const more = {
    "other/x.yaml": SERVICE,
    "app/p.yaml": "{apiVersion: v1, kind: Service, metadata: {name: none}}\n",
    "app/bad.yaml": `${SERVICE}---\nkind: Service\n`,
  };
  expect(findings(kustomization, more)).toEqual(expected);
});

it("refuses two kustomizations in one folder", () => {
  expect(findings("resources: [s.yaml]", { "app/Kustomization": "resources: [s.yaml]" })).toEqual([
    "render/several-kustomizations app",
  ]);
});

it("leaves the tree alone and builds the same again", () => {
  const files: FileTree = new Map([
    ["base/kustomization.yaml", "resources: [s.yaml]\n"],
    ["base/s.yaml", SERVICE],
    [
      "prod/kustomization.yaml",
      "resources: [../base]\nnamespace: shop\nlabels: [{pairs: {env: prod}}]\n",
    ],
  ]);
  const first = buildKustomization(files, "prod");
  expect(first.objects).toEqual([
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web", namespace: "shop", labels: { env: "prod" } },
      spec: { ports: [{ port: 80 }] },
    },
  ]);
  expect(buildKustomization(files, "prod/")).toEqual(first);
  expect([isKustomization(files, "prod"), isKustomization(files, "")]).toEqual([true, false]);
});
