// What the engine is told to sync must be in the tree: folders its objects name, files its generators look for, values of charts.

import { parseAllDocuments } from "yaml";

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Tree, TreeSource } from "../../model/index.ts";
import { placed } from "../../model/index.ts";
import type { Check, TargetView } from "../target-view.ts";

export const missingPath = defineDiagnostic<{ object: string; path: string }>({
  code: "verify/missing-path",
  severity: "error",
  message: ({ object, path }) => `${object} syncs ${path}, which is not in the tree`,
});

export const checkDeliveredPaths: Check = function* (view) {
  for (const { object, origin } of view.objects) {
    for (const source of view.engine?.sourcesOf(object) ?? []) {
      if (isThere(source, view)) continue;
      yield missingPath(origin.path, { object: displayRef(refOf(object)), path: source.path });
    }
  }
  yield* checkListFiles(view);
  yield* checkHandedFiles(view);
};

function isThere({ kind, path }: TreeSource, { compiled: { tree } }: TargetView): boolean {
  if (kind === "file") return tree.has(path);
  const matcher = kind === "pattern" ? globMatcher(path) : folderMatcher(path);
  return [...tree.keys()].some((file) => matcher.test(file));
}

/** `*` stays inside one folder, as in the engines' own matching; so does a parameter. */
function globMatcher(pattern: string): RegExp {
  const parts = pattern.split(/\{\{.*?\}\}|\*/).map(escaped);
  return new RegExp(`^${parts.join("[^/]*")}$`);
}

/** Anything below it. */
function folderMatcher(folder: string): RegExp {
  const path = folder.replace(/^\.\/?/, "").replace(/\/$/, "");
  return new RegExp(`^${path === "" ? "" : `${escaped(path)}/`}`);
}

const escaped = (text: string): string => text.replace(/[.+?^$()|[\]\\]/g, "\\$&");

/** Lists of folders and charts; ours, so a line is enough to read them by. */
function* checkListFiles({ compiled: { tree }, cluster }: TargetView): Iterable<Diagnostic> {
  const prefix = `clusters/${cluster.target}/`;
  for (const [file, text] of tree) {
    if (!file.startsWith(prefix) || !/^(application|release|chart):$/m.test(text)) continue;
    const [, field, value = ""] = /^ {2}(path|values): (\S+)$/m.exec(text) ?? [];
    const found = field === "path" ? isBuildable(value, tree) : tree.has(value);
    if (!found) yield missingPath([], { object: file, path: value });
  }
}

/** Objects of the engine that are files only: another of its objects makes it read them. */
function* checkHandedFiles({
  engine,
  compiled: { tree },
  cluster: { target, layout },
}: TargetView): Iterable<Diagnostic> {
  const folder = new RegExp(`^${escaped(placed(`clusters/${target}`, layout))}/[^/]+/`);
  for (const [file, text] of tree) {
    if (engine === undefined || !folder.test(file) || !/^kind: /m.test(text)) continue;
    // What is built there are objects like all others.
    if (tree.has(`${file.slice(0, file.lastIndexOf("/"))}/kustomization.yaml`)) continue;
    for (const document of parseAllDocuments(text)) {
      // Ours, and whole.
      const sources = engine.sourcesOf(document.toJS() as KubernetesObject);
      const missing = sources.filter(({ kind, path }) =>
        kind === "file" ? !tree.has(path) : !isBuildable(path, tree),
      );
      for (const { path } of missing) yield missingPath([], { object: file, path });
    }
  }
}

/** A folder is there when it is an overlay, a chart, or holds manifests. */
function isBuildable(folder: string, tree: Tree): boolean {
  if (tree.has(`${folder}/kustomization.yaml`) || tree.has(`${folder}/Chart.yaml`)) return true;
  const direct = new RegExp(`^${escaped(folder)}/[^/]+\\.yaml$`);
  return [...tree.keys()].some((path) => direct.test(path));
}
