// Writes an Application's status, only when a person could tell the difference.

import { deepEqual, formatInstant, type Clock } from "../../../../core/index.ts";
import type { ControllerContext, KubernetesObject } from "../../../../kubernetes/index.ts";
import { worstHealth, type ComparedResource } from "./compare.ts";
import { ORPHAN_WARNING } from "./orphans.ts";
import { sourcesOf, type Manifests } from "./manifests.ts";
import {
  APPLICATION,
  ARGOCD_NAMESPACE,
  type Application,
  type ApplicationCondition,
  type ApplicationStatus,
  type OperationState,
  type SyncStatus,
} from "./resources.ts";
import type { SyncOperation, SyncProgress } from "./sync-operation.ts";

export const APPLICATION_MANAGER = "argocd-application-controller";
/** `spec.revisionHistoryLimit`, default 10. */
const HISTORY_LIMIT = 10;

type Timestamps = { readonly clock: Clock };

/** The comparison could not be made. What was known of the resources stays. */
export function failedStatus(
  application: Application,
  problem: Omit<ApplicationCondition, "lastTransitionTime">,
  { clock }: Timestamps,
): ApplicationStatus {
  const old = application.status?.conditions?.find(
    ({ type, message }) => type === problem.type && message === problem.message,
  );
  const since = old?.lastTransitionTime ?? formatInstant(clock.now());
  return {
    ...application.status,
    sync: { ...application.status?.sync, comparedTo: comparedTo(application), status: "Unknown" },
    health: application.status?.health ?? { status: "Unknown" },
    conditions: [{ ...problem, lastTransitionTime: since }],
  };
}

interface Compared {
  readonly resources: readonly ComparedResource[];
  /** What nobody committed, where the project asks for it. */
  readonly orphans: readonly KubernetesObject[];
}

export function comparedStatus(
  application: Application,
  manifests: Manifests,
  { resources, orphans }: Compared,
  { clock }: Timestamps,
): ApplicationStatus {
  const statuses = resources.map(({ status }) => status);
  const sync: SyncStatus = statuses.every(({ status }) => status === "Synced")
    ? "Synced"
    : "OutOfSync";
  const health = worstHealth(statuses, application.metadata.name);
  const old = application.status?.health;
  const since = old?.status === health ? old.lastTransitionTime : formatInstant(clock.now());
  const several = application.spec.sources !== undefined;
  const { conditions: _conditions, ...rest } = application.status ?? {
    sync: { status: sync },
    health: { status: health },
  };
  return {
    ...rest,
    sync: { comparedTo: comparedTo(application), status: sync, ...revisionsOf(manifests, several) },
    health: { status: health, ...(since === undefined ? {} : { lastTransitionTime: since }) },
    resources: statuses,
    summary: { images: imagesOf(resources) },
    ...(orphans.length === 0 ? {} : { conditions: [orphanWarning(application, orphans, clock)] }),
    ...(several
      ? { sourceTypes: manifests.types }
      : { sourceType: manifests.types[0] ?? "Directory" }),
  };
}

function orphanWarning(
  { status }: Application,
  { length }: readonly KubernetesObject[],
  clock: Clock,
): ApplicationCondition {
  const message = `Application has ${length} orphaned resources`;
  const old = status?.conditions?.find((one) => one.type === ORPHAN_WARNING);
  const isSame = old?.message === message;
  const lastTransitionTime =
    (isSame ? old.lastTransitionTime : undefined) ?? formatInstant(clock.now());
  return { type: ORPHAN_WARNING, message, lastTransitionTime };
}

/** The status after a step of a sync; a finished one gets its place in the history. */
export function syncedStatus(
  application: Application,
  status: ApplicationStatus,
  {
    operation,
    progress,
    manifests,
  }: {
    readonly operation: SyncOperation;
    readonly progress: SyncProgress;
    readonly manifests: Manifests;
  },
  { clock }: Timestamps,
): ApplicationStatus {
  const operationState = operationStateOf(application, operation, progress, manifests, clock);
  const next = { ...status, operationState };
  if (progress.phase !== "Succeeded") return next;
  const history = [
    ...(status.history ?? []),
    historyEntry(application, operation, manifests, clock),
  ];
  return { ...next, history: history.slice(-HISTORY_LIMIT) };
}

