// The ApplicationSet: one Application for every cluster registered for this platform, which syncs that cluster's Applications in
// their order. Registering a cluster is all it takes to deliver to it; this object stays as it is.
// Fields: argo-cd docs/operator-manual/applicationset/Generators-Cluster.md, v3.5.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { placed } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import type { ArgocdOptions } from "./options.ts";
import { platformProjectName } from "./projects.ts";
import { IN_CLUSTER, PLATFORM_LABEL } from "./registration.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";
import { rootSyncPolicy } from "./sync-policy.ts";

export function clustersApplicationSet(
  cluster: PlannedCluster,
  options: ArgocdOptions,
): KubernetesObject {
  const { platform, layout } = cluster;
  const { repository, revision } = options;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: {
      name: "clusters",
      namespace: ARGOCD_NAMESPACE,
      labels: systemLabels(platform, "argocd", "applications"),
    },
    spec: {
      goTemplate: true,
      // A parameter that does not exist is an error, not an empty string in a path.
      goTemplateOptions: ["missingkey=error"],
      generators: [{ clusters: { selector: { matchLabels: { [PLATFORM_LABEL]: platform } } } }],
      template: {
        metadata: { name: "cluster-{{.nameNormalized}}" },
        spec: {
          project: platformProjectName(cluster, "{{.metadata.labels.environment}}"),
          source: {
            repoURL: repository,
            targetRevision: revision,
            path: placed("clusters/{{.metadata.labels.target}}/applications", layout),
          },
          // Applications live beside Argo CD, wherever they lead.
          destination: { server: IN_CLUSTER, namespace: ARGOCD_NAMESPACE },
          syncPolicy: rootSyncPolicy(options),
        },
      },
    },
  };
}
