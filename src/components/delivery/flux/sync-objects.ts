// The objects Flux works from: the repository and the root that applies `clusters/<target>`, a Kustomization for every folder, a
// HelmRelease for every chart. Fields: fluxcd.io/flux/components/{source,kustomize,helm}, v2.8; kinds at v1 and v2.

import { formatDuration, groupBy, parseDuration } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { parseApiVersion } from "../../../kubernetes/index.ts";
import type {
  CompiledChart,
  DeliveredFolder,
  OwnedField,
  PlannedCluster,
} from "../../../model/index.ts";
import { placed } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import { sourceUrl } from "./source-url.ts";
import type { FluxOptions } from "./options.ts";
import { FLUX_NAMESPACE } from "./surface.ts";

/** The name `flux bootstrap` gives the repository and the root. */
export const ROOT = "flux-system";
const SOURCE = "source.toolkit.fluxcd.io/v1";
export const GIT_SOURCE = { kind: "GitRepository", name: ROOT } as const;
/** How soon what failed is tried again: its namespace or the kinds it uses may be on their way. */
const RETRY_INTERVAL = "15s";

/** Flux knows no days. */
export function duration(text: string): string {
  const ms = parseDuration(text);
  return ms === undefined ? text : formatDuration(ms);
}

export function gitRepository(
  { platform }: PlannedCluster,
  { repository, branch, interval, credentials }: FluxOptions,
): KubernetesObject {
  return object(platform, SOURCE, "GitRepository", ROOT, {
    interval: duration(interval),
    url: sourceUrl(repository),
    ref: { branch },
    ...(credentials === undefined ? {} : { secretRef: { name: credentials } }),
  });
}

export function rootKustomization(
  { platform, target, layout }: PlannedCluster,
  { reapply, timeout }: FluxOptions,
): KubernetesObject {
  return kustomization(platform, ROOT, {
    interval: duration(reapply),
    retryInterval: RETRY_INTERVAL,
    timeout: duration(timeout),
    path: `./${placed(`clusters/${target}`, layout)}`,
    prune: true,
    sourceRef: GIT_SOURCE,
  });
}

export function folderKustomization(
  { platform, ownedFields }: PlannedCluster,
  { name, path, namespace, needs }: DeliveredFolder,
  { reapply, timeout }: FluxOptions,
): KubernetesObject {
  const mine = ownedFields.filter((field) => field.namespace === namespace);
  return kustomization(platform, name, {
    ...(needs.folders.length === 0
      ? {}
      : { dependsOn: needs.folders.map((folder) => ({ name: folder })) }),
    interval: duration(reapply),
    retryInterval: RETRY_INTERVAL,
    timeout: duration(timeout),
    path: `./${path}`,
    prune: true,
    wait: true,
    sourceRef: GIT_SOURCE,
    ...(mine.length === 0 ? {} : { patches: patchesFor(mine) }),
  });
}

/** A chart of the repository itself, with the values of this cluster over its own. */
export function folderRelease(
  { platform }: PlannedCluster,
  { name, path, values, namespace }: DeliveredFolder & { readonly values: string },
  options: FluxOptions,
): KubernetesObject {
  return helmRelease(platform, name, namespace, options, {
    chart: {
      spec: {
        chart: `./${path}`,
        // A commit is a new version, although Chart.yaml names the same.
        reconcileStrategy: "Revision",
        sourceRef: GIT_SOURCE,
        valuesFiles: [`./${path}/values.yaml`, `./${path}/${values.replace(/^\.\//, "")}`],
      },
    },
  });
}

export function chartRelease(
  { platform }: PlannedCluster,
  chart: CompiledChart,
  options: FluxOptions,
): KubernetesObject {
  const isOci = chart.repository.startsWith("oci://");
  const source = isOci
    ? { chartRef: { kind: "OCIRepository", name: chart.name } }
    : {
        chart: {
          spec: {
            chart: chart.chart,
            version: chart.version,
            sourceRef: { kind: "HelmRepository", name: repositoryName(chart.repository) },
          },
        },
      };
  return helmRelease(platform, `chart-${chart.name}`, chart.namespace, options, {
    releaseName: chart.name,
    ...source,
    ...(Object.keys(chart.values).length === 0 ? {} : { values: chart.values }),
  });
}