function operationStateOf(
  application: Application,
  operation: SyncOperation,
  progress: SyncProgress,
  manifests: Manifests,
  clock: Clock,
): OperationState {
  const several = application.spec.sources !== undefined;
  const results = [...operation.results.values()];
  return {
    operation: {
      initiatedBy: operation.automated ? { automated: true } : { username: "admin" },
      sync: { ...(operation.prune ? { prune: true } : {}), ...revisionsOf(manifests, several) },
    },
    phase: progress.phase,
    message: progress.message,
    startedAt: formatInstant(operation.startedAt),
    ...(progress.phase === "Running" ? {} : { finishedAt: formatInstant(clock.now()) }),
    ...(operation.retryCount === 0 ? {} : { retryCount: operation.retryCount }),
    syncResult: {
      ...(several
        ? { revision: "", ...revisionsOf(manifests, true) }
        : { revision: manifests.revisions[0] ?? "" }),
      resources: results.map(({ object, status, message }) => resultOf(object, status, message)),
    },
  };
}

function resultOf(
  { apiVersion, kind, metadata }: KubernetesObject,
  status: string,
  message: string,
): Record<string, unknown> {
  const slash = apiVersion.indexOf("/");
  return {
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    status,
    message,
    syncPhase: "Sync",
  };
}

function historyEntry(
  application: Application,
  operation: SyncOperation,
  manifests: Manifests,
  clock: Clock,
): Record<string, unknown> {
  const several = application.spec.sources !== undefined;
  const last = application.status?.history?.at(-1)?.["id"];
  return {
    id: typeof last === "number" ? last + 1 : 0,
    deployStartedAt: formatInstant(operation.startedAt),
    deployedAt: formatInstant(clock.now()),
    ...(several ? { sources: sourcesOf(application) } : { source: application.spec.source }),
    ...revisionsOf(manifests, several),
    initiatedBy: operation.automated ? { automated: true } : { username: "admin" },
  };
}

function revisionsOf({ revisions }: Manifests, several: boolean): Record<string, unknown> {
  return several ? { revisions } : { revision: revisions[0] ?? "" };
}

function comparedTo({ spec }: Application): Record<string, unknown> {
  const { destination, source, sources, ignoreDifferences } = spec;
  return {
    destination,
    ...(sources === undefined ? { source } : { sources }),
    ...(ignoreDifferences === undefined ? {} : { ignoreDifferences }),
  };
}

/** Images of everything that runs, sorted, each once. */
function imagesOf(resources: readonly ComparedResource[]): string[] {
  const templates = resources.flatMap(({ live }) => {
    const spec = live?.["spec"] as
      | { template?: { spec?: { containers?: { image?: string }[] } } }
      | undefined;
    return spec?.template?.spec?.containers ?? [];
  });
  return [...new Set(templates.flatMap(({ image }) => image ?? []))].toSorted();
}

/**
 * Argo CD's Application has no status subresource: status is a field like any other. What a person would be told of is an event
 * as well: controller/appcontroller.go persistAppStatus.
 */
export async function writeApplicationStatus(
  { api, clock, event }: Pick<ControllerContext, "api" | "clock" | "event">,
  application: Application,
  status: ApplicationStatus,
): Promise<void> {
  const { reconciledAt: _at, ...known } = (application.status ?? {}) as Record<string, unknown>;
  const { reconciledAt: _next, ...wanted } = status as unknown as Record<string, unknown>;
  if (deepEqual(known, wanted)) return;
  for (const part of ["sync", "health"] as const) {
    const before = application.status?.[part]?.status ?? "";
    const after = status[part].status;
    if (before !== after)
      event(
        application,
        "Normal",
        "ResourceUpdated",
        `Updated ${part} status: ${before} -> ${after}`,
      );
  }
  const gone = Object.fromEntries(
    Object.keys(known)
      .filter((key) => wanted[key] === undefined)
      .map((key) => [key, null]),
  );
  const body = { status: { ...gone, ...wanted, reconciledAt: formatInstant(clock.now()) } };
  const ref = { ...APPLICATION, name: application.metadata.name, namespace: ARGOCD_NAMESPACE };
  await api.patch(ref, { type: "merge", body }, { fieldManager: APPLICATION_MANAGER });
}
