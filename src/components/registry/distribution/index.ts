// The CNCF Distribution registry: private images, pushed through the gateway, pulled by the nodes.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, PlannedRoute, ResolveContext } from "../../../model/index.ts";
import { emitterFor, serviceAccountOf, servicesOf } from "../../manifests/index.ts";
import { nodePortsOf } from "../../substrates/node-ports.ts";
import { configurationMap, layersClaim, nodeService, registryDeployment } from "./deployment.ts";
import { publicHost } from "./hosts.ts";
import { distributionSchema, type DistributionOptions } from "./options.ts";
import {
  AREA,
  distributionSurface,
  NAME,
  NAMESPACE,
  REGISTRY_PORT,
  registryWorkload,
} from "./surface.ts";

export const distributionFiller = defineSlotFiller<DistributionOptions>({
  name: "distribution",
  slot: "registry",
  area: AREA,
  provides: ["imageRegistry"],
  options: distributionSchema,
  surface: distributionSurface,
  routes: (context) => (context.cluster.primary ? [registryRoute(context)] : []),
  emit: (context, options) => (context.cluster.primary ? emitRegistry(context, options) : {}),
});

function registryRoute({ cluster, path }: ResolveContext): PlannedRoute {
  return {
    name: NAME,
    namespace: NAMESPACE,
    hostname: publicHost(cluster),
    paths: ["/"],
    service: NAME,
    servicePort: REGISTRY_PORT,
    workload: NAME,
    targetPort: REGISTRY_PORT,
    area: AREA,
    origin: path,
  };
}

function emitRegistry({ cluster, path }: EmitContext, options: DistributionOptions): Emission {
  const { platform } = cluster;
  const workload = registryWorkload(cluster, path, options);
  const nodePorts = nodePortsOf(cluster.network);
  const objects = [
    serviceAccountOf(platform, workload),
    configurationMap(cluster, workload),
    layersClaim(cluster, workload, options),
    registryDeployment(cluster, workload),
    ...servicesOf(platform, workload),
    ...(nodePorts === undefined ? [] : [nodeService(cluster, workload, nodePorts)]),
  ];
  return { objects: objects.map((object) => emitterFor(AREA, path)(object)) };
}
