// Prints the graph of one cluster.

import { graphJson, hopsOf, mermaidDiagram, type Hop } from "../graph/index.ts";
import type { Compiled, CompiledTarget, PlannedExposure } from "../model/index.ts";
import type { GraphOptions } from "./commands/graph.ts";
import { formatTable } from "./output/table.ts";
import { compilePlatform } from "./platform.ts";
import { printFindings } from "./print-findings.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** True when there was a graph to print. */
export async function printGraph(options: GraphOptions, terminal: Terminal): Promise<boolean> {
  const { env, ...choice } = options;
  const environment = env === undefined ? {} : { env: [env] };
  const platform = await compilePlatform({ ...choice, ...environment }, terminal);
  const { compiled, diagnostics, sources } = platform;
  if (compiled === undefined) {
    printFindings(diagnostics, sources, terminal);
    return false;
  }
  const { graph, cluster } = chooseTarget(compiled, options.cluster);
  const print: Readonly<Record<GraphOptions["output"], () => string>> = {
    mermaid: () => mermaidDiagram(graph),
    json: () => `${JSON.stringify(graphJson(graph), undefined, 2)}\n`,
    hops: () => hopTable(hopsOf(cluster.routes, graph)),
    entries: () => entryTable(cluster.exposures),
  };
  terminal.out(print[options.output]());
  return true;
}

function hopTable(hops: readonly Hop[]): string {
  const columns = ["ROUTE", "FROM", "TO", "PORT", "PROTOCOL", "TLS"].map((header) => ({
    header,
    right: header === "PORT",
  }));
  const rows = hops.map(({ route, from, to, port, application, encryption }) => [
    route,
    from,
    to,
    String(port),
    application,
    encryption,
  ]);
  return formatTable(columns, rows);
}

function entryTable(exposures: readonly PlannedExposure[]): string {
  const columns = ["NAME", "OPENS", "PORTS", "FROM", "LIMIT", "REASON"].map((header) => ({
    header,
    right: false,
  }));
  const rows = exposures.map(({ name, opens, ports, allowFrom, limit, reason }) => [
    name,
    opens.kind === "service" ? `${opens.namespace}/${opens.name}` : `this machine (${opens.name})`,
    ports.length === 0 ? "<its own>" : ports.join(","),
    allowFrom.join(","),
    limit,
    reason,
  ]);
  return formatTable(columns, rows);
}

function chooseTarget({ targets }: Compiled, cluster: string | undefined): CompiledTarget {
  const found = targets.find((target) => cluster === undefined || target.cluster.name === cluster);
  if (found !== undefined) return found;
  const names = targets.map((target) => target.cluster.name).join(", ");
  throw new UsageError(`there is no cluster ${cluster ?? ""} here`, `choose one of ${names}`);
}
