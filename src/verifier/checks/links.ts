// Private links between sites: what they route lies at the site they route to, and is no more than that site needs.

import type { Diagnostic, Path } from "../../core/index.ts";
import {
  defineDiagnostic,
  formatCidr,
  parseCidr,
  rangeContains,
  rangesOverlap,
} from "../../core/index.ts";
import type { PlannedLink } from "../../model/index.ts";
import type { Check, TargetView } from "../target-view.ts";

export const routeOutsideSite = defineDiagnostic<{ range: string; site: string; network: string }>({
  code: "verify/link-route-outside-site",
  severity: "error",
  message: ({ range, site, network }) =>
    `the link routes ${range} to ${site}, whose network is ${network}`,
  hint: ({ network, site }) => `name parts of ${network} under routes.${site}`,
});

export const unknownLinkSite = defineDiagnostic<{ site: string; between: readonly string[] }>({
  code: "verify/link-unknown-site",
  severity: "error",
  message: ({ site }) => `the link does not reach ${site}`,
  hint: ({ between }) => `it is between ${between.join(" and ")}`,
});

/** Home routers hand out addresses of this range, and so do offices: whoever dials in from there loses their own network. */
export const routesHomeNetworks = defineDiagnostic<{ site: string }>({
  code: "verify/link-routes-home-networks",
  severity: "warning",
  message: ({ site }) =>
    `the link routes all of ${formatCidr(HOME_NETWORKS)} to ${site}, where nearly every home network lies`,
  hint: ({ site }) => `name the parts in use: routes: { ${site}: ["192.168.40.0/22"] }`,
});

const HOME_NETWORKS = parseCidr("192.168.0.0/16")!; // a constant that parses

export const checkLinks: Check = function* (view) {
  for (const link of view.plan.links) yield* checkLink(link, view);
};

function* checkLink({ between, facts, path }: PlannedLink, view: TargetView): Iterable<Diagnostic> {
  for (const site of Object.keys(facts.routes)) {
    if (!between.includes(site))
      yield unknownLinkSite([...path, "routes", site], { site, between });
  }
  for (const site of between) {
    const network = networkOf(site, view);
    if (network === undefined) continue;
    const routes = Object.hasOwn(facts.routes, site) ? facts.routes[site] : undefined;
    const at = routes === undefined ? path : [...path, "routes", site];
    for (const range of routes ?? [network]) yield* checkRoute(range, { site, network, at });
  }
}

function* checkRoute(
  text: string,
  { site, network, at }: { readonly site: string; readonly network: string; readonly at: Path },
): Iterable<Diagnostic> {
  const [range, whole] = [parseCidr(text), parseCidr(network)];
  if (range === undefined || whole === undefined) return;
  if (!rangeContains(whole, range)) yield routeOutsideSite(at, { range: text, site, network });
  else if (rangesOverlap(range, HOME_NETWORKS) && rangeContains(range, HOME_NETWORKS))
    yield routesHomeNetworks(at, { site });
}

/** Known of the sites where a cluster of any environment stands. */
function networkOf(site: string, { compiled }: TargetView): string | undefined {
  return compiled.targets.find(({ cluster }) => cluster.site.name === site)?.cluster.site.network;
}
