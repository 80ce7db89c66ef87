// Who is scraped: every flow of the graph that ends at metrics. Each form of Prometheus writes the same list in its own way,
// so what it scrapes and what the network policies let it scrape cannot differ.

import { invariant } from "../../core/index.ts";
import type { EmitContext, Workload } from "../../model/index.ts";

export interface ScrapeTarget {
  readonly workload: Workload;
  readonly metrics: NonNullable<Workload["metrics"]>;
  /** The port's name on the pod; monitors ask by name. */
  readonly portName: string | undefined;
}

/** Sorted by namespace and name. */
export function scrapeTargets({ graph }: Pick<EmitContext, "graph">): ScrapeTarget[] {
  const scraped = new Set(
    graph.flows.flatMap(({ purpose, to }) =>
      purpose === "scrape" && to.kind === "workload" ? [`${to.namespace}/${to.name}`] : [],
    ),
  );
  return graph.workloads
    .filter(({ namespace, name }) => scraped.has(`${namespace}/${name}`))
    .map((workload) => {
      const { metrics, ports, name } = workload;
      invariant(metrics, `the scraped workload ${name} states where its metrics are`);
      const portName = ports.find(({ port }) => port === metrics.port)?.name;
      return { workload, metrics, portName };
    });
}
