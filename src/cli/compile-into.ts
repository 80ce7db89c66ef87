// Compiles a platform into a folder and says what became of each file.

import { resolve } from "node:path";

import type { WriteAction, WriteOutcome } from "../compiler/index.ts";
import { planWrite } from "../compiler/index.ts";
import { count, hasErrors } from "../core/index.ts";
import type { Compiled } from "../model/index.ts";
import { displayPath } from "./definition/locate.ts";
import type { PlatformOptions } from "./options.ts";
import { compilePlatform } from "./platform.ts";
import { printFindings } from "./print-findings.ts";
import type { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";
import { currentHashes, readManifest, sha256, writeTree } from "./write-tree.ts";

interface CompileIntoOptions extends PlatformOptions {
  readonly output: string;
  readonly overwrite?: true;
  readonly dryRun?: true;
}

/** True when the tree is in the folder, or would be without `--dry-run`. */
export async function compileInto(
  options: CompileIntoOptions,
  terminal: Terminal,
): Promise<boolean> {
  const { compiled, diagnostics, sources } = await compilePlatform(options, terminal);
  printFindings(diagnostics, sources, terminal);
  if (compiled === undefined || hasErrors(diagnostics)) return false;
  const folder = resolve(terminal.cwd, options.output);
  const manifest = readManifest(folder);
  const plan = planWrite({
    tree: compiled.tree,
    generator: `keelson ${VERSION}`,
    environments: environmentsOf(compiled),
    manifest,
    current: currentHashes(folder, compiled.tree, manifest),
    overwrite: options.overwrite === true,
    sha256,
  });
  printFindings(plan.diagnostics, sources, terminal);
  if (hasErrors(plan.diagnostics)) return false;
  if (options.dryRun !== true) writeTree(folder, compiled.tree, plan);
  const shown = displayPath(folder, terminal.cwd);
  terminal.out(
    describeChanges(plan.actions, shown, manifest !== undefined, options.dryRun === true),
  );
  return true;
}

function environmentsOf({ targets }: Compiled): string[] {
  return [...new Set(targets.map(({ cluster }) => cluster.environment))];
}

const ORDER: readonly WriteOutcome[] = ["created", "updated", "deleted", "kept", "unchanged"];

/** Each changed file where there was something before, then one line of totals. */
function describeChanges(
  actions: readonly WriteAction[],
  folder: string,
  again: boolean,
  dryRun: boolean,
): string {
  const changed = actions.filter(({ outcome }) => outcome !== "unchanged");
  const lines = again ? changed.map(({ path, outcome }) => `${folder}/${path} ${outcome}\n`) : [];
  const totals = ORDER.map(
    (outcome) => [outcome, actions.filter((action) => action.outcome === outcome).length] as const,
  )
    .filter(([, number]) => number > 0)
    .map(([outcome, number]) => `${number} ${outcome}`);
  const would = dryRun ? " (dry run)" : "";
  return `${lines.join("")}${folder}: ${count(actions.length, "file")}, ${totals.join(", ")}${would}\n`;
}
