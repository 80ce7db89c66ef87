// The way of a request, hop by hop: from outside to the entry, from there to the app, from the app to what it uses. A reading of
// the graph, for people who ask where TLS ends.

import type { Path } from "../core/index.ts";
import type { Endpoint, Flow, Graph, PlannedRoute } from "../model/index.ts";

export interface Hop {
  /** The name it is asked by: `shop.example.com/api`. */
  readonly route: string;
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly application: string;
  readonly encryption: Flow["encryption"];
  /** From outside to the way in. */
  readonly isEntry: boolean;
  /** Nothing is served there but the way to HTTPS, which is open beside it. */
  readonly onlyRedirects: boolean;
  readonly origin: Path;
}

/** What an app says itself; probes, scrapes and names are not on the way of a request. */
const ONWARD: ReadonlySet<Flow["purpose"]> = new Set(["app", "data"]);

/** In the order of the routes; a workload that several paths lead to is left once for each. */
export function hopsOf(routes: readonly PlannedRoute[], graph: Graph): Hop[] {
  return routes.flatMap((route) => {
    const target = graph.workload(route.namespace, route.workload);
    if (target === undefined) return [];
    const inward = graph
      .into(target)
      .filter(({ purpose, port }) => purpose === "route" && port === route.targetPort);
    const entries = graph.flows.filter(
      ({ from, to, purpose }) =>
        purpose === "route" &&
        from.kind === "internet" &&
        inward.some((hop) => isSame(hop.from, to)),
    );
    const onward = graph.outOf(target).filter(({ purpose }) => ONWARD.has(purpose));
    const isSecure = entries.some(({ encryption }) => encryption !== "none");
    return [
      ...entries.map((entry) => hopOf(route, entry, { isEntry: true, isSecure })),
      ...[...inward, ...onward].map((flow) => hopOf(route, flow)),
    ];
  });
}

function hopOf(
  route: PlannedRoute,
  { from, to, port, application, encryption, origin }: Flow,
  { isEntry, isSecure } = { isEntry: false, isSecure: false },
): Hop {
  return {
    route: addressOf(route),
    from: nameOf(from),
    to: nameOf(to),
    port,
    application,
    encryption,
    isEntry,
    onlyRedirects: isEntry && isSecure && encryption === "none",
    origin,
  };
}

const addressOf = ({ hostname, paths }: PlannedRoute): string =>
  `${hostname}${paths.length === 1 && paths[0] === "/" ? "" : paths.join(",")}`;

const isSame = (a: Endpoint, b: Endpoint): boolean => nameOf(a) === nameOf(b);

function nameOf(end: Endpoint): string {
  if (end.kind === "workload") return `${end.namespace}/${end.name}`;
  return end.kind === "external" ? end.name : end.kind;
}
