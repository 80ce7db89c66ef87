// Keeps what runs equal to git: builds, compares, syncs by policy, heals drift, and says how it stands.
// Mirrors Argo CD controller/appcontroller.go at v3.5.

import { canonicalJson } from "../../../../core/index.ts";
import { isNotFound, StatusError } from "../../../../kubernetes/index.ts";
import type {
  Controller,
  ControllerContext,
  ControllerFactory,
  KubernetesObject,
  ReconcileResult,
} from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import {
  comparedStatus,
  failedStatus,
  syncedStatus,
  writeApplicationStatus,
} from "./application-status.ts";
import { watchRepositories } from "./application-set-controller.ts";
import { deleteApplication } from "./cascade.ts";
import { HEALTH_SETTING } from "../gate.ts";
import { isClusterSecret, registeredClusters, SECRET } from "./clusters.ts";
import { compare, type ComparedResource, type DiffMemory } from "./compare.ts";
import { createLiveState, trackingId, type DestinationState } from "./live-state.ts";
import { buildManifests, ManifestError, sourcesOf, type Manifests } from "./manifests.ts";
import {
  APPLICATION,
  ARGOCD_NAMESPACE,
  IN_CLUSTER,
  REFRESH_ANNOTATION,
  TRACKING_ANNOTATION,
  type Application,
  type ApplicationStatus,
} from "./resources.ts";
import { ORPHAN_KINDS, orphansOf } from "./orphans.ts";
import { APP_PROJECT, refusedObject, refusedSpec, type AppProject } from "./project.ts";
import { decide, SELF_HEAL_MS, type EndedSync } from "./sync-policy.ts";
import { advanceSync, type SyncOperation } from "./sync-operation.ts";

/** `timeout.reconciliation` of argocd-cm, default 120s, and its jitter, default 60s. */
export const RECONCILIATION_MS = 120_000;
const RECONCILIATION_JITTER_MS = 60_000;
/** What the controller remembers between two looks at an Application; rebuilt from nothing after a restart. */
interface Memory {
  readonly diffs: DiffMemory;
  operation?: SyncOperation;
  /** The last attempt that ended, by what it tried to reach. */
  ended?: EndedSync;
  /** Desired objects as last built, so that equal builds are the same values. */
  built?: { readonly key: string; readonly objects: readonly KubernetesObject[] };
}

export function applicationController(behaviour: BehaviourContext): ControllerFactory {
  return (context) => {
    const applications = context.informer(APPLICATION);
    const secrets = context.informer(SECRET);
    const pushes = watchRepositories(behaviour);
    const memories = new Map<string, Memory>();
    const projects = context.informer(APP_PROJECT);
    let wake: (application: string) => void = () => undefined;
    const connect = (server: string): BehaviourContext["api"] | undefined =>
      server === IN_CLUSTER ? context.api : behaviour.connect(server);
    const live = createLiveState({
      clock: context.clock,
      rng: context.rng,
      connect,
      onChange: (name) => wake(name),
      onUnmanaged: (namespace) => watching(namespace).forEach((name) => wake(name)),
    });

    const projectOf = ({ spec }: Application): AppProject | undefined =>
      projects.get(spec.project, ARGOCD_NAMESPACE) as AppProject | undefined;
    /** The Applications that warn of what nobody committed there. */
    const watching = (namespace: string): string[] =>
      (applications.list(ARGOCD_NAMESPACE) as readonly Application[])
        .filter(({ spec }) => spec.destination.namespace === namespace)
        .filter((one) => projectOf(one)?.spec.orphanedResources !== undefined)
        .map(({ metadata }) => metadata.name);

    const setup: Controller["setup"] = (enqueue) => {
      wake = (name) => enqueue(name);
      const every = (): void =>
        applications.list(ARGOCD_NAMESPACE).forEach(({ metadata }) => enqueue(metadata.name));
      projects.onChange(every);
      applications.onChange((current) => current && enqueue(current.metadata.name));
      secrets.onChange((current, old) => {
        if ([current, old].some((secret) => secret !== undefined && isClusterSecret(secret)))
          every();
      });
      pushes.onPush(every);
    };

    const reconcile: Controller["reconcile"] = async (name) => {
      const application = applications.get(name, ARGOCD_NAMESPACE) as Application | undefined;
      if (application === undefined) return void memories.delete(name);
      const server = destinationServer(application, registeredClusters(secrets));
      const state = server === undefined ? undefined : live.destination(server);
      if (application.metadata.deletionTimestamp !== undefined)
        return deleteApplication(context, application, state);
      const memory = memories.get(name) ?? { diffs: new Map() };
      memories.set(name, memory);
      if (state === undefined) return refuse(context, application, noCluster(application));
      const project = projectOf(application);
      const refused = refusedSpec(application, project, server ?? "");
      if (refused !== undefined)
        return refuse(context, application, { type: "InvalidSpecError", message: refused });
      const about = { context, behaviour, application, state, memory, project };
      return look({ ...about, server: server ?? "", follow: pushes.follow });
    };
    return { name: "argocd-application", setup, reconcile };
  };
}

