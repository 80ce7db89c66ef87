// Where Argo CD starts: the Application that syncs `clusters/<target>`, and the project everything belongs to.
// Fields: argo-cd docs/operator-manual/{cluster-bootstrapping,declarative-setup}.md, v3.5.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { systemLabels } from "../../manifests/index.ts";
import type { ArgocdOptions } from "./options.ts";
import { IN_CLUSTER } from "./registration.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";
import { syncPolicy } from "./sync-policy.ts";

export function rootApplication(cluster: PlannedCluster, options: ArgocdOptions): KubernetesObject {
  const { platform, target } = cluster;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: "platform",
      namespace: ARGOCD_NAMESPACE,
      labels: systemLabels(platform, "argocd", "applications"),
    },
    spec: {
      project: platform,
      source: {
        repoURL: options.repository,
        targetRevision: options.revision,
        path: `clusters/${target}`,
      },
      destination: { server: IN_CLUSTER, namespace: ARGOCD_NAMESPACE },
      syncPolicy: syncPolicy(options),
    },
  };
}

/** Everything may come from git and from charts the lists name; it may only go where the platform has a namespace. */
export function platformProject(cluster: PlannedCluster): KubernetesObject {
  const names = new Set([...cluster.namespaces.map(({ name }) => name), "kube-system"]);
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: {
      name: cluster.platform,
      namespace: ARGOCD_NAMESPACE,
      labels: systemLabels(cluster.platform, "argocd", "project"),
    },
    spec: {
      description: `${cluster.platform}: everything Keelson emits`,
      sourceRepos: ["*"],
      // Any cluster registered under the platform's label; the sets decide which.
      destinations: [...names].toSorted().map((namespace) => ({ server: "*", namespace })),
      clusterResourceWhitelist: [{ group: "*", kind: "*" }],
    },
  };
}
