// Compiles, verifies and proves a platform, and prints the result in one of several formats.

import type { Diagnostic } from "../core/index.ts";
import { count, hasErrors, sortDiagnostics } from "../core/index.ts";
import type { Proof } from "../verifier/index.ts";
import { loadRules, proofs, verify } from "../verifier/index.ts";
import { withSpans } from "./definition/positions.ts";
import type { PlatformOptions } from "./options.ts";
import { findingsJson } from "./output/findings-json.ts";
import { junit } from "./output/junit.ts";
import type { Sources } from "./output/position.ts";
import { sarif } from "./output/sarif.ts";
import { formatTable } from "./output/table.ts";
import { compilePlatform, kindsOf } from "./platform.ts";
import { renderDiagnostics } from "./print-diagnostics.ts";
import type { Terminal } from "./terminal.ts";

export type CheckFormat = "table" | "json" | "sarif" | "junit";

export interface CheckResult {
  readonly passed: boolean;
  readonly text: string;
}

export async function checkPlatform(
  options: PlatformOptions,
  format: CheckFormat,
  terminal: Terminal,
): Promise<CheckResult> {
  const examined = await examine(options, terminal);
  const { diagnostics, promises, sources, file } = examined;
  const passed = !hasErrors(diagnostics);
  switch (format) {
    case "table":
      return { passed, text: table(examined, terminal.color.out) };
    case "json":
      return { passed, text: findingsJson(diagnostics, promises, sources) };
    case "sarif":
      return { passed, text: sarif(diagnostics, sources, file) };
    case "junit":
      return { passed, text: junit(diagnostics, promises, sources) };
  }
}

interface Examined {
  readonly diagnostics: readonly Diagnostic[];
  readonly promises: readonly Proof[];
  /** Targets looked at; none when compiling failed. */
  readonly targets: readonly string[];
  readonly sources: Sources;
  /** The definition, as a person would write it. */
  readonly file: string;
}

async function examine(options: PlatformOptions, terminal: Terminal): Promise<Examined> {
  const platform = await compilePlatform(options, terminal);
  const { compiled, sources, file } = platform;
  const common = { sources, file: file.shown };
  if (compiled === undefined) {
    return { ...common, diagnostics: platform.diagnostics, promises: [], targets: [] };
  }
  const input = { compiled, kinds: await kindsOf(compiled), ...(await loadRules(compiled)) };
  const found = withSpans(verify(input), file);
  return {
    ...common,
    diagnostics: sortDiagnostics([...platform.diagnostics, ...found]),
    promises: proofs(input),
    targets: compiled.targets.map(({ cluster }) => cluster.target),
  };
}

function table({ diagnostics, promises, targets, sources }: Examined, colour: boolean): string {
  const findings = renderDiagnostics(diagnostics, sources, { colour });
  return [findings, proofTable(promises, targets), countPromises(promises)]
    .filter((part) => part !== "")
    .join("\n");
}

/** The column of clusters is there only when there is something to tell apart; a promise is named once. */
function proofTable(promises: readonly Proof[], targets: readonly string[]): string {
  if (promises.length === 0) return "";
  const several = targets.length > 1;
  const columns = ["PROMISE", ...(several ? ["ON"] : []), "EVIDENCE"];
  const rows = promises.map(({ promise, evidence, targets: on }, index) => {
    const repeats = promises[index - 1]?.promise === promise;
    const clusters = on.length === targets.length ? "all" : on.join(",");
    return [repeats ? "" : promise, ...(several ? [clusters] : []), evidence];
  });
  return formatTable(
    columns.map((header) => ({ header })),
    rows,
  );
}

function countPromises(promises: readonly Proof[]): string {
  const names = new Set(promises.map(({ promise }) => promise));
  return names.size === 0 ? "" : `${count(names.size, "promise")} proved\n`;
}
