// Certificates between the ingress and the backends of routes that ask for TLS up to the pods, and whether somebody issues them.

import { isProvided } from "../abilities.ts";
import type { PeerDemand } from "../contracts/certificate.ts";
import type { PlannedRoute } from "../contracts/plan.ts";
import { upstreamClosedToOthers, upstreamNeedsIssuer } from "../plan-diagnostics.ts";
import { fillersOf } from "./capabilities.ts";
import type { Choices } from "./choices.ts";
import type { Resolution } from "./resolve-plan.ts";

export function gatherPeers(
  { registry, environment, report }: Pick<Resolution, "registry" | "environment" | "report">,
  { cluster, filled }: Pick<Choices, "cluster" | "filled">,
  routes: readonly PlannedRoute[],
): PeerDemand[] {
  const encrypted = routes.filter(({ traffic }) => traffic?.upstream !== undefined);
  if (encrypted.length === 0) return [];
  const isIssued = isProvided(cluster, "certificates");
  const servers = new Map<string, PeerDemand>();
  for (const route of encrypted) {
    const key = `${route.namespace}/${route.workload}`;
    if (servers.has(key)) continue;
    servers.set(key, serverOf(route));
    if (isIssued) continue;
    const fillers = fillersOf(registry, "certificates");
    const facts = { route: route.name, cluster: cluster.name, fillers };
    report(upstreamNeedsIssuer(route.origin, facts));
  }
  const { apps } = environment.settings;
  for (const { workload: app, traffic, targetPort, origin } of encrypted) {
    // What has a port of its own beside the route's is not concerned.
    if ((apps.get(app)?.port ?? targetPort) !== targetPort) continue;
    const callers = [...apps].filter(([, { needs }]) => needs.includes(app)).map(([name]) => name);
    const scraped = traffic?.upstream === "mtls" && apps.get(app)?.metrics !== undefined;
    for (const who of [...callers, ...(scraped ? ["whoever scrapes its metrics"] : [])]) {
      report(upstreamClosedToOthers(origin, { app, who }));
    }
  }
  const clients = filled.flatMap(
    ({ component, choice }) =>
      component.peers?.({ cluster, path: choice.path, report }, choice.options, encrypted) ?? [],
  );
  return [...servers.values(), ...clients];
}

/** Secret that the pods behind a route serve with. */
export const serverSecret = (workload: string): string => `${workload}-tls`;

/** The name by which an ingress asks for any pod behind it. */
export const upstreamName = ({
  workload,
  namespace,
}: Pick<PlannedRoute, "workload" | "namespace">): string => `${workload}.${namespace}.svc`;

function serverOf(route: PlannedRoute): PeerDemand {
  const { workload, namespace, area, origin } = route;
  const names = [upstreamName(route)];
  return { secret: serverSecret(workload), namespace, names, use: "server", area, origin };
}
