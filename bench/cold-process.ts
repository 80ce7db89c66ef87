// Runs a program in a cold Node process and reads off what the operating system says about it.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

import { REPOSITORY, runCommand } from "../scripts/run-command.ts";
import type { Figures } from "./case.ts";

/** Ignored by git, and inside the package so that programs may import `keelson` by its name. */
export const WORK = join(REPOSITORY, ".keelson", "bench");

/** Loaded before every measured program: says at the end how much memory it took at most. */
const REPORT_MEMORY = `process.on("exit", () => {
  process.stderr.write("\\n@peak-rss-kilobytes " + process.resourceUsage().maxRSS + "\\n");
});`;

/** `node` with what makes it report; the program and its arguments follow. */
function measuredNode(): readonly string[] {
  const preload = `data:text/javascript,${encodeURIComponent(REPORT_MEMORY)}`;
  return ["--import", preload];
}

/** Wall time from start to exit, and peak memory. Rejects when the program fails. */
export async function runCold(args: readonly string[], cwd = REPOSITORY): Promise<Figures> {
  const result = await runCommand(process.execPath, [...measuredNode(), ...args], { cwd });
  if (result.code !== 0) throw new Error(`node ${args.join(" ")} failed\n${result.output}`);
  return {
    ...readReportedFigures(result.stdout),
    wallMs: result.durationMs,
    peakRssBytes: readPeakRss(result.output),
  };
}

/** Lines `@figure name value` that a program printed about itself. */
export function readReportedFigures(stdout: string): Figures {
  const lines = stdout.matchAll(/^@figure (\S+) ([\d.]+)$/gm);
  return Object.fromEntries([...lines].map((match) => [match[1] ?? "", Number(match[2])]));
}

export function readPeakRss(output: string): number {
  const kilobytes = /@peak-rss-kilobytes (\d+)/.exec(output)?.[1];
  if (kilobytes === undefined) throw new Error("the program did not report its memory");
  return Number(kilobytes) * 1024;
}

/** The JavaScript of a file in `bench/programs/`, so that no run pays for a TypeScript loader. */
export function transpileProgram(name: string): string {
  const source = readFileSync(join(REPOSITORY, "bench", "programs", `${name}.ts`), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  const path = join(WORK, `${name}.mjs`);
  mkdirSync(WORK, { recursive: true });
  writeFileSync(path, outputText);
  return path;
}