interface Look {
  readonly context: ControllerContext;
  readonly behaviour: BehaviourContext;
  readonly application: Application;
  readonly state: DestinationState;
  readonly memory: Memory;
  readonly project: AppProject | undefined;
  readonly server: string;
  follow(url: string): void;
}

async function look(round: Look): Promise<ReconcileResult> {
  const { context, application } = round;
  const manifests = await build(round);
  if (manifests instanceof Error)
    return refuse(context, application, { type: "ComparisonError", message: manifests.message });
  const resources = await liveOf(round, manifests);
  if (resources instanceof Error)
    return refuse(context, application, {
      type: "ComparisonError",
      message: `Failed to load live state: ${resources.message}`,
    });
  const orphans = orphansOf(application, round.project, round.state);
  const status = comparedStatus(application, manifests, { resources, orphans }, context);
  const { next, requeueAfterMs, written } = await syncByPolicy(round, manifests, resources, status);
  const known = written === undefined ? application : { ...application, status: written };
  await writeApplicationStatus(context, known, next);
  await clearRefresh(context, application);
  return { requeueAfterMs: requeueAfterMs ?? nextReconciliation(context) };
}

/** A cluster that does not answer is the Application's trouble alone: controller/state.go CompareAppState. */
async function liveOf(
  { context, application: { metadata, spec }, state, memory: { diffs: memory }, project }: Look,
  { objects }: Manifests,
): Promise<readonly ComparedResource[] | Error> {
  try {
    const isWatching = project?.spec.orphanedResources !== undefined;
    await state.follow(isWatching ? [...objects, ...ORPHAN_KINDS] : objects);
    const managed = state.managedBy(metadata.name);
    const isRoot = [...objects, ...managed].some(({ kind }) => kind === APPLICATION.kind);
    const healthScript = isRoot ? await applicationHealthScript(context) : undefined;
    return await compare(objects, managed, { spec, state, memory, healthScript });
  } catch (error) {
    if (error instanceof StatusError && error.reason === "ServiceUnavailable") return error;
    throw error;
  }
}

async function applicationHealthScript({ api }: ControllerContext): Promise<string | undefined> {
  const settings = await api.get(SETTINGS).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  return (settings?.["data"] as Readonly<Record<string, string>> | undefined)?.[HEALTH_SETTING];
}

const SETTINGS = {
  apiVersion: "v1",
  kind: "ConfigMap",
  name: "argocd-cm",
  namespace: ARGOCD_NAMESPACE,
} as const;

const nextReconciliation = ({ rng }: ControllerContext): number =>
  RECONCILIATION_MS + rng.below(RECONCILIATION_JITTER_MS);

/** Errors of git, templates and builds belong to the person; they become a condition. */
async function build({
  application,
  behaviour,
  state,
  server,
  memory,
  follow,
}: Look): Promise<Manifests | Error> {
  try {
    const manifests = await buildManifests(application, behaviour, server);
    for (const { repoURL, chart } of sourcesOf(application))
      if (chart === undefined) follow(repoURL);
    const key = canonicalJson([application.spec, manifests.revisions]);
    if (memory.built?.key !== key) {
      const objects = await Promise.all(
        manifests.objects.map((object) => prepare(object, application, state)),
      );
      memory.built = { key, objects };
    }
    return { ...manifests, objects: memory.built.objects };
  } catch (error) {
    return error instanceof Error ? error : new ManifestError(String(error));
  }
}

