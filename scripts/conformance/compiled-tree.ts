// A compiled tree on disk, seen as validators need it: its files, its Kustomize folders, and what those render to.

import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { parseAllDocuments } from "yaml";

import { runCommand } from "../run-command.ts";
import { type OwnChart, ownCharts, templateArguments } from "./own-charts.ts";

export interface Kind {
  /** `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
}

export interface Rendered {
  /** Folder of the kustomization, or of a chart with its values file; relative to the tree. */
  readonly folder: string;
  readonly yaml: string;
}

export interface CompiledTree {
  /** The blueprint it was compiled from, for messages. */
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  /** Relative to the root, with forward slashes, sorted. */
  readonly files: readonly string[];
  /** Folders with one of these files directly inside. */
  foldersWith(pattern: RegExp): readonly string[];
  read(file: string): string;
  /** What charts of the tree and kustomizations that no other builds on build to; a string says why nothing could be built. */
  rendered(): Promise<readonly Rendered[] | string>;
  /** Charts of the tree; a string says why they could not be made ready. */
  charts(): Promise<readonly OwnChart[] | string>;
}

/** Paths of the programs that build; without kubectl nothing is rendered, without helm no chart. */
export interface BuildTools {
  readonly kubectl: string | undefined;
  readonly helm: string | undefined;
}

export function openTree(name: string, root: string, tools: BuildTools): CompiledTree {
  const { kubectl, helm } = tools;
  const files = listFiles(root);
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const foldersWith = (pattern: RegExp): readonly string[] => {
    const found = files.filter((file) => pattern.test(posix.basename(file)));
    return [...new Set(found.map((file) => posix.dirname(file)))];
  };
  let preparing: Promise<readonly OwnChart[] | string> | undefined;
  const charts = (): Promise<readonly OwnChart[] | string> =>
    (preparing ??=
      helm === undefined
        ? Promise.resolve("needs helm to build charts")
        : ownCharts({ root, files, foldersWith, read }, helm));
  let rendering: Promise<readonly Rendered[] | string> | undefined;
  const rendered = (): Promise<readonly Rendered[] | string> => {
    if (kubectl === undefined) return Promise.resolve("needs kubectl to build kustomizations");
    const folders = rootKustomizations({ foldersWith, read });
    return (rendering ??= renderAll(root, kubectl, folders).then(async (built) => [
      ...built,
      ...(await renderCharts(helm, await charts())),
    ]));
  };
  return { name, root, files, foldersWith, read, rendered, charts };
}

/** Folders that can be built by themselves; a Component only changes what others build. */
export function kustomizations(
  tree: Pick<CompiledTree, "foldersWith" | "read">,
): readonly string[] {
  return tree
    .foldersWith(/^kustomization\.yaml$/)
    .filter((folder) => !/^kind: Component$/m.test(tree.read(`${folder}/kustomization.yaml`)));
}

/** Without bases: what is incomplete there is filled in by those that build on it. */
export function rootKustomizations(
  tree: Pick<CompiledTree, "foldersWith" | "read">,
): readonly string[] {
  const all = kustomizations(tree);
  const bases = new Set(
    all.flatMap((folder) => {
      const text = tree.read(`${folder}/kustomization.yaml`);
      const entries = [...text.matchAll(/^\s*- +["']?([^\s"':]+)["']?\s*$/gm)];
      return entries.map((match) => posix.join(folder, match[1] ?? ""));
    }),
  );
  return all.filter((folder) => !bases.has(folder));
}

/** A build that fails is left out here; the `kustomize` validator reports it. */
async function renderAll(
  root: string,
  kubectl: string,
  folders: readonly string[],
): Promise<readonly Rendered[]> {
  const rendered: Rendered[] = [];
  for (const folder of folders) {
    const result = await runCommand(kubectl, ["kustomize", folder], { cwd: root });
    if (result.code === 0) rendered.push({ folder, yaml: result.stdout });
  }
  return rendered;
}

/** Charts that fail are the `helm` validator's to report. */
async function renderCharts(
  helm: string | undefined,
  charts: readonly OwnChart[] | string,
): Promise<readonly Rendered[]> {
  if (helm === undefined || typeof charts === "string") return [];
  const rendered: Rendered[] = [];
  for (const chart of charts) {
    for (const file of chart.valuesFiles) {
      const { code, stdout } = await runCommand(helm, templateArguments(chart, file));
      if (code === 0) rendered.push({ folder: `${chart.folder}/${file}`, yaml: stdout });
    }
  }
  return rendered;
}

/** All rendered objects, with the folder they came from. */
export function objectsIn(
  rendered: readonly Rendered[],
): readonly { readonly folder: string; readonly object: Readonly<Record<string, unknown>> }[] {
  return rendered.flatMap(({ folder, yaml }) =>
    parseAllDocuments(yaml).flatMap((document) => {
      const object: unknown = document.toJS();
      return isObject(object) ? [{ folder, object }] : [];
    }),
  );
}

/** Every kind once, in the order of appearance. */
export function kindsIn(rendered: readonly Rendered[]): readonly Kind[] {
  const found = new Map(
    objectsIn(rendered).map(({ object }) => {
      const kind = { apiVersion: String(object["apiVersion"]), kind: String(object["kind"]) };
      return [`${kind.apiVersion} ${kind.kind}`, kind] as const;
    }),
  );
  return [...found.values()];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function listFiles(root: string): readonly string[] {
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll("\\", "/"),
    )
    .toSorted();
}