/** Where a chart comes from; several charts of one index share it. */
export function chartSource(
  { platform }: PlannedCluster,
  { name, repository, chart, version }: CompiledChart,
): KubernetesObject {
  if (!repository.startsWith("oci://"))
    return object(platform, SOURCE, "HelmRepository", repositoryName(repository), {
      interval: "1h",
      url: repository,
    });
  return object(platform, SOURCE, "OCIRepository", name, {
    interval: "1h",
    url: `${repository}/${chart}`,
    ref: { tag: version },
    // Only the chart; a registry may keep its provenance beside it.
    layerSelector: {
      mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
      operation: "copy",
    },
  });
}

/** `https://argoproj.github.io/argo-helm` → `argoproj-github-io-argo-helm`. */
function repositoryName(url: string): string {
  return url
    .replace(/^https?:\/\//, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function helmRelease(
  platform: string,
  name: string,
  targetNamespace: string,
  { reapply, timeout }: FluxOptions,
  spec: Fields,
): KubernetesObject {
  const retry = { strategy: { name: "RetryOnFailure", retryInterval: RETRY_INTERVAL } };
  const { releaseName = name, ...rest } = spec;
  return object(platform, "helm.toolkit.fluxcd.io/v2", "HelmRelease", name, {
    releaseName,
    targetNamespace,
    storageNamespace: targetNamespace,
    interval: duration(reapply),
    timeout: duration(timeout),
    install: { ...retry, crds: "CreateReplace" },
    upgrade: { ...retry, crds: "CreateReplace" },
    driftDetection: { mode: "enabled" },
    ...rest,
  });
}

const kustomization = (platform: string, name: string, spec: Fields): KubernetesObject =>
  object(platform, "kustomize.toolkit.fluxcd.io/v1", "Kustomization", name, spec);

export function object(
  platform: string,
  apiVersion: string,
  kind: string,
  name: string,
  spec: Fields,
): KubernetesObject {
  const labels = systemLabels(platform, "flux", "delivery");
  return { apiVersion, kind, metadata: { name, namespace: FLUX_NAMESPACE, labels }, spec };
}

function ownerKey({
  apiVersion,
  kind,
  namespace,
  name,
}: Pick<OwnedField, "apiVersion" | "kind" | "name" | "namespace">): string {
  return [parseApiVersion(apiVersion).group, kind, namespace, name].join("/");
}

/**
 * What something on the cluster decides is taken out before Flux applies it, so that it never owns it. A path through the items
 * of a list cannot be taken out: such an object is written once and then left alone.
 */
function patchesFor(owned: readonly OwnedField[]): Fields[] {
  return [...groupBy(owned, ownerKey).values()].flatMap((fields) => {
    const [first] = fields;
    if (first === undefined) return [];
    const { apiVersion, kind, namespace, name } = first;
    const isList = fields.some(({ field }) => field.includes("*"));
    const change = isList
      ? {
          metadata: {
            name,
            namespace,
            annotations: { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" },
          },
        }
      : { metadata: { name, namespace }, ...removed(fields.map(({ field }) => field)) };
    const { group } = parseApiVersion(apiVersion);
    return [
      {
        patch: JSON.stringify({ apiVersion, kind, ...change }),
        target: { ...(group === "" ? {} : { group }), kind, name, namespace },
      },
    ];
  });
}

/** A strategic merge patch takes out what it sets to null, and does not mind when it is not there. */
function removed(paths: readonly (readonly string[])[]): Record<string, unknown> {
  const heads = groupBy(paths, ([head = ""]) => head);
  return Object.fromEntries(
    [...heads].map(([head, below]) => {
      const tails = below.map(([, ...tail]) => tail);
      return [head, tails.some((tail) => tail.length === 0) ? null : removed(tails)];
    }),
  );
}
