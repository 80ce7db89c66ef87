// Values of the chart. Keys as in argoproj/argo-helm argo-rollouts-2.41.0 charts/argo-rollouts/values.yaml; the plug-in comes
// from its own image, as its docs/installation.md has it, so that the controller downloads nothing at start.

import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { ArgoRolloutsOptions } from "./options.ts";
import { GATEWAY_API_PLUGIN } from "./rollout.ts";
import { replicasOf } from "./surface.ts";

export const PLUGIN_IMAGE = "argo-rollouts-gateway-api";
const BINARY = "rollouts-plugin-trafficrouter-gatewayapi";
const FOLDER = "/plugins";

export function argoRolloutsValues(
  cluster: PlannedCluster,
  { resources }: ArgoRolloutsOptions,
): Fields {
  const replicas = replicasOf(cluster);
  const routes = cluster.apps.some(({ split }) => split?.form === "http-route");
  return {
    controller: {
      replicas,
      resources,
      metrics: { enabled: true },
      ...(replicas > 1 ? { pdb: { enabled: true, maxUnavailable: 1 } } : {}),
      ...(routes ? gatewayApiPlugin(cluster) : {}),
    },
  };
}

function gatewayApiPlugin({ versions }: PlannedCluster): Fields {
  const volume = { name: "gateway-api-plugin", mountPath: FOLDER };
  return {
    initContainers: [
      {
        name: volume.name,
        image: versions.image(PLUGIN_IMAGE),
        command: ["cp", `/bin/${BINARY}`, FOLDER],
        resources: {
          requests: { cpu: "50m", memory: "64Mi" },
          limits: { cpu: "250m", memory: "128Mi" },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
          seccompProfile: { type: "RuntimeDefault" },
        },
        volumeMounts: [volume],
      },
    ],
    trafficRouterPlugins: [{ name: GATEWAY_API_PLUGIN, location: `file://${FOLDER}/${BINARY}` }],
    volumes: [{ name: volume.name, emptyDir: {} }],
    volumeMounts: [volume],
  };
}
