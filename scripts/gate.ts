// The one gate (`make test`): types, lint, format, build and every test. CI runs exactly this.
// A stage's steps run side by side; a stage that fails stops the later ones. Each step prints one line, and its output only when it fails.

import { countSkippedTests, findSkippedFiles } from "../tests/skip-summary.ts";
import { formatDuration, REPOSITORY, runCommand } from "./run-command.ts";

interface GateStep {
  readonly name: string;
  /** Of npm. */
  readonly args: readonly string[];
}

type StepOutcome = "passed" | "failed" | "not run";

interface StepReport {
  readonly name: string;
  readonly outcome: StepOutcome;
  readonly durationMs: number;
  readonly output: string;
}

/** Scripts of package.json, cheapest first. The tests come last because some of them start the built command. */
const STAGES: readonly (readonly GateStep[])[] = [
  [script("typecheck"), script("lint"), script("format:check")],
  [script("build", ["--if-stale", "--checked"])],
  [script("test")],
];

async function main(): Promise<void> {
  const startedMs = performance.now();
  const reports = await runStages();
  printSummary(reports, performance.now() - startedMs);
  if (reports.some(({ outcome }) => outcome !== "passed")) process.exitCode = 1;
}

async function runStages(): Promise<readonly StepReport[]> {
  const reports: StepReport[] = [];
  for (const stage of STAGES) {
    const stopped = reports.some(({ outcome }) => outcome !== "passed");
    reports.push(...(stopped ? stage.map(leaveOut) : await Promise.all(stage.map(run))));
  }
  return reports;
}

function leaveOut({ name }: GateStep): StepReport {
  return { name, outcome: "not run", durationMs: 0, output: "" };
}

async function run({ name, args }: GateStep): Promise<StepReport> {
  // No colours: the output is read by this program and by CI's logs.
  const result = await runCommand("npm", args, { env: { NO_COLOR: "1", FORCE_COLOR: "0" } });
  const outcome = result.code === 0 ? "passed" : "failed";
  const detail = /^ +Tests +(.+)$/m.exec(result.output)?.[1];
  const duration = formatDuration(result.durationMs).padStart(8);
  console.log([name.padEnd(12), outcome, duration, ...(detail ? [` ${detail}`] : [])].join(" "));
  if (outcome === "failed") console.log(`${result.output.trimEnd()}\n`);
  return { name, outcome, durationMs: result.durationMs, output: result.output };
}

function printSummary(reports: readonly StepReport[], durationMs: number): void {
  const skips = findSkippedFiles(reports.map(({ output }) => output).join("\n"));
  for (const line of skips) console.log(line);
  for (const { name, outcome } of reports) {
    if (outcome === "not run") console.log(`${name.padEnd(12)} not run`);
  }
  const failed = reports.filter(({ outcome }) => outcome === "failed").map(({ name }) => name);
  const verdict = failed.length === 0 ? "gate passed" : `gate FAILED: ${failed.join(", ")}`;
  const skipped = `${countSkippedTests(skips)} tests skipped`;
  console.log(`${verdict} in ${formatDuration(durationMs)}, ${skipped}`);
}

function script(name: string, args: readonly string[] = []): GateStep {
  return { name, args: ["run", "--silent", name, "--", ...args] };
}

process.chdir(REPOSITORY);
await main();
