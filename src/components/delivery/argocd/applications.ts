// One Application for every folder, every app that is a chart, and every chart of others, in `clusters/<target>/applications`. They
// name their cluster as it is registered, and arrive in waves: what others need first.
// Fields: argo-cd docs/user-guide/{multiple_sources,sync-waves}.md and docs/operator-manual/cluster-bootstrapping.md, v3.5.

import type { Path } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { parseApiVersion } from "../../../kubernetes/index.ts";
import type {
  CompiledChart,
  DeliveredFolder,
  DeliveredParts,
  DeliveryPlace,
  HandOverFile,
  PlannedCluster,
} from "../../../model/index.ts";
import { chartValues, deliveryOrder, placed, valuesFile } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import { AWAITED_ANNOTATION } from "./gate.ts";
import type { ArgocdOptions } from "./options.ts";
import { platformProjectName, projectOf, repositoryAddress } from "./projects.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";
import { syncPolicy } from "./sync-policy.ts";

/** With it, an Application that leaves git takes along what it brought. */
const CASCADE = "resources-finalizer.argocd.argoproj.io";

export const applicationsFolder = ({ target, layout }: PlannedCluster): string =>
  placed(`clusters/${target}/applications`, layout);

export function applicationFiles(parts: DeliveredParts, options: ArgocdOptions): HandOverFile[] {
  const { cluster, folders, charts } = parts;
  const order = deliveryOrder(parts);
  const file = (name: string, value: unknown, path: Path): HandOverFile => ({
    file: `clusters/${cluster.target}/applications/${name}.yaml`,
    value,
    path,
    ...(path.length === 0 ? {} : { header: true }),
  });
  return [
    ...folders.map((folder) => {
      const place = order.folder(folder.name);
      return file(folder.name, folderApplication(cluster, folder, place, options), []);
    }),
    ...charts.flatMap(({ chart }) => [
      file(
        `chart-${chart.name}`,
        chartApplication(cluster, chart, order.chart(chart.name), options),
        chart.origin.path,
      ),
      chartValues(chart, cluster.target),
    ]),
  ];
}

export function folderApplication(
  cluster: PlannedCluster,
  folder: DeliveredFolder,
  place: DeliveryPlace,
  options: ArgocdOptions,
): KubernetesObject {
  const { name, path, values, namespace, needs } = folder;
  const spec = {
    project: projectOf(cluster, folder),
    source: {
      repoURL: options.repository,
      targetRevision: options.revision,
      path,
      ...(values === undefined ? {} : { helm: { releaseName: name, valueFiles: [values] } }),
    },
    destination: { name: cluster.target, namespace },
    ...notDrift(cluster, folder, options),
  };
  return application(cluster, name, place, options, spec, needs.later !== undefined);
}

export function chartApplication(
  cluster: PlannedCluster,
  chart: CompiledChart,
  place: DeliveryPlace,
  options: ArgocdOptions,
): KubernetesObject {
  const values = placed(valuesFile(chart, cluster.target), cluster.layout);
  // Prefixed: a folder and a chart may carry the same name.
  return application(cluster, `chart-${chart.name}`, place, options, {
    project: platformProjectName(cluster, cluster.environment),
    sources: [
      {
        repoURL: repositoryAddress(chart),
        chart: chart.chart,
        targetRevision: chart.version,
        helm: { releaseName: chart.name, valueFiles: [`$values/${values}`] },
      },
      { repoURL: options.repository, targetRevision: options.revision, ref: "values" },
    ],
    destination: { name: cluster.target, namespace: chart.namespace },
    ...monitored(options),
  });
}

function application(
  { platform, environment, target }: PlannedCluster,
  name: string,
  { wave, awaited }: DeliveryPlace,
  options: ArgocdOptions,
  spec: Fields,
  isMixed = false,
): KubernetesObject {
  const policy = partsPolicy(options);
  // Who presses Sync decides about the order, too.
  const isOrdered = policy.sync === "automatic";
  const annotations = {
    "argocd.argoproj.io/sync-wave": String(wave),
    ...(awaited === undefined ? {} : { [AWAITED_ANNOTATION]: awaited }),
  };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: `${name}-${target}`,
      namespace: ARGOCD_NAMESPACE,
      labels: { ...systemLabels(platform, "argocd", "applications"), environment, target },
      ...(isOrdered ? { annotations } : {}),
      finalizers: [CASCADE],
    },
    spec: { ...spec, syncPolicy: syncPolicy(policy, isMixed) },
  };
}

/** Where it only watches nothing syncs by itself; the roots still do, because they bring these. */
const partsPolicy = ({ role, sync }: ArgocdOptions): Pick<ArgocdOptions, "sync"> => ({
  sync: role === "monitor" ? "manual" : sync,
});

/** What something on the cluster decides is not drift, nor is that Argo CD did not write it where it only watches. */
function notDrift(
  { ownedFields }: PlannedCluster,
  { namespaces }: Pick<DeliveredFolder, "namespaces">,
  { role }: ArgocdOptions,
): Fields {
  const mine = ownedFields.filter(({ namespace }) => namespaces.includes(namespace));
  const owned = mine.map(({ apiVersion, kind, name, namespace, field }) => ({
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
