// Where Argo CD starts: the Application that syncs `clusters/<target>`.
// Fields: argo-cd docs/operator-manual/{cluster-bootstrapping,declarative-setup}.md, v3.5.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { placed } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import type { ArgocdOptions } from "./options.ts";
import { platformProjectName } from "./projects.ts";
import { IN_CLUSTER } from "./registration.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";
import { rootSyncPolicy } from "./sync-policy.ts";

export function rootApplication(cluster: PlannedCluster, options: ArgocdOptions): KubernetesObject {
  const { platform, environment, target, layout } = cluster;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: "platform",
      namespace: ARGOCD_NAMESPACE,
      labels: systemLabels(platform, "argocd", "applications"),
    },
    spec: {
      project: platformProjectName(cluster, environment),
      source: {
        repoURL: options.repository,
        targetRevision: options.revision,
        path: placed(`clusters/${target}`, layout),
      },
      destination: { server: IN_CLUSTER, namespace: ARGOCD_NAMESPACE },
      syncPolicy: rootSyncPolicy(options),
    },
  };
}
