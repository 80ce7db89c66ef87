// `make bench`: runs every case side by side on this machine and prints what it took, next to what we promise.
// Each run is a cold process; the contenders of a case take turns so that a noisy neighbour hits both. Nothing here can fail on a figure.

import { cpus } from "node:os";
import { parseArgs } from "node:util";

import { type BenchCase, type Contender, type Figures, Unavailable } from "./case.ts";
import { CASES } from "./cases.ts";
import { measurePace, YARDSTICK } from "./pace.ts";
import { formatTable, type Result, type Series, summarise } from "./table.ts";

const { values: options } = parseArgs({
  options: {
    case: { type: "string", multiple: true, default: [] },
    runs: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

const HELP = `usage: make bench ARGS="[--case NAME]... [--runs N] [--json]"

  --case NAME   only this case; may be given several times (default: all)
  --runs N      cold processes of each contender (default: 3)
  --json        the results as JSON
  --list        print the names of all cases
  --help        print this`;

async function main(): Promise<void> {
  if (options.help) return console.log(HELP);
  if (options.list) return console.log(CASES.map(({ name }) => name).join("\n"));
  const results: Result[] = [];
  for (const bench of chosenCases()) results.push(...(await runCase(bench, Number(options.runs))));
  console.log(
    options.json ? formatJson(results) : `${formatTable(results)}\n\n${formatFooter(results)}`,
  );
}

function chosenCases(): readonly BenchCase[] {
  const wanted = options.case;
  const unknown = wanted.filter((name) => !CASES.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new Error(`no such case: ${unknown.join(", ")}; see --list`);
  return wanted.length === 0 ? CASES : CASES.filter(({ name }) => wanted.includes(name));
}

/** What a contender has shown so far: its runs, or why there are none. */
type Attempted = { readonly contender: Contender; runs: Figures[]; problem: string | undefined };

async function runCase(bench: BenchCase, runs: number): Promise<readonly Result[]> {
  const records = [bench.keelson, ...(bench.peer ? [bench.peer] : [])].map(
    (contender): Attempted => ({ contender, runs: [], problem: undefined }),
  );
  for (const record of records) await attempt(record, () => record.contender.prepare?.());
  const paces: number[] = [];
  for (let run = 1; run <= runs; run++) {
    paces.push(await measurePace());
    for (const record of records) {
      process.stderr.write(`${bench.name}  ${record.contender.label}  ${run}/${runs}\n`);
      await attempt(record, async () => void record.runs.push(await record.contender.run()));
    }
  }
  return toResults(bench, records, summarise(paces, "count").median);
}

async function attempt(record: Attempted, work: () => Promise<void> | undefined): Promise<void> {
  if (record.problem !== undefined) return;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // A failure is shown in the table and fails the command; what is merely missing only shows.
    if (!(error instanceof Unavailable)) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
    record.problem = error instanceof Unavailable ? error.message : "failed";
  }
}

function toResults(
  bench: BenchCase,
  records: readonly Attempted[],
  pace: number,
): readonly Result[] {
  const [keelson, peer] = records;
  return bench.rows.map(({ what, figure, peerFigure = figure, unit, budget, reference }) => ({
    case: bench.name,
    what,
    unit,
    keelson: toSeries(keelson, figure),
    pace,
    ...(budget === undefined ? {} : { budget }),
    ...(peer === undefined ? {} : { peer: toSeries(peer, peerFigure) }),
    ...(reference === undefined ? {} : { reference }),
  }));
}

function toSeries(record: Attempted | undefined, figure: string): Series | string {
  if (record === undefined) return "–";
  if (record.problem !== undefined) return record.problem;
  const values = record.runs.map((run) => run[figure]).filter((value) => value !== undefined);
  return values.length === 0 ? "–" : { label: record.contender.label, values };
}

function formatFooter(results: readonly Result[]): string {
  const processors = cpus();
  const paces = results.map(({ pace }) => pace ?? NaN);
  const [least, most] = [Math.min(...paces), Math.max(...paces)].map((pace) => pace.toFixed(2));
  return [
    `median (best) of ${options.runs} cold processes each, taking turns; budgets are for 2 cores`,
    `at its pace: times divided and rates multiplied by ${least} to ${most}, measured in turn with the runs; ${YARDSTICK}`,
    "over HTTPS: a process of its own with node:https, HTTP/1.1 kept alive, one request at a time on each connection",
    `made by: ${commandLine()}  on Node ${process.versions.node}, ${processors.length} × ${processors[0]?.model ?? "unknown processor"}`,
  ].join("\n");
}

function commandLine(): string {
  const args = process.argv.slice(2);
  return args.length === 0 ? "make bench" : `make bench ARGS="${args.join(" ")}"`;
}

function formatJson(results: readonly Result[]): string {
  const machine = { node: process.versions.node, cores: cpus().length, model: cpus()[0]?.model };
  const document = {
    version: 1,
    command: "make bench",
    runs: Number(options.runs),
    machine,
    results,
  };
  return JSON.stringify(document, null, 2);
}

await main();
