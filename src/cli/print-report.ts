// Prints what holds on each cluster, for people and for programs.

import { count } from "../core/index.ts";
import { securedFlows } from "../graph/index.ts";
import type { Compiled } from "../model/index.ts";
import { compliance, loadRules, type ControlResult } from "../verifier/index.ts";
import type { ReportOptions, ReportSubject } from "./commands/report.ts";
import { formatTable } from "./output/table.ts";
import { compilePlatform, kindsOf } from "./platform.ts";
import { printFindings } from "./print-findings.ts";
import type { Terminal } from "./terminal.ts";

/** Of the JSON shape. */
const VERSION = 1;

/** Whether everything that was asked about holds. */
export async function printReport(
  subject: ReportSubject,
  options: ReportOptions,
  terminal: Terminal,
): Promise<boolean> {
  const { compiled, diagnostics, sources } = await compilePlatform(options, terminal);
  if (compiled === undefined) {
    printFindings(diagnostics, sources, terminal);
    return false;
  }
  if (subject === "flows") {
    printFlows(compiled, options, terminal);
    return true;
  }
  const results = compliance({
    compiled,
    kinds: await kindsOf(compiled),
    ...(await loadRules(compiled)),
  });
  const failing = results.filter(({ state }) => state === "failing" || state === "open");
  terminal.out(options.output === "json" ? json({ controls: results }) : controlTable(results));
  const met = results.filter(({ state }) => state === "met").length;
  terminal.err(`${met} of ${count(results.length, "control")} met, ${failing.length} failing\n`);
  return failing.length === 0;
}

const json = (document: object): string =>
  `${JSON.stringify({ version: VERSION, ...document }, undefined, 2)}\n`;

function controlTable(results: readonly ControlResult[]): string {
  const columns = ["CLUSTER", "CONTROL", "STATE", "EVIDENCE"].map((header) => ({ header }));
  return formatTable(
    columns,
    results.map(({ target, control, state, evidence }) => [
      target,
      control,
      state,
      evidence === "" ? "<none>" : evidence,
    ]),
  );
}

function printFlows({ targets }: Compiled, { output }: ReportOptions, terminal: Terminal): void {
  const rows = targets.flatMap(({ cluster, graph }) =>
    securedFlows(cluster, graph).map(({ flow, ...security }) => ({
      target: cluster.target,
      flow: flow.name,
      purpose: flow.purpose,
      port: flow.port,
      ...security,
    })),
  );
  if (output === "json") return terminal.out(json({ flows: rows }));
  const headers = ["CLUSTER", "FLOW", "PORT", "AUTHENTICATION", "AUTHORIZATION", "ENCRYPTION"];
  const columns = headers.map((header) => ({ header, right: header === "PORT" }));
  const shown = (text: string): string => (text === "" ? "<none>" : text);
  terminal.out(
    formatTable(
      columns,
      rows.map(({ target, flow, port, authentication, authorization, encryption }) => [
        target,
        flow,
        String(port),
        shown(authentication),
        shown(authorization),
        encryption,
      ]),
    ),
  );
}
