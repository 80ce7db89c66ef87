// What a strategic merge patch is told about values that do not fit. Texts: k8s.io/apimachinery
// pkg/runtime/converter.go and k8s.io/apiserver pkg/endpoints/handlers/patch.go @v1.36.

import { describe, expect, it } from "vitest";

import { formatGoValue } from "./unstructured-conversion.ts";
import { startVirtualCluster } from "../../start-cluster.ts";

describe("a strategic merge patch", () => {
  const rows = [
    {
      name: "text for a number",
      body: { spec: { replicas: "x" } },
      text: 'patch: Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32',
    },
    {
      name: "a number for text",
      body: { metadata: { labels: { a: 1 } } },
      text: 'patch: Invalid value: "map[metadata:map[labels:map[a:1]]]": cannot convert int64 to string',
    },
    {
      name: "text for a struct",
      body: { spec: { template: "x" } },
      text: 'patch: Invalid value: "map[spec:map[template:x]]": cannot restore struct from: string',
    },
    {
      name: "a number for a map",
      body: { spec: { template: { metadata: { annotations: true } } } },
      text: 'patch: Invalid value: "map[spec:map[template:map[metadata:map[annotations:true]]]]": cannot restore map from bool',
    },
  ];
  it.each(rows)("$name", async ({ body, text }) => {
    const { api } = await startVirtualCluster();
    const labels = { app: "web" };
    const containers = [{ name: "web", image: "web" }];
    const metadata = { name: "web", namespace: "default" };
    await api.create({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    });
    const ref = { apiVersion: "apps/v1", kind: "Deployment", ...metadata };
    await expect(api.patch(ref, { type: "strategic", body })).rejects.toThrow(text);
  });
});

describe("Go's print of JSON", () => {
  it("sorts keys, quotes nothing", () => {
    expect(formatGoValue({ b: [1, "x y", null], a: { d: true, c: 1.5 } })).toBe(
      "map[a:map[c:1.5 d:true] b:[1 x y <nil>]]",
    );
  });
});
