// The definition resolved for one environment: a plan for each of its clusters. The whole pipeline is the list below.

import type { Diagnostic } from "../../core/index.ts";
import { hasErrors, sortDiagnostics } from "../../core/index.ts";
import type { Registry } from "../contracts/component.ts";
import type { Outcome } from "../contracts/emission.ts";
import type { Plan, PlannedCluster } from "../contracts/plan.ts";
import { danglingReference } from "../diagnostics.ts";
import { missingLock } from "../lock/diagnostics.ts";
import { LOCK_FILE, type Lock } from "../lock/lock.ts";
import { relocate } from "../parse/environments.ts";
import type { ParsedDefinition, ParsedEnvironment } from "../parse/parsed-definition.ts";
import { checkAlerts } from "./alerts.ts";
import { bindNeeds } from "./bind-needs.ts";
import { checkCapabilities } from "./capabilities.ts";
import { choose } from "./choices.ts";
import { clusterFacts, environmentDomain } from "./cluster-facts.ts";
import { checkLock } from "./check-lock.ts";
import { checkIdentities } from "./identities.ts";
import { checkImageUpdates } from "./image-updates.ts";
import { checkExposures, planExposures } from "./exposures.ts";
import { gatherAuthorities, gatherCertificates, gatherOffers } from "./offers.ts";
import { gatherSurfaces } from "./gather-surfaces.ts";
import { mergeNamespaces } from "./namespaces.ts";
import { checkAnalyses } from "./plan-release.ts";
import { planIntents } from "./plan-intents.ts";
import { gatherPeers } from "./peers.ts";
import { checkRoles } from "./roles.ts";
import { gatherRoutes } from "./routes.ts";
import { injectInto } from "./injections.ts";
import { checkSignals } from "./signals.ts";
import { planSecrets } from "./secrets.ts";
import { checkTraffic } from "./traffic.ts";
import { mergeWorkloads } from "./workloads.ts";

/** What every step sees. */
export interface Resolution {
  readonly definition: ParsedDefinition;
  readonly environment: ParsedEnvironment;
  readonly lock: Lock;
  readonly registry: Registry;
  readonly report: (found: Diagnostic) => void;
}

/** `value` is there exactly when nothing is an error. */
export function resolvePlan(
  definition: ParsedDefinition,
  name: string,
  lock: Lock | undefined,
  registry: Registry,
): Outcome<Plan> {
  const environment = definition.environments.get(name);
  if (environment === undefined) {
    const known = [...definition.environments.keys()];
    const path = ["environments"];
    return { diagnostics: [danglingReference(path, { name, target: "environment", known })] };
  }
  if (lock === undefined) return { diagnostics: [missingLock([], { file: LOCK_FILE })] };
  const diagnostics: Diagnostic[] = [];
  const report = (found: Diagnostic): void =>
    void diagnostics.push(relocate(found, environment.originOf));
  const resolution = { definition, environment, lock, registry, report };
  checkLock(resolution).forEach(report);
  if (hasErrors(diagnostics)) return { diagnostics: sortDiagnostics(diagnostics) };
  const clusters = environment.clusters.flatMap(
    (cluster) => resolveCluster(settingsFor(resolution, cluster), cluster) ?? [],
  );
  const found = sortDiagnostics(diagnostics);
  return hasErrors(found)
    ? { diagnostics: found }
    : { value: planOf(resolution, clusters), diagnostics: found };
}

/** As if the cluster's own override were its environment's. */
function settingsFor(resolution: Resolution, cluster: string): Resolution {
  const own = resolution.environment.exceptions.get(cluster);
  return own === undefined
    ? resolution
    : { ...resolution, environment: { ...resolution.environment, ...own } };
}

function resolveCluster(resolution: Resolution, name: string): PlannedCluster | undefined {
  // 1. Where it stands and what it is made of.
  const facts = clusterFacts(resolution, name);
  if (facts === undefined) return undefined;
  // 2. Every slot filled, every provider chosen, their defaults settled; their abilities add up.
  const choices = choose(resolution, facts);
  checkCapabilities(resolution, choices);
  // 3. What people asked for, with every default explicit.
  const intents = planIntents(resolution, choices);
  // 4. How consumers reach what they need.
  const bound = bindNeeds(resolution, choices, intents);
  // 5. Names from outside, and what systems serve to each other.
  const routes = gatherRoutes(resolution, choices, bound);
  const offers = gatherOffers(resolution, choices);
  const certificates = gatherCertificates(resolution, choices);
  const authorities = gatherAuthorities(resolution, choices);
  const peerCertificates = gatherPeers(resolution, choices, routes);
  checkAnalyses(bound.apps, offers, resolution.report);
  // 6. What every system looks like to the others: namespaces, workloads, flows, secrets.
  const { roles } = intents;
  const namespaces = mergeNamespaces(bound.namespaces, resolution.report);
  const surfaces = gatherSurfaces(choices, {
    ...choices.cluster,
    ...bound,
    roles,
    routes,
    offers,
    certificates,
    authorities,
    peerCertificates,
    namespaces,
  });
  // 7. One of each.
  const planned: PlannedCluster = {
    ...choices.cluster,
    ...bound,
    roles,
    routes,
    offers,
    certificates,
    authorities,
    peerCertificates,
    alerts: surfaces.alerts,
    tls: resolution.environment.settings.tls,
    backups: surfaces.backups,
    exposures: planExposures(resolution, choices, surfaces),
    namespaces: mergeNamespaces([...namespaces, ...surfaces.namespaces], resolution.report),
    workloads: mergeWorkloads(surfaces.workloads, resolution.report),
    secrets: planSecrets(resolution, choices, bound.apps, surfaces),
    flows: surfaces.flows,
    standIns: surfaces.standIns,
    ownedFields: surfaces.ownedFields,
  };
  checkTraffic(resolution, planned);
  checkExposures(resolution, planned);
  checkAlerts(resolution, planned);
  checkSignals(resolution, planned);
  checkImageUpdates(resolution, planned);
  checkIdentities(resolution, planned);
  checkRoles(resolution, planned);
  // 8. What joins the pods when they are created.
  return injectInto(planned, choices);
}

function planOf({ definition, environment }: Resolution, clusters: PlannedCluster[]): Plan {
  const { settings, originOf } = environment;
  const { recovery } = settings;
  return {
    platform: definition.name,
    environment: environment.name,
    scale: environment.scale,
    domain: environmentDomain(definition, environment),
    labels: settings.labels,
    clusters,
    links: definition.links.map(({ component, options, between, path }) => ({
      component: component.name,
      options,
      between,
      facts: component.facts(options),
      path,
    })),
    roadmap: settings.roadmap.map((wish) => ({ ...wish, path: originOf(wish.path) })),
    ...(recovery === undefined ? {} : { recovery: { ...recovery, path: originOf(["recovery"]) } }),
    originOf,
    originIn: (cluster) => environment.exceptions.get(cluster)?.originOf ?? originOf,
  };
}
