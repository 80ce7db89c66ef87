// What the engine is told to sync must be in the tree: folders of Applications, files of generators, values of charts.

import type { Diagnostic } from "../../core/index.ts";
import { defineDiagnostic } from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import { plainText, recordOf, recordsIn } from "../pod-template.ts";
import type { Check, SeenObject, TargetView } from "../target-view.ts";

export const missingPath = defineDiagnostic<{ object: string; path: string }>({
  code: "verify/missing-path",
  severity: "error",
  message: ({ object, path }) => `${object} syncs ${path}, which is not in the tree`,
});

export const checkApplicationPaths: Check = function* (view) {
  for (const application of view.ofKind("Application")) yield* checkApplication(application, view);
  for (const set of view.ofKind("ApplicationSet")) yield* checkApplicationSet(set, view);
  yield* checkListFiles(view);
};

function* checkApplication({ object, path }: SeenObject, view: TargetView): Iterable<Diagnostic> {
  const spec = recordOf(object["spec"]);
  for (const source of [recordOf(spec["source"]), ...recordsIn(spec["sources"])]) {
    const folder = source["path"];
    if (typeof folder !== "string" || hasFolder(folder, view)) continue;
    yield missingPath(path, { object: displayRef(refOf(object)), path: folder });
  }
}

/** Every git generator must find at least one file; parameters in its path may stand for anything. */
function* checkApplicationSet(
  { object, path }: SeenObject,
  view: TargetView,
): Iterable<Diagnostic> {
  for (const pattern of generatorPaths(recordOf(object["spec"])["generators"])) {
    const matcher = globMatcher(pattern);
    if ([...view.compiled.tree.keys()].some((file) => matcher.test(file))) continue;
    yield missingPath(path, { object: displayRef(refOf(object)), path: pattern });
  }
}

function generatorPaths(generators: unknown): string[] {
  return recordsIn(generators).flatMap((generator) => {
    const files = recordsIn(recordOf(generator["git"])["files"]);
    const own = files.map(({ path }) => plainText(path)).filter((path) => path !== "");
    const nested = [generator["matrix"], generator["merge"]].map(
      (inner) => recordOf(inner)["generators"],
    );
    return [...own, ...nested.flatMap(generatorPaths)];
  });
}

/** `*` stays inside one folder, as in Argo CD's own matching; so does a parameter. */
function globMatcher(pattern: string): RegExp {
  const parts = pattern
    .split(/\{\{.*?\}\}|\*/)
    .map((text) => text.replace(/[.+?^$()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]*")}$`);
}

function hasFolder(folder: string, { compiled }: TargetView): boolean {
  const prefix = folder === "." || folder === "" ? "" : `${folder.replace(/\/$/, "")}/`;
  return [...compiled.tree.keys()].some((path) => path.startsWith(prefix));
}

/** The files the engine's generators read; ours, so a line is enough to read them by. */
function* checkListFiles({ compiled: { tree }, cluster }: TargetView): Iterable<Diagnostic> {
  const prefix = `clusters/${cluster.target}/`;
  for (const [file, text] of tree) {
    if (!file.startsWith(`${prefix}applications/`) && !file.startsWith(`${prefix}charts/`))
      continue;
    const [, field, value = ""] = /^ {2}(path|values): (\S+)$/m.exec(text) ?? [];
    // A folder is there when it can be built.
    const path = field === "path" ? `${value}/kustomization.yaml` : value;
    if (!tree.has(path)) yield missingPath([], { object: file, path });
  }
}
