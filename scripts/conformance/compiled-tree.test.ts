import { posix } from "node:path";

import { describe, expect, it } from "vitest";

import { kustomizations, objectsIn, rootKustomizations } from "./compiled-tree.ts";

const FILES: Readonly<Record<string, string>> = {
  "apps/web/base/kustomization.yaml": "kind: Kustomization\nresources:\n  - web.yaml\n",
  "apps/web/overlays/prod/kustomization.yaml":
    "kind: Kustomization\nresources:\n  - ../../base\ncomponents:\n  - ../../../../zones\n",
  "apps/web/overlays/dev/kustomization.yaml": 'kind: Kustomization\nresources:\n- "../../base"\n',
  "zones/kustomization.yaml": "kind: Component\n",
};

const tree = {
  foldersWith: (pattern: RegExp): readonly string[] =>
    Object.keys(FILES)
      .filter((file) => pattern.test(posix.basename(file)))
      .map((file) => posix.dirname(file)),
  read: (file: string): string => FILES[file] ?? "",
};

describe("a compiled tree", () => {
  it("leaves out components, which build nothing by themselves", () => {
    expect(kustomizations(tree)).toEqual([
      "apps/web/base",
      "apps/web/overlays/prod",
      "apps/web/overlays/dev",
    ]);
  });

  it("judges what nothing else builds on", () => {
    expect(rootKustomizations(tree)).toEqual(["apps/web/overlays/prod", "apps/web/overlays/dev"]);
  });

  it("finds every object of a stream", () => {
    const yaml = "kind: Service\n---\n---\nkind: Pod\n";
    const kinds = objectsIn([{ folder: "a", yaml }]).map(({ object }) => object["kind"]);
    expect(kinds).toEqual(["Service", "Pod"]);
  });
});
