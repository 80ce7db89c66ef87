// `make conformance`: compiles every blueprint and asks the field's own tools what they think of the result; then real clients
// go through the embedded cluster.
// A tool that is not installed is skipped with the reason, and counted. `--install` builds what Go can build.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { type CompiledTree, openTree } from "./conformance/compiled-tree.ts";
import { blueprintNames } from "./conformance/blueprints.ts";
import { chartSurfaces } from "./conformance/chart-surfaces.ts";
import type { ClusterSuite } from "./conformance/cluster-suite.ts";
import * as files from "./conformance/file-validators.ts";
import { fluxSystem } from "./conformance/flux-system.ts";
import { gator } from "./conformance/gator.ts";
import { goController } from "./conformance/go-controller.ts";
import { helmReleases } from "./conformance/helm-releases.ts";
import { kubectlWalk } from "./conformance/kubectl-walk.ts";
import * as kubernetes from "./conformance/kubernetes-validators.ts";
import { serverDryRun } from "./conformance/server-dry-run.ts";
import { packagings } from "./conformance/packagings.ts";
import { findValidatorTool, installTool, TOOLS, whyMissing } from "./conformance/tools.ts";
import type { Question, Validator } from "./conformance/validator.ts";
import { findOnPath } from "./find-tool.ts";
import { formatDuration, REPOSITORY, runCommand } from "./run-command.ts";

