// The graph as a Mermaid flowchart and as JSON, for people and for tools.

import { formatPath, groupBy } from "../core/index.ts";
import type { Endpoint, Flow, Graph } from "../model/index.ts";

/** Namespaces are boxes; flows everybody has (DNS) and API calls are left out, they hide the rest. */
export function mermaidDiagram(graph: Graph): string {
  const flows = graph.flows.filter(({ purpose }) => purpose !== "dns" && purpose !== "api");
  const outside = new Map(
    flows
      .flatMap(({ from, to }) => [from, to])
      .flatMap((end) => (end.kind === "workload" ? [] : [[idOf(end), end] as const])),
  );
  const lines = [
    "flowchart LR",
    ...namespaceBoxes(graph),
    ...[...outside]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, end]) => `  ${id}(["${labelOf(end)}"])`),
    ...flows.map(arrowOf),
  ];
  return `${lines.join("\n")}\n`;
}

function namespaceBoxes({ workloads }: Graph): string[] {
  const groups = [...groupBy(workloads, ({ namespace }) => namespace)];
  return groups.flatMap(([namespace, members]) => [
    `  subgraph ${mermaidId(`ns-${namespace}`)}["${namespace}"]`,
    ...members.map(({ name }) => `    ${mermaidId(`${namespace}-${name}`)}["${name}"]`),
    "  end",
  ]);
}

function arrowOf({ from, to, port, application, encryption }: Flow): string {
  const secured = encryption === "none" ? "" : `, ${encryption}`;
  return `  ${idOf(from)} -->|"${application} ${port}${secured}"| ${idOf(to)}`;
}

const mermaidId = (text: string): string => text.replace(/[^A-Za-z0-9]/g, "_");

function idOf(end: Endpoint): string {
  return mermaidId(
    end.kind === "workload" ? `${end.namespace}-${end.name}` : `out-${labelOf(end)}`,
  );
}

function labelOf(end: Endpoint): string {
  if (end.kind === "workload" || end.kind === "external") return end.name;
  return end.kind;
}

/** Stable under compilation: sorted as the graph is, definition paths as text. */
export function graphJson(graph: Graph): Record<string, unknown> {
  return {
    workloads: graph.workloads.map(({ kind, namespace, name, component, ports, origin }) => ({
      kind,
      namespace,
      name,
      component,
      ports,
      origin: formatPath(origin),
    })),
    flows: graph.flows.map(({ origin, ...flow }) => ({ ...flow, origin: formatPath(origin) })),
  };
}
