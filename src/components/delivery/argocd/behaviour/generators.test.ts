import { describe, expect, it } from "vitest";

import type { GitSource } from "../../../../model/index.ts";
import type { RegisteredCluster } from "./clusters.ts";
import { generateAll } from "./generators.ts";
import { expand } from "./go-template.ts";
import type { Generator } from "./resources.ts";

const URL = "https://git.example.com/platform";
const FILES: Record<string, string> = {
  "clusters/dev/applications/shop.yaml":
    "application: { name: shop, path: apps/shop/overlays/dev }\n",
  "clusters/dev/applications/data.yaml":
    "application: { name: data, path: infrastructure/data/overlays/dev }\n",
  "clusters/prod/applications/shop.yaml":
    "application: { name: shop, path: apps/shop/overlays/prod }\n",
  "clusters/dev/applications/nested/no.yaml": "application: { name: no }\n",
};

const git: GitSource = {
  resolve: async () => "c0ffee",
  read: async (_url, _commit, directory) =>
    new Map(Object.entries(FILES).filter(([path]) => path.startsWith(directory))),
  onPush: () => ({ stop: () => undefined }),
};

const cluster = (name: string, labels: Record<string, string>): RegisteredCluster => ({
  name,
  server: `https://${name}`,
  project: "",
  secret: { apiVersion: "v1", kind: "Secret", metadata: { name: `cluster-${name}`, labels } },
});
const CLUSTERS = [
  cluster("dev", { platform: "harbour", target: "dev" }),
  cluster("Prod_1", { platform: "harbour", target: "prod" }),
  cluster("foreign", { platform: "other", target: "dev" }),
];

const files: Generator = {
  git: {
    repoURL: URL,
    revision: "main",
    files: [{ path: "clusters/{{.metadata.labels.target}}/applications/*.yaml" }],
  },
};
const ours: Generator = { clusters: { selector: { matchLabels: { platform: "harbour" } } } };
const generate = (...generators: Generator[]): ReturnType<typeof generateAll> =>
  generateAll(generators, { git, clusters: CLUSTERS });

describe("generators", () => {
  it("multiply the clusters chosen by label with each one's own files", async () => {
    const rows = await generate({ matrix: { generators: [ours, files] } });
    const names = rows.map((row) =>
      expand("{{.application.name}}-{{.nameNormalized}} {{.application.path}}", row),
    );
    expect(names).toEqual([
      "data-dev infrastructure/data/overlays/dev",
      "shop-dev apps/shop/overlays/dev",
      "shop-prod-1 apps/shop/overlays/prod",
    ]);
  });

  it("give the path of the file they read", async () => {
    const [row] = await generate({ matrix: { generators: [ours, files] } });
    expect(expand("{{.path.path}} {{.path.basename}} {{.path.filename}}", row ?? {})).toBe(
      "clusters/dev/applications applications data.yaml",
    );
  });

  it("list folders, without excluded ones", async () => {
    const directories = [{ path: "clusters/*" }, { path: "clusters/prod", exclude: true }];
    const rows = await generate({ git: { repoURL: URL, revision: "main", directories } });
    expect(rows.map((row) => expand("{{.path.path}}", row))).toEqual(["clusters/dev"]);
  });

  it("add up when there are several", async () => {
    const rows = await generate(
      { list: { elements: [{ a: 1 }, { a: 2 }] } },
      { list: { elements: [{ a: 3 }] } },
    );
    expect(rows).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it("refuse what is not simulated by name", async () => {
    const unknown = { pullRequest: {} } as Generator;
    await expect(generate(unknown)).rejects.toThrow("generator pullRequest is not simulated");
  });
});

describe("templates", () => {
  it.each([
    { name: "a missing key", text: "{{.a.c}}", message: 'map has no entry for key "c"' },
    { name: "a function", text: "{{ .a | upper }}", message: "not simulated" },
    { name: "a record", text: "{{.a}}", message: "not a scalar" },
  ])("refuse $name", ({ text, message }) => {
    expect(() => expand(text, { a: { b: 1 } })).toThrow(message);
  });

  it("expand keys and values, and leave other text alone", () => {
    expect(expand({ "{{.a.b}}": ["x{{.a.b}}y", 2, null] }, { a: { b: 1 } })).toEqual({
      1: ["x1y", 2, null],
    });
  });
});