/** The destination's namespace where none is given, and the tracking annotation. */
async function prepare(
  object: KubernetesObject,
  { metadata, spec }: Application,
  state: DestinationState,
): Promise<KubernetesObject> {
  const { namespace: wanted } = spec.destination;
  const homeless =
    object.metadata.namespace === undefined &&
    wanted !== undefined &&
    (await state.isNamespaced(object));
  const placed = homeless
    ? { ...object, metadata: { ...object.metadata, namespace: wanted } }
    : object;
  const annotations = {
    ...placed.metadata.annotations,
    [TRACKING_ANNOTATION]: trackingId(metadata.name, placed),
  };
  return { ...placed, metadata: { ...placed.metadata, annotations } };
}

interface SyncStep {
  readonly next: ApplicationStatus;
  readonly requeueAfterMs?: number;
  /** What is on record by now. */
  readonly written: ApplicationStatus | undefined;
}

async function syncByPolicy(
  { context, application, state, memory, project, server }: Look,
  manifests: Manifests,
  resources: readonly ComparedResource[],
  status: ApplicationStatus,
): Promise<SyncStep> {
  const revisionKey = canonicalJson([
    manifests.revisions,
    application.spec.source ?? application.spec.sources,
  ]);
  if (memory.operation?.revisionKey !== revisionKey) delete memory.operation;
  const isNew = memory.operation === undefined;
  if (memory.operation === undefined) {
    const decision = decide(application, status, revisionKey, memory.ended, context.clock);
    if (decision.kind === "wait")
      return {
        next: status,
        written: application.status,
        ...(decision.afterMs === undefined ? {} : { requeueAfterMs: decision.afterMs }),
      };
    memory.operation = decision.operation;
    // What was found is on record before anything is done about it.
    await writeApplicationStatus(context, application, status);
    if (decision.manual) await clearOperation(context, application);
    else {
      const target = manifests.revisions.join(", ");
      const message = `Initiated automated sync to '${target}'`;
      context.event(application, "Normal", "OperationStarted", message);
    }
  }
  const operation = memory.operation;
  const progress = await advanceSync(operation, {
    resources,
    state,
    clock: context.clock,
    refused: (object) => refusedObject(object, project, server),
  });
  if (progress.phase !== "Running") {
    delete memory.operation;
    const succeeded = progress.phase === "Succeeded";
    memory.ended = {
      revisionKey,
      succeeded,
      at: context.clock.now(),
      retryCount: operation.retryCount,
    };
    const [type, reason] = succeeded
      ? (["Normal", "OperationCompleted"] as const)
      : (["Warning", "OperationCompleted"] as const);
    context.event(
      application,
      type,
      reason,
      `Sync operation to ${manifests.revisions.join(",")} ${succeeded ? "succeeded" : `failed: ${progress.message}`}`,
    );
  }
  const next = syncedStatus(application, status, { operation, progress, manifests }, context);
  // Look again at once: what was just applied is not in `status` yet.
  const requeueAfterMs = progress.phase === "Running" ? SELF_HEAL_MS : 0;
  return { next, requeueAfterMs, written: isNew ? status : application.status };
}

function destinationServer(
  { spec }: Application,
  clusters: readonly { readonly name: string; readonly server: string }[],
): string | undefined {
  const { server, name } = spec.destination;
  if (server !== undefined) return server;
  if (name === "in-cluster") return IN_CLUSTER;
  return clusters.find((cluster) => cluster.name === name)?.server;
}

type Problem = Parameters<typeof failedStatus>[1];

function noCluster({ spec }: Application): Problem {
  const { server, name } = spec.destination;
  return {
    type: "InvalidSpecError",
    message: `application destination ${server ?? name ?? ""} is not a registered cluster that answers`,
  };
}

async function refuse(
  context: ControllerContext,
  application: Application,
  problem: Problem,
): Promise<ReconcileResult> {
  const status = failedStatus(application, problem, context);
  await writeApplicationStatus(context, application, status);
  await clearRefresh(context, application);
  return { requeueAfterMs: nextReconciliation(context) };
}

async function clearRefresh({ api }: ControllerContext, { metadata }: Application): Promise<void> {
  if (metadata.annotations?.[REFRESH_ANNOTATION] === undefined) return;
  const body = { metadata: { annotations: { [REFRESH_ANNOTATION]: null } } };
  await api.patch(
    { ...APPLICATION, name: metadata.name, namespace: ARGOCD_NAMESPACE },
    { type: "merge", body },
  );
}

async function clearOperation(
  { api }: ControllerContext,
  { metadata }: Application,
): Promise<void> {
  await api.patch(
    { ...APPLICATION, name: metadata.name, namespace: ARGOCD_NAMESPACE },
    { type: "merge", body: { operation: null } },
  );
}
