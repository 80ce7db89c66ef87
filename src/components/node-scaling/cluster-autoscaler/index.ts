// The Cluster Autoscaler: a pool grows for pods that wait and shrinks when nodes are hardly used. Its chart on EKS, values as in
// kubernetes/autoscaler cluster-autoscaler-chart-9.59.0; where the provider runs it, the bounds of the pool are all it asks for.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { isRecord } from "../../../core/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, ResolveContext } from "../../../model/index.ts";
import { chartRelease, type Fields } from "../../manifests/index.ts";
import { podSpecPath, replaceAt } from "../../posture/restricted/pod-spec.ts";
import { noNodeProvider } from "../diagnostics.ts";
import { clusterAutoscalerSchema, type ClusterAutoscalerOptions } from "./options.ts";
import { clusterAutoscalerSurface, isInstalled, NAME, NAMESPACE, replicasOf } from "./surface.ts";

const AREA = "infrastructure/nodes";

export const clusterAutoscalerFiller = defineSlotFiller<ClusterAutoscalerOptions>({
  name: NAME,
  slot: "nodeScaling",
  area: AREA,
  provides: ["nodeScaling"],
  options: clusterAutoscalerSchema,
  resolve: settle,
  surface: clusterAutoscalerSurface,
  emit: emitClusterAutoscaler,
  decorateOrder: 300,
  decorate: (object) => mayMove(object),
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function settle(
  { cluster, path, report }: ResolveContext,
  options: ClusterAutoscalerOptions,
): ClusterAutoscalerOptions {
  const { displayName, nodeAutoscaler } = cluster.substrate;
  if (!nodeAutoscaler)
    report(noNodeProvider(path, { component: NAME, substrate: displayName, scalesItself: false }));
  const clusterName = options.clusterName ?? `${cluster.platform}-${cluster.name}`;
  return { ...options, clusterName };
}

function emitClusterAutoscaler(context: EmitContext, options: ClusterAutoscalerOptions): Emission {
  const { cluster } = context;
  if (!isInstalled(cluster.substrate)) return {};
  const { clusterName, version, role, unneededAfter, utilization, resources } = options;
  const values: Fields = {
    nameOverride: NAME,
    cloudProvider: "aws",
    ...(cluster.site.region === undefined ? {} : { awsRegion: cluster.site.region }),
    autoDiscovery: { clusterName },
    image: { tag: `v${version}` },
    replicaCount: replicasOf(cluster),
    resources,
    extraArgs: {
      "scale-down-unneeded-time": unneededAfter,
      "scale-down-utilization-threshold": String(utilization / 100),
      "balance-similar-node-groups": "true",
    },
    ...(role === undefined
      ? {}
      : { rbac: { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": role } } } }),
  };
  return {
    charts: [
      chartRelease(context, { chart: NAME, name: NAME, namespace: NAMESPACE, area: AREA, values }),
    ],
  };
}

const LOCAL_VOLUMES = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

/** A pod with an emptyDir would keep its node for ever: what is in there is gone with every rollout anyway. */
function mayMove(object: KubernetesObject): KubernetesObject {
  const path = podSpecPath(object);
  if (path === undefined || (object.kind !== "Deployment" && object.kind !== "StatefulSet"))
    return object;
  return replaceAt(object, path.slice(0, -1), (template) => {
    const volumes = isRecord(template["spec"]) ? template["spec"]["volumes"] : undefined;
    const names = localVolumes(volumes);
    if (names.length === 0) return template;
    const metadata = isRecord(template["metadata"]) ? template["metadata"] : {};
    const annotations = isRecord(metadata["annotations"]) ? metadata["annotations"] : {};
    return {
      ...template,
      metadata: { ...metadata, annotations: { ...annotations, [LOCAL_VOLUMES]: names.join(",") } },
    };
  });
}

function localVolumes(volumes: unknown): string[] {
  if (!Array.isArray(volumes)) return [];
  return volumes.flatMap((volume) => {
    const emptyDir = isRecord(volume) ? volume["emptyDir"] : undefined;
    const isLocal = isRecord(emptyDir) && emptyDir["medium"] !== "Memory";
    return isLocal && isRecord(volume) ? [String(volume["name"])] : [];
  });
}
