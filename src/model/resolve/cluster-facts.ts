// Where a cluster stands and what it is made of, before anything is put on it.

import { invariant } from "../../core/index.ts";
import type { ClusterFacts } from "../contracts/component.ts";
import type { ClusterNetwork, PlannedSite } from "../contracts/plan.ts";
import { lockedVersions } from "../lock/locked-versions.ts";
import type {
  ParsedCluster,
  ParsedDefinition,
  ParsedEnvironment,
} from "../parse/parsed-definition.ts";
import { missingNetwork } from "../plan-diagnostics.ts";
import { plannedSite } from "./planned-site.ts";
import type { Resolution } from "./resolve-plan.ts";

/** Has no domain of its own: it is what the others are tried out for. */
const PRODUCTION = "prod";

export function environmentDomain(
  { domain }: ParsedDefinition,
  environment: ParsedEnvironment,
): string {
  const usual = environment.name === PRODUCTION ? domain : `${environment.name}.${domain}`;
  return environment.domain ?? usual;
}

export function clusterFacts(resolution: Resolution, name: string): ClusterFacts | undefined {
  const { definition, environment, lock } = resolution;
  const cluster = definition.clusters.get(name);
  invariant(cluster, `the parser knows the cluster ${name}`);
  const site = plannedSite(definition, cluster.site);
  const network = clusterNetwork(resolution, cluster, site);
  if (network === undefined) return undefined;
  const { component, options } = cluster;
  return {
    target: environment.clusters.length === 1 ? environment.name : `${environment.name}-${name}`,
    name,
    environment: environment.name,
    platform: definition.name,
    domain: environmentDomain(definition, environment),
    scale: environment.scale,
    primary: environment.clusters[0] === name,
    labels: environment.settings.labels,
    substrate: component.facts(options),
    site,
    network,
    nodes: component.nodes(options),
    versions: lockedVersions(lock),
  };
}

/** What the cluster states, then the lock, then the site. */
function clusterNetwork(
  { lock, report }: Resolution,
  { name, component, options, path }: ParsedCluster,
  site: PlannedSite,
): ClusterNetwork | undefined {
  const stated = component.network(options, site);
  const locked = Object.hasOwn(lock.ranges, name) ? lock.ranges[name] : undefined;
  const podRange = stated.podRange ?? locked?.pods;
  const serviceRange = stated.serviceRange ?? locked?.services;
  const nodeRange = stated.nodeRange ?? site.network;
  invariant(podRange !== undefined && serviceRange !== undefined, "the lock has been checked");
  if (nodeRange === undefined) {
    report(missingNetwork(path, { cluster: name, site: site.name }));
    return undefined;
  }
  return { ...stated, podRange, serviceRange, nodeRange };
}
