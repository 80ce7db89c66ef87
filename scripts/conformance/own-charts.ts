// The charts a tree holds itself, made ready as Helm wants them: a chart with its library packed into `charts/`, in a copy, so
// that the tree stays what was compiled.

import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, posix } from "node:path";

import { runCommand } from "../run-command.ts";
import type { CompiledTree } from "./compiled-tree.ts";

export interface OwnChart {
  /** Relative to the tree. */
  readonly folder: string;
  /** Absolute; dependencies are built there. */
  readonly copy: string;
  /** `values-prod.yaml`, one a target; relative to the chart. */
  readonly valuesFiles: readonly string[];
  /** What Helm said when it could not build the dependencies. */
  readonly problem?: string;
}

type Tree = Pick<CompiledTree, "root" | "files" | "foldersWith" | "read">;

/** Libraries are left out: nobody installs them. */
export async function ownCharts(tree: Tree, helm: string): Promise<readonly OwnChart[]> {
  const folders = tree
    .foldersWith(/^Chart\.yaml$/)
    .filter((folder) => !/^type: library$/m.test(tree.read(`${folder}/Chart.yaml`)));
  const copies = copyParents(tree, folders);
  const charts: OwnChart[] = [];
  for (const folder of folders) {
    const copy = join(copies.get(posix.dirname(folder)) ?? tree.root, basename(folder));
    const { code, output } = await runCommand(helm, ["dependency", "build", copy]);
    const valuesFiles = tree.files
      .filter((file) => posix.dirname(file) === folder)
      .map((file) => posix.basename(file))
      .filter((file) => /^values-.+\.yaml$/.test(file));
    charts.push({ folder, copy, valuesFiles, ...(code === 0 ? {} : { problem: output.trim() }) });
  }
  return charts;
}

/** Libraries lie beside their charts. */
function copyParents({ root }: Tree, folders: readonly string[]): ReadonlyMap<string, string> {
  const parents = [...new Set(folders.map((folder) => posix.dirname(folder)))];
  return new Map(
    parents.map((parent) => {
      const copy = mkdtempSync(join(tmpdir(), "keelson-charts-"));
      cpSync(join(root, parent), copy, { recursive: true });
      return [parent, copy];
    }),
  );
}

/** What `helm template` is asked for one target. */
export function templateArguments({ copy }: OwnChart, valuesFile: string): readonly string[] {
  return ["template", basename(copy), copy, "-f", join(copy, valuesFile)];
}
