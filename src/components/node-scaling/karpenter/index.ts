// Karpenter on EKS: one pool of nodes for whatever waits, of the categories and prices the platform allows. The definition's own
// node group stays: Karpenter itself runs there.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type {
  EmitContext,
  Emission,
  PlannedCluster,
  ResolveContext,
} from "../../../model/index.ts";
import { chartRelease, emitterFor, systemLabels, type Fields } from "../../manifests/index.ts";
import { noNodeProvider } from "../diagnostics.ts";
import { karpenterSchema, type KarpenterOptions } from "./options.ts";
import { karpenterSurface, NAME, NAMESPACE, replicasOf } from "./surface.ts";

const AREA = "infrastructure/nodes";
const POOL = "platform";
/** By which subnets and security groups are found. */
const DISCOVERY_TAG = "karpenter.sh/discovery";

export const karpenterFiller = defineSlotFiller<KarpenterOptions>({
  name: NAME,
  slot: "nodeScaling",
  area: AREA,
  provides: ["nodeScaling"],
  options: karpenterSchema,
  resolve: settleKarpenter,
  surface: karpenterSurface,
  emit: emitKarpenter,
  crds: async () => [(await import("./crds.facts.ts")).karpenterCrdFacts],
  apiGroups: ["autoscaling.x-k8s.io", "karpenter.k8s.aws", "karpenter.sh"],
});

function settleKarpenter(
  { cluster, path, report }: ResolveContext,
  options: KarpenterOptions,
): KarpenterOptions {
  const { displayName, nodeProvider, nodeAutoscaler } = cluster.substrate;
  if (nodeProvider !== "aws")
    report(
      noNodeProvider(path, {
        component: NAME,
        substrate: displayName,
        scalesItself: nodeAutoscaler,
      }),
    );
  const clusterName = options.clusterName ?? `${cluster.platform}-${cluster.name}`;
  return { ...options, clusterName };
}

function emitKarpenter(context: EmitContext, options: KarpenterOptions): Emission {
  const { cluster, path } = context;
  const emitted = emitterFor(AREA, path);
  return {
    charts: [
      chartRelease(context, {
        chart: NAME,
        name: NAME,
        namespace: NAMESPACE,
        area: AREA,
        values: chartValues(cluster, options),
      }),
    ],
    objects: [
      emitted(nodeClass(cluster.platform, options)),
      emitted(nodePool(cluster.platform, options)),
    ],
  };
}

function chartValues(cluster: PlannedCluster, options: KarpenterOptions): Fields {
  const { clusterName, controllerRole, resources } = options;
  return {
    replicas: replicasOf(cluster),
    settings: { clusterName },
    controller: { resources },
    ...(controllerRole === undefined
      ? {}
      : {
          serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": controllerRole } },
        }),
  };
}

function nodeClass(platform: string, options: KarpenterOptions): KubernetesObject {
  const { clusterName = "", nodeRole = `KarpenterNodeRole-${clusterName}` } = options;
  const found = [{ tags: { [DISCOVERY_TAG]: clusterName } }];
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name: POOL, labels: systemLabels(platform, NAME, "nodes") },
    spec: {
      role: nodeRole,
      // The newest of the cluster's version; nodes get it when they are replaced.
      amiSelectorTerms: [{ alias: "al2023@latest" }],
      subnetSelectorTerms: found,
      securityGroupSelectorTerms: found,
    },
  };
}

function nodePool(platform: string, options: KarpenterOptions): KubernetesObject {
  const { capacity, categories, cpuMax, expireAfter, consolidateAfter } = options;
  const among = (key: string, values: readonly string[]): Fields => ({
    key,
    operator: "In",
    values,
  });
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: POOL, labels: systemLabels(platform, NAME, "nodes") },
    spec: {
      template: {
        spec: {
          requirements: [
            among("kubernetes.io/arch", ["amd64"]),
            among("kubernetes.io/os", ["linux"]),
            among("karpenter.sh/capacity-type", capacity),
            among("karpenter.k8s.aws/instance-category", categories),
          ],
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: POOL },
          expireAfter,
        },
      },
      limits: { cpu: String(cpuMax) },
      disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", consolidateAfter },
    },
  };
}
