// The ApplicationSets: one Application for every folder, every app that is a chart, and every chart of others that the lists below
// `clusters/<target>/` name, on every cluster registered for this platform. Adding an app adds a list file; these objects
// stay as they are. Fields: argo-cd docs/operator-manual/applicationset/{Generators-Matrix,Generators-Git,Generators-Cluster}
// and docs/user-guide/multiple_sources.md, v3.5.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { parseApiVersion } from "../../../kubernetes/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import { placed } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import type { ArgocdOptions } from "./options.ts";
import { PLATFORM_LABEL } from "./registration.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";
import { platformProjectName } from "./projects.ts";
import { syncPolicy } from "./sync-policy.ts";

export function foldersApplicationSet(
  cluster: PlannedCluster,
  options: ArgocdOptions,
): KubernetesObject {
  const { repository, revision } = options;
  return applicationSet(cluster, "platform", generator(cluster, options, "applications"), {
    metadata: { name: "{{.application.name}}-{{.nameNormalized}}" },
    spec: {
      project: "{{.application.project}}",
      source: {
        repoURL: repository,
        targetRevision: revision,
        path: "{{.application.path}}",
      },
      destination: { server: "{{.server}}", namespace: "{{.application.namespace}}" },
      ...notDrift(cluster, options),
      syncPolicy: syncPolicy(partsPolicy(options)),
    },
  });
}

export function chartsApplicationSet(
  cluster: PlannedCluster,
  options: ArgocdOptions,
): KubernetesObject {
  const { repository, revision } = options;
  return applicationSet(cluster, "charts", generator(cluster, options, "charts"), {
    // Prefixed: a folder and a chart may carry the same name.
    metadata: { name: "chart-{{.chart.name}}-{{.nameNormalized}}" },
    spec: {
      project: platformProjectName(cluster, "{{.metadata.labels.environment}}"),
      sources: [
        {
          repoURL: "{{.chart.repository}}",
          chart: "{{.chart.chart}}",
          targetRevision: "{{.chart.version}}",
          helm: { releaseName: "{{.chart.release}}", valueFiles: ["$values/{{.chart.values}}"] },
        },
        { repoURL: repository, targetRevision: revision, ref: "values" },
      ],
      destination: { server: "{{.server}}", namespace: "{{.chart.namespace}}" },
      ...monitored(options),
      syncPolicy: syncPolicy(partsPolicy(options)),
    },
  });
}

/** For apps that are charts of the same repository, with the values of their cluster over the chart's own. */
export function releasesApplicationSet(
  cluster: PlannedCluster,
  options: ArgocdOptions,
): KubernetesObject {
  const { repository, revision } = options;
  return applicationSet(cluster, "releases", generator(cluster, options, "releases"), {
    metadata: { name: "{{.release.name}}-{{.nameNormalized}}" },
    spec: {
      project: "{{.release.project}}",
      source: {
        repoURL: repository,
        targetRevision: revision,
        path: "{{.release.path}}",
        helm: { releaseName: "{{.release.name}}", valueFiles: ["{{.release.values}}"] },
      },
      destination: { server: "{{.server}}", namespace: "{{.release.namespace}}" },
      ...notDrift(cluster, options),
      syncPolicy: syncPolicy(partsPolicy(options)),
    },
  });
}

function applicationSet(
  { platform }: PlannedCluster,
  name: string,
  matrix: Fields,
  template: Fields,
): KubernetesObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: {
      name,
      namespace: ARGOCD_NAMESPACE,
      labels: systemLabels(platform, "argocd", "applications"),
    },
    spec: {
      goTemplate: true,
      // A parameter that does not exist is an error, not an empty string in a path.
      goTemplateOptions: ["missingkey=error"],
      generators: [{ matrix }],
      template,
    },
  };
}

/** Registered clusters × the list files of each. */
function generator(
  { platform, layout }: PlannedCluster,
  { repository, revision }: ArgocdOptions,
  list: "applications" | "releases" | "charts",
): Fields {
  return {
    generators: [
      { clusters: { selector: { matchLabels: { [PLATFORM_LABEL]: platform } } } },
      {
        git: {
          repoURL: repository,
          revision,
          files: [{ path: placed(`clusters/{{.metadata.labels.target}}/${list}/*.yaml`, layout) }],
        },
      },
    ],
  };
}

/** Where it only watches nothing syncs by itself; the root still does, because it brings these sets. */
const partsPolicy = ({ role, sync }: ArgocdOptions): Pick<ArgocdOptions, "sync"> => ({
  sync: role === "monitor" ? "manual" : sync,
});

/** What something on the cluster decides is not drift, nor is that Argo CD did not write it where it only watches. */
function notDrift({ ownedFields }: PlannedCluster, { role }: ArgocdOptions): Fields {
  const owned = ownedFields.map(({ apiVersion, kind, name, namespace, field }) => ({
    group: parseApiVersion(apiVersion).group,
    kind,
    name,
    namespace,
    ...(field.includes("*")
      ? { jqPathExpressions: [jqPath(field)] }
      : { jsonPointers: [`/${field.map(escapePointer).join("/")}`] }),
  }));
  const ignored = [...owned, ...(role === "monitor" ? [UNTRACKED] : [])];
  return ignored.length === 0 ? {} : { ignoreDifferences: ignored };
}

const monitored = ({ role }: ArgocdOptions): Fields =>
  role === "monitor" ? { ignoreDifferences: [UNTRACKED] } : {};

/** Argo CD marks what it applies with this annotation; what others apply has none. */
const UNTRACKED = {
  group: "*",
  kind: "*",
  jsonPointers: ["/metadata/annotations/argocd.argoproj.io~1tracking-id"],
} as const;

/** `.spec.rules[].backendRefs[].weight`. */
function jqPath(field: readonly string[]): string {
  return field.map((step) => (step === "*" ? "[]" : `.${step}`)).join("");
}

const escapePointer = (step: string): string => step.replaceAll("~", "~0").replaceAll("/", "~1");
