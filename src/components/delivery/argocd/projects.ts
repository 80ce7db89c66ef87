// Projects: what may be delivered from where to where, and who may press Sync. One for the platform itself, and one for every
// namespace of people's apps, whose Applications reach nothing outside it.
// Fields: argo-cd docs/user-guide/projects.md and docs/operator-manual/project.yaml, v3.5.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  CompiledChart,
  DeliveredFolder,
  DeliveredParts,
  PlannedCluster,
  PlannedRole,
} from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import type { ArgocdOptions } from "./options.ts";
import { DEVELOPER_RIGHTS } from "./policy.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";

/** What fences an app in is not the app's to change, although it lies in its namespace. */
const FENCES = [
  { group: "", kind: "LimitRange" },
  { group: "", kind: "ResourceQuota" },
  { group: "networking.k8s.io", kind: "NetworkPolicy" },
  { group: "rbac.authorization.k8s.io", kind: "Role" },
  { group: "rbac.authorization.k8s.io", kind: "RoleBinding" },
] as const;

/** Names carry the environment: one Argo CD may serve several, and each brings its own charts and namespaces. */
export const platformProjectName = (
  { platform }: Pick<PlannedCluster, "platform">,
  environment: string,
): string => `${platform}-${environment}`;

/** People's apps by their namespace, everything else the platform's. */
export function projectOf(cluster: PlannedCluster, { wave, namespace }: DeliveredFolder): string {
  const own = platformProjectName(cluster, cluster.environment);
  return isApp({ wave }) ? `${own}-${namespace}` : own;
}

const isApp = ({ wave }: Pick<DeliveredFolder, "wave">): boolean => wave === 2;

/** Argo CD takes a repository without a scheme for an OCI registry (docs/user-guide/helm.md: "the oci:// syntax is not included"). */
export const repositoryAddress = ({ repository }: Pick<CompiledChart, "repository">): string =>
  repository.replace(/^oci:\/\//, "");

/** It may bring anything, but only from this repository and the charts that are pinned, and only where there is a namespace. */
export function platformProject(
  parts: readonly DeliveredParts[],
  { repository }: ArgocdOptions,
): KubernetesObject {
  const clusters = parts.map(({ cluster }) => cluster);
  const charts = parts.flatMap((one) => one.charts.map(({ chart }) => repositoryAddress(chart)));
  const names = clusters.flatMap(({ namespaces }) => namespaces.map((one) => one.name));
  // What has no namespace at all is sent to one that the cluster has anyway.
  const folders = parts.flatMap((one) => one.folders.filter((folder) => !isApp(folder)));
  const destinations = sortedSet([
    ...names,
    ...folders.map(({ namespace }) => namespace),
    "kube-system",
  ]);
  const { platform, name } = ownerOf(clusters);
  return project(platform, name, {
    description: `${name}: namespaces, policies and systems`,
    sourceRepos: sortedSet([repository, ...charts]),
    destinations: destinations.map(anywhere),
    clusterResourceWhitelist: [{ group: "*", kind: "*" }],
  });
}

/** For every namespace that holds people's apps on any of the clusters. */
export function appProjects(
  parts: readonly DeliveredParts[],
  options: ArgocdOptions,
): KubernetesObject[] {
  const clusters = parts.map(({ cluster }) => cluster);
  const owner = ownerOf(clusters);
  const roles = clusters[0]?.roles ?? [];
  const folders = parts.flatMap((one) => one.folders.filter(isApp));
  return sortedSet(folders.map(({ namespace }) => namespace)).map((namespace) => {
    const mine = folders.filter((folder) => folder.namespace === namespace);
    return appProject(owner, namespace, mine, roles, options);
  });
}

function appProject(
  { platform, name: own }: Owner,
  namespace: string,
  folders: readonly DeliveredFolder[],
  roles: readonly PlannedRole[],
  { repository }: ArgocdOptions,
): KubernetesObject {
  const name = `${own}-${namespace}`;
  const apps = sortedSet(folders.map((folder) => folder.name));
  const namespaces = sortedSet([namespace, ...folders.flatMap((folder) => folder.namespaces)]);
  const rights = roles
    .filter((role) => role.namespaces?.includes(namespace) ?? role.level === "developer")
    .map(projectRole(name));
  return project(platform, name, {
    description: `apps of ${namespace}: ${apps.join(", ")}`,
    sourceRepos: [repository],
    destinations: namespaces.map(anywhere),
    // Nothing outside namespaces.
    clusterResourceWhitelist: [],
    namespaceResourceBlacklist: FENCES,
    // What nobody committed shows as a warning of the Applications.
    orphanedResources: { warn: true },
    ...(rights.length === 0 ? {} : { roles: rights }),
  });
}

const projectRole =
  (project: string) =>
  ({ name, level, groups }: PlannedRole): Fields => ({
    name,
    description:
      level === "viewer"
        ? "may look, and read logs"
        : "may sync and read logs; changes go through git",
    policies: DEVELOPER_RIGHTS.filter(([, action]) => level !== "viewer" || action === "get").map(
      ([resource, action]) =>
        `p, proj:${project}:${name}, ${resource}, ${action}, ${project}/*, allow`,
    ),
    groups,
  });

/** Any cluster registered under the platform's label; the sets decide which. */
const anywhere = (namespace: string): Fields => ({ server: "*", namespace });

interface Owner {
  readonly platform: string;
  /** Of the platform's own project in this environment. */
  readonly name: string;
}

function ownerOf([first]: readonly PlannedCluster[]): Owner {
  const { platform = "", environment = "" } = first ?? {};
  return { platform, name: platformProjectName({ platform }, environment) };
}
const sortedSet = (names: readonly string[]): string[] => [...new Set(names)].toSorted();

function project(platform: string, name: string, spec: Fields): KubernetesObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: {
      name,
      namespace: ARGOCD_NAMESPACE,
      labels: systemLabels(platform, "argocd", "project"),
    },
    spec,
  };
}