const { values: options } = parseArgs({
  options: {
    /** Build missing tools with Go first. */
    install: { type: "boolean", default: false },
    /** Only these blueprints. */
    blueprint: { type: "string", multiple: true, default: [] },
    /** Judge this folder instead of compiling blueprints. */
    tree: { type: "string" },
    /** Only these validators and suites. */
    validator: { type: "string", multiple: true, default: [] },
    /** A folder of unpacked third-party charts, `NAME-VERSION` each; others are pulled. */
    charts: { type: "string" },
    /** A folder of Terraform provider plugins. */
    providers: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

const HELP = `usage: make conformance ARGS="[--install] [--blueprint NAME]... [--validator NAME]... [--tree DIR] [--charts DIR]"

  --install         build missing tools with Go first
  --blueprint NAME  only this blueprint; may be given several times (default: all)
  --validator NAME  only this validator or suite; may be given several times (default: all)
  --tree DIR        judge this folder instead of compiling blueprints
  --charts DIR      unpacked third-party charts, NAME-VERSION each; others are pulled
  --providers DIR   Terraform provider plugins

examples
  make conformance ARGS="--install --validator kubeconform --validator promtool"
  make conformance ARGS="--blueprint hybrid"
`;
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

/** Published OpenAPI documents and CustomResourceDefinitions, where this machine has them. */
const DATA = process.env["KEELSON_TEST_DATA"] ?? join(REPOSITORY, "..", "shared", "data");

const VALIDATORS: readonly Validator[] = [
  kubernetes.kustomize,
  kubernetes.fluxSchema(DATA),
  kubernetes.kubeconform(DATA),
  serverDryRun(DATA),
  kubernetes.helm,
  files.promtool,
  files.alertmanager,
  files.terraformFormat,
  files.terraformValidate(options.providers),
  files.actionlint,
  files.gitlab,
  files.ansibleSyntax,
  files.ansibleLint,
  files.talos,
  files.shellcheck,
];

/** They judge no tree: what we say of others' charts, and clients of the embedded cluster. */
const SUITES: readonly ClusterSuite[] = [
  packagings(options.blueprint),
  fluxSystem(options.blueprint),
  chartSurfaces(options.blueprint, options.charts),
  gator,
  goController,
  helmReleases,
  kubectlWalk,
];

/** What happened so far; every skip has its reason. */
const tally = { asked: 0, failed: 0, skipped: 0 };

async function main(): Promise<void> {
  const validators = VALIDATORS.filter(isWanted);
  if (options.install) await installMissing([...validators, ...chosenSuites()]);
  for (const tree of validators.length === 0 ? [] : await openTrees()) {
    for (const validator of validators) await judge(tree, validator);
  }
  for (const validator of validators) await validator.finish?.();
  for (const suite of chosenSuites()) await runSuite(suite);
  const { asked, failed, skipped } = tally;
  console.log(`${asked} questions, ${failed} failed, ${skipped} skipped`);
  if (failed > 0) process.exitCode = 1;
}

function isWanted({ name }: { readonly name: string }): boolean {
  return options.validator.length === 0 || options.validator.includes(name);
}

/** None when somebody asks about one tree, and of one blueprint only those that are about blueprints. */
function chosenSuites(): readonly ClusterSuite[] {
  if (options.tree !== undefined) return [];
  return SUITES.filter(isWanted).filter(
    ({ aboutBlueprints }) => aboutBlueprints === true || options.blueprint.length === 0,
  );
}

async function runSuite(suite: ClusterSuite): Promise<void> {
  const startedMs = performance.now();
  const outcome = await suite.run();
  if (typeof outcome === "string") return skip(suite.name, outcome);
  const { asked, complaints, skips = [] } = outcome;
  for (const reason of skips) skip(suite.name, reason);
  tally.asked += asked;
  tally.failed += complaints.length;
  const verdict = complaints.length === 0 ? "ok" : `FAILED ${complaints.length} of`;
  report(
    suite.aboutBlueprints === true ? "blueprints" : "clients",
    suite.name,
    `${verdict} ${asked}`,
    performance.now() - startedMs,
  );
  for (const complaint of complaints) console.log(complaint);
}

async function installMissing(those: readonly (Validator | ClusterSuite)[]): Promise<void> {
  if (findOnPath("go") === undefined) return skip("--install", "go is not on the PATH");
  for (const { tool, install } of those) {
    if (tool === undefined || install === undefined) continue;
    if (findValidatorTool({ tool }) !== undefined) continue;
    process.stderr.write(`building ${install.path}@${install.version}\n`);
    const problem = await installTool(tool, install);
    if (problem !== undefined) process.stderr.write(`${problem}\n`);
  }
}

async function openTrees(): Promise<readonly CompiledTree[]> {
  const tools = { kubectl: findOnPath("kubectl"), helm: findOnPath("helm", [TOOLS]) };
  if (options.tree !== undefined) return [openTree(options.tree, options.tree, tools)];
  const trees: CompiledTree[] = [];
  for (const blueprint of blueprintNames(options.blueprint)) {
    const root = join(REPOSITORY, ".keelson", "conformance", blueprint);
    if (await compile(blueprint, root)) trees.push(openTree(blueprint, root, tools));
  }
  return trees;
}

async function compile(blueprint: string, root: string): Promise<boolean> {
  rmSync(root, { recursive: true, force: true });
  const command = join(REPOSITORY, "dist", "cli", "main.js");
  const args = [command, "compile", "--blueprint", blueprint, "-o", root];
  const result = await runCommand(process.execPath, args);
  tally.asked++;
  if (result.code === 0) return true;
  report(blueprint, "compile", "FAILED", result.durationMs);
  console.log(result.output.trimEnd());
  tally.failed++;
  return false;
}

async function judge(tree: CompiledTree, validator: Validator): Promise<void> {
  const tool = findValidatorTool(validator);
  const questions = await validator.questions(tree);
  const name = `${validator.name} on ${tree.name}`;
  if (typeof questions === "string") return skip(name, questions);
  if (questions.length === 0) return;
  if (tool === undefined) return skip(name, whyMissing(validator));
  const startedMs = performance.now();
  const complaints: string[] = [];
  let asked = 0;
  for (const question of questions) {
    const { target, skip: reason } = question;
    if (reason !== undefined) {
      skip(`${name} ${target}`, reason);
      continue;
    }
    asked++;
    const complaint = await ask(tree, tool, question);
    if (complaint !== undefined) complaints.push(`${target}\n${complaint}`);
  }
  tally.asked += asked;
  tally.failed += complaints.length;
  if (asked === 0) return;
  const verdict = complaints.length === 0 ? "ok" : `FAILED ${complaints.length} of`;
  report(tree.name, validator.name, `${verdict} ${asked}`, performance.now() - startedMs);
  for (const complaint of complaints) console.log(complaint);
}

/** What the tool says against the target; undefined when it has nothing. */
async function ask(
  tree: CompiledTree,
  tool: string,
  { args, cwd, input }: Question,
): Promise<string | undefined> {
  const settings = { cwd: cwd ?? tree.root, ...(input === undefined ? {} : { input }) };
  const result = await runCommand(tool, args, settings);
  return result.code === 0 ? undefined : result.output.trimEnd();
}

function skip(name: string, reason: string): void {
  tally.skipped++;
  console.log(`SKIP ${name}: ${reason}`);
}

function report(tree: string, name: string, verdict: string, durationMs: number): void {
  const duration = formatDuration(durationMs).padStart(8);
  console.log(`${tree.padEnd(12)} ${name.padEnd(20)} ${verdict.padEnd(16)} ${duration}`);
}

await main();
