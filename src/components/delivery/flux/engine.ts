// Flux as the rest of Keelson sees it: one on each cluster, a Kustomization for every folder and a HelmRelease for every chart,
// which say themselves how far they are.

import type { Path } from "../../../core/index.ts";
import { healthOf, type KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  DeliveredFolder,
  DeliveredParts,
  DeliveryEngine,
  DeliveryState,
  EmittedObject,
  EngineContext,
  PlannedApp,
  TreeSource,
} from "../../../model/index.ts";
import { BOOTSTRAP_AREA } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { imageObjects, tagMarker } from "./image-objects.ts";
import type { FluxOptions } from "./options.ts";
import { sourceUrl } from "./source-url.ts";
import { FLUX_NAMESPACE, RELEASE } from "./surface.ts";
import {
  chartRelease,
  chartSource,
  folderKustomization,
  folderRelease,
  ROOT,
} from "./sync-objects.ts";

export function fluxEngine({ cluster, path }: EngineContext, options: FluxOptions): DeliveryEngine {
  return {
    name: "flux",
    namespace: FLUX_NAMESPACE,
    repository: sourceUrl(options.repository),
    role: "deploy",
    startsAs: ({ metadata }) => (metadata.name === ROOT ? "root" : undefined),
    ...(options.imageUpdates === undefined
      ? {}
      : { tagMarker: (app: PlannedApp) => tagMarker(cluster, app) }),
    handOver: (parts) => ({ objects: objectsFor(parts, options, path) }),
    sourcesOf,
    reports: [
      { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" },
      { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" },
    ],
    stateOf,
    roots: 1,
    words: {
      unit: "Kustomization",
      list: `kubectl get kustomizations,helmreleases -n ${FLUX_NAMESPACE}`,
    },
  };
}

type Chart = DeliveredFolder & { readonly values: string };
const isChart = (folder: DeliveredFolder): folder is Chart => folder.values !== undefined;

function objectsFor(
  { cluster, folders, charts }: DeliveredParts,
  options: FluxOptions,
  path: Path,
): EmittedObject[] {
  const emitted = emitterFor(BOOTSTRAP_AREA, path);
  const parts = folders.map((folder) => ({
    ...emitted(
      isChart(folder)
        ? folderRelease(cluster, folder, options)
        : folderKustomization(cluster, folder, options),
    ),
    file: `${folder.name}.yaml`,
  }));
  const releases = charts.map(({ chart }) => ({
    ...emitterFor(BOOTSTRAP_AREA, chart.path)(
      chartRelease(cluster, chart, options),
      chart.name === RELEASE ? "Flux keeps itself at this version" : undefined,
    ),
    file: fileOf(chart.name),
  }));
  const sources = new Map(
    charts.map(({ chart }) => {
      const source = chartSource(cluster, chart);
      return [`${source.kind}/${source.metadata.name}`, emitted(source)] as const;
    }),
  );
  return [
    ...parts,
    ...imageObjects(cluster, options).map((object) => ({
      ...emitted(object),
      file: "images.yaml",
    })),
    ...releases,
    ...[...sources.values()].map((source) => ({ ...source, file: "chart-sources.yaml" })),
  ];
}

/** What installs Flux lies where `flux bootstrap` keeps it. */
const fileOf = (chart: string): string =>
  chart === RELEASE ? "flux-system/gotk-components.yaml" : `chart-${chart}.yaml`;

interface FluxObject extends KubernetesObject {
  readonly spec?: {
    readonly path?: string;
    readonly chart?: {
      readonly spec?: {
        readonly chart?: string;
        readonly valuesFiles?: readonly string[];
        readonly sourceRef?: { readonly kind?: string };
      };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

const inTree = (path: string): string => path.replace(/^\.\//, "");

function sourcesOf(object: KubernetesObject): readonly TreeSource[] {
  const { spec = {} } = object as FluxObject;
  if (object.kind === "Kustomization") return [{ kind: "folder", path: inTree(spec.path ?? "./") }];
  const { chart = "", valuesFiles = [], sourceRef } = spec.chart?.spec ?? {};
  if (object.kind !== "HelmRelease" || sourceRef?.kind !== "GitRepository") return [];
  return [
    { kind: "file", path: `${inTree(chart)}/Chart.yaml` },
    ...valuesFiles.map((file) => ({ kind: "file", path: inTree(file) }) as const),
  ];
}

/** Applied, although not all of it runs well yet. */
const APPLIED: ReadonlySet<string> = new Set(["Progressing", "HealthCheckFailed"]);

function stateOf(object: KubernetesObject): DeliveryState {
  const { metadata, status } = object as FluxObject;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const { status: health, message } = healthOf(object);
  const synced = health === "Healthy" || APPLIED.has(ready?.reason ?? "");
  return {
    name: metadata.name,
    sync: synced ? "Synced" : "OutOfSync",
    health,
    message: health === "Healthy" ? "" : message,
  };
}
