import { describe, expect, it } from "vitest";

import { buildKustomization } from "../../../../render/index.ts";
import { withKustomization } from "./generated-kustomization.ts";

const object = (name: string): string =>
  JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
const tree = (...files: readonly string[]): ReadonlyMap<string, string> =>
  new Map(files.map((file) => [file, object(file.replaceAll(/\W/g, "-"))]));

const ROWS = [
  {
    name: "every manifest of the folder and below",
    files: tree("apps/a.yaml", "apps/deep/b.yml", "apps/README.md", "other/c.yaml"),
    names: ["apps-a-yaml", "apps-deep-b-yml"],
  },
  {
    name: "a folder with a kustomization as it says itself",
    files: new Map([
      ...tree("apps/a.yaml", "apps/deep/b.yaml", "apps/deep/left-out.yaml"),
      ["apps/deep/kustomization.yaml", "resources: [b.yaml]"],
    ]),
    names: ["apps-a-yaml", "apps-deep-b-yaml"],
  },
  {
    name: "nothing where the folder has one",
    files: new Map([
      ...tree("apps/a.yaml", "apps/left-out.yaml"),
      ["apps/kustomization.yaml", "resources: [a.yaml]"],
    ]),
    names: ["apps-a-yaml"],
  },
] as const;

describe("a folder that is delivered", () => {
  it.each(ROWS)("brings $name", ({ files, names }) => {
    const { objects, diagnostics } = buildKustomization(withKustomization(files, "apps"), "apps");
    expect(diagnostics).toEqual([]);
    expect(objects.map(({ metadata }) => metadata.name).toSorted()).toEqual(names);
  });

  it("is refused when there is nothing in it", () => {
    const { diagnostics } = buildKustomization(withKustomization(tree("b.yaml"), "apps"), "apps");
    expect(diagnostics.map(({ message }) => message)).toEqual(["apps holds no kustomization.yaml"]);
  });
});
