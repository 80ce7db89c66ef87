import { expect, it } from "vitest";
import { formatKustomization } from "./kustomize.ts";

it("writes the fields in one order and leaves empty ones out", () => {
  const text = formatKustomization(
    {
      patches: [
        { path: "replicas.yaml" },
        {
          target: { kind: "Deployment", name: "web" },
          patch: "- op: remove\n  path: /spec/replicas\n",
        },
      ],
      replicas: [],
      images: [{ name: "ghcr.io/example/web", newTag: "1.2" }],
      labels: [{ pairs: { "app.kubernetes.io/part-of": "harbour" }, includeTemplates: true }],
      resources: ["../../base", "quota.yaml"],
      namespace: "shop",
    },
    { header: ["environments.prod"] },
  );
  expect(text).toBe(`# environments.prod
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
resources:
- ../../base
- quota.yaml
labels:
- pairs:
    app.kubernetes.io/part-of: harbour
  includeTemplates: true
images:
- name: ghcr.io/example/web
  newTag: "1.2"
patches:
- path: replicas.yaml
- target:
    kind: Deployment
    name: web
  patch: |
    - op: remove
      path: /spec/replicas
`);
});

it("says behind a tag who writes it", () => {
  const text = formatKustomization(
    { resources: ["../../base"] },
    {
      tags: [{ name: "ghcr.io/example/web", newTag: "1.2", marker: '{"$imagepolicy": "a:b:tag"}' }],
    },
  );
  expect(text.split("\n").slice(4)).toEqual([
    "images:",
    "- name: ghcr.io/example/web",
    '  newTag: "1.2" # {"$imagepolicy": "a:b:tag"}',
    "",
  ]);
});
