// Argo CD as the rest of Keelson sees it: its ApplicationSet finds every registered cluster, and its Applications say how
// far each folder and chart is. Fields: argoproj.io/v1alpha1 at v3.5.

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
import { BOOTSTRAP_AREA } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { applicationFiles } from "./applications.ts";
import type { ArgocdOptions } from "./options.ts";
import { appProjects, platformProject } from "./projects.ts";
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
      files: applicationFiles(parts, options),
      objects: projects([parts, ...peers], options, path),
    }),
    sourcesOf,
    registration: registrationSecret,
    joins: ({ kind }) => kind === "AppProject",
    reports: [APPLICATION],
    stateOf,
    roots: 1,
    // The Application of the cluster itself.
    rootsEach: 1,
    words: { unit: "Application", list: `kubectl get applications -n ${ARGOCD_NAMESPACE}` },
  };
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
  readonly helm?: { readonly valueFiles?: readonly string[] };
}

interface ReadsTree {
  readonly source?: Source;
  readonly sources?: readonly Source[];
  readonly template?: { readonly spec: ReadsTree };
}

/** Folders and values files of an Application's sources; what a set's template names must be there for some cluster. */
function sourcesOf({ kind, spec }: KubernetesObject): readonly TreeSource[] {
  const { source, sources = [], template } = (spec ?? {}) as ReadsTree;
  if (kind === "Application") return [source, ...sources].flatMap(readBy);
  if (kind !== "ApplicationSet") return [];
  const { path } = template?.spec.source ?? {};
  return path === undefined ? [] : [{ kind: "pattern", path: `${path}/*.yaml` }];
}

function readBy({ path, helm }: Source = {}): TreeSource[] {
  const files = (helm?.valueFiles ?? []).map((file) =>
    file.startsWith(VALUES_REF) ? file.slice(VALUES_REF.length) : `${path ?? ""}/${file}`,
  );
  return [
    ...(path === undefined ? [] : [{ kind: "folder", path } as const]),
    ...files.map((file) => ({ kind: "file", path: file.replace("/./", "/") }) as const),
  ];
}

const VALUES_REF = "$values/";

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
