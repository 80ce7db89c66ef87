// Argo CD as the rest of Keelson sees it: its ApplicationSets read the lists of every registered cluster, and its Applications
// say how far each folder and chart is. Fields: argoproj.io/v1alpha1 at v3.5.

import type { Path } from "../../../core/index.ts";
import type { KindRef, KubernetesObject } from "../../../kubernetes/index.ts";
import { healthOf } from "../../../kubernetes/index.ts";
import type {
  DeliveredParts,
  DeliveryEngine,
  DeliveryState,
  EmittedObject,
  EngineContext,
  TreeSource,
} from "../../../model/index.ts";
import { BOOTSTRAP_AREA, deliveryLists } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { releasesApplicationSet } from "./application-sets.ts";
import type { ArgocdOptions } from "./options.ts";
import { appProjects, platformProject, projectOf, repositoryAddress } from "./projects.ts";
import { registrationSecret } from "./registration.ts";
import { ARGOCD_NAMESPACE } from "./surface.ts";

const APPLICATION: KindRef = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };
/** The project and the root Application; the sets it syncs come from git like everything else. */
const ROOT_KINDS: ReadonlySet<string> = new Set(["AppProject", "Application"]);

export function argocdEngine({ path }: EngineContext, options: ArgocdOptions): DeliveryEngine {
  const { repository, role } = options;
  return {
    name: "argocd",
    namespace: ARGOCD_NAMESPACE,
    repository,
    role,
    startsAs: ({ kind }) => (ROOT_KINDS.has(kind) ? "root" : undefined),
    waveAnnotation: "argocd.argoproj.io/sync-wave",
    handOver: (parts, peers) => ({
      files: deliveryLists(parts, {
        repositoryOf: repositoryAddress,
        projectOf: (folder) => projectOf(parts.cluster, folder),
      }),
      objects: [
        ...releaseSets(parts, options, path),
        ...projects([parts, ...peers], options, path),
      ],
    }),
    sourcesOf,
    registration: registrationSecret,
    joins: ({ kind }) => kind === "AppProject",
    reports: [APPLICATION],
    stateOf,
    roots: 1,
    words: { unit: "Application", list: `kubectl get applications -n ${ARGOCD_NAMESPACE}` },
  };
}

/** Only where there are charts of our own: a set whose generator finds nothing would be an error. */
function releaseSets(
  { cluster, folders }: DeliveredParts,
  options: ArgocdOptions,
  path: Path,
): EmittedObject[] {
  const hasCharts = folders.some(({ values }) => values !== undefined);
  if (!cluster.primary || !hasCharts) return [];
  const emitted = emitterFor(BOOTSTRAP_AREA, path);
  return [
    emitted(
      releasesApplicationSet(cluster, options),
      "one Application for every app, each a chart of this repository",
    ),
  ];
}

/** On the cluster Argo CD runs on, for everything it delivers anywhere. */
function projects(
  parts: readonly DeliveredParts[],
  options: ArgocdOptions,
  path: Path,
): EmittedObject[] {
  const [own] = parts;
  if (own?.cluster.primary !== true) return [];
  const emitted = emitterFor(BOOTSTRAP_AREA, path);
  return [
    emitted(platformProject(parts, options)),
    ...appProjects(parts, options).map((project) => emitted(project)),
  ];
}

interface Source {
  readonly path?: string;
}

interface Generator {
  readonly git?: { readonly files?: readonly { readonly path: string }[] };
  readonly matrix?: { readonly generators: readonly Generator[] };
}

/** Folders of an Application's sources; every git generator of a set must find at least one file. */
function sourcesOf({ kind, spec }: KubernetesObject): readonly TreeSource[] {
  if (kind === "Application") {
    const { source, sources = [] } = (spec ?? {}) as {
      readonly source?: Source;
      readonly sources?: readonly Source[];
    };
    return [source, ...sources].flatMap((one) =>
      one?.path === undefined ? [] : [{ kind: "folder", path: one.path } as const],
    );
  }
  if (kind !== "ApplicationSet") return [];
  const { generators = [] } = (spec ?? {}) as { readonly generators?: readonly Generator[] };
  return generators.flatMap(patternsOf);
}

function patternsOf({ git, matrix }: Generator): TreeSource[] {
  const own = (git?.files ?? []).map(({ path }) => ({ kind: "pattern", path }) as const);
  return [...own, ...(matrix?.generators ?? []).flatMap(patternsOf)];
}

interface ApplicationObject extends KubernetesObject {
  readonly status?: {
    readonly sync?: { readonly status?: string };
    readonly health?: { readonly status?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: { readonly phase?: string; readonly message?: string };
    readonly resources?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly status: string;
      readonly health?: { readonly status?: string; readonly message?: string };
    }[];
  };
}

function stateOf(object: KubernetesObject): DeliveryState {
  const { status } = object as ApplicationObject;
  const sync = status?.sync?.status ?? "Unknown";
  const health = status?.health?.status ?? "Unknown";
  const fine = sync === "Synced" && health === "Healthy";
  return {
    name: object.metadata.name,
    sync,
    health,
    message: fine ? "" : messageOf(object as ApplicationObject),
  };
}

function messageOf({ status, ...object }: ApplicationObject): string {
  const condition = status?.conditions?.find(({ type }) => !type.endsWith("Warning"));
  if (condition !== undefined) return condition.message;
  if (status?.operationState?.phase === "Failed")
    return status.operationState.message ?? "sync failed";
  const unwell = (status?.resources ?? []).find(
    ({ health, status: sync }) => sync !== "Synced" || (health?.status ?? "Healthy") !== "Healthy",
  );
  if (unwell === undefined) return healthOf({ ...object, status }).message;
  return `${unwell.kind.toLowerCase()}/${unwell.name} ${unwell.status}, ${unwell.health?.status ?? "Healthy"} ${unwell.health?.message ?? ""}`.trim();
}
