// Where a cluster stands and what it is made of, before anything is put on it.

import { invariant } from "../../core/index.ts";
import type { ClusterFacts } from "../contracts/component.ts";
import type { ClusterNetwork, PeerCluster, PlannedSite } from "../contracts/plan.ts";
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
    target: targetOf(environment, name),
    name,
    environment: environment.name,
    platform: definition.name,
    layout: definition.layout,
    domain: environmentDomain(definition, environment),
    scale: environment.scale,
    primary: environment.clusters[0] === name,
    peers: environment.clusters
      .filter((other) => other !== name)
      .map((other) => peerCluster(resolution, other)),
    labels: environment.settings.labels,
    substrate: component.facts(options),
    site,
    network,
    nodes: component.nodes(options),
    versions: lockedVersions(lock),
  };
}

const targetOf = ({ name, clusters }: ParsedEnvironment, cluster: string): string =>
  clusters.length === 1 ? name : `${name}-${cluster}`;

/** A cluster with control planes of its own answers on its machines' network; otherwise its provider does, from anywhere. */
function peerCluster({ definition, environment }: Resolution, name: string): PeerCluster {
  const cluster = definition.clusters.get(name);
  invariant(cluster, `the parser knows the cluster ${name}`);
  const { component, options, path } = cluster;
  const site = plannedSite(definition, cluster.site);
  const isOwn = component.nodes(options).some(({ role }) => role === "control-plane");
  const range = component.network(options, site).nodeRange ?? site.network;
  return {
    name,
    target: targetOf(environment, name),
    apiServerPort: component.facts(options).apiServerPort,
    apiServerRanges: isOwn && range !== undefined ? [range] : [],
    origin: path,
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
