// Makes one Application of an ApplicationSet's template for every parameter set, updates and deletes them as the sets change.
// Mirrors Argo CD applicationset/controllers/applicationset_controller.go at v3.5 (no RollingSync, no templatePatch).

import { deepEqual, formatInstant } from "../../../../core/index.ts";
import { isNotFound } from "../../../../kubernetes/index.ts";
import type {
  Condition,
  Controller,
  ControllerContext,
  ControllerFactory,
  KubernetesObject,
} from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import { isClusterSecret, registeredClusters, SECRET } from "./clusters.ts";
import { generateAll, type GeneratorInputs } from "./generators.ts";
import { expand, type Parameters } from "./go-template.ts";
import {
  APPLICATION,
  APPLICATION_SET,
  ARGOCD_NAMESPACE,
  CASCADE_FINALIZER,
  type Application,
  type ApplicationSet,
} from "./resources.ts";

/** Argo CD polls git generators every three minutes when no webhook arrives (`requeueAfterSeconds`, default 180). */
const DEFAULT_REQUEUE_MS = 180_000;
export const APPLICATION_SET_MANAGER = "argocd-applicationset-controller";

export function applicationSetController(behaviour: BehaviourContext): ControllerFactory {
  return (context) => {
    const sets = context.informer(APPLICATION_SET);
    const applications = context.informer(APPLICATION);
    const secrets = context.informer(SECRET);
    const pushes = watchRepositories(behaviour);

    const setup: Controller["setup"] = (enqueue) => {
      const everySet = (): void =>
        sets.list(ARGOCD_NAMESPACE).forEach((set) => enqueue(set.metadata.name));
      sets.onChange((current) => current && enqueue(current.metadata.name));
      secrets.onChange((current, old) => {
        if ([current, old].some((secret) => secret !== undefined && isClusterSecret(secret)))
          everySet();
      });
      applications.onChange((current, old) => enqueueOwner(current ?? old, enqueue));
      pushes.onPush(everySet);
    };

    const reconcile: Controller["reconcile"] = async (name) => {
      const set = sets.get(name, ARGOCD_NAMESPACE) as ApplicationSet | undefined;
      if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
      const outcome = await generateApplications(set, {
        git: behaviour.git,
        clusters: registeredClusters(secrets),
      });
      if (outcome.kind === "generated") repositoriesOf(set).forEach(pushes.follow);
      if (outcome.kind === "generated")
        await writeApplications(
          context,
          set,
          outcome.applications,
          applications.ownedBy(set.metadata.uid ?? ""),
        );
      await writeStatus(context, set, outcome);
      return { requeueAfterMs: requeueMs(set) };
    };
    return { name: "argocd-applicationset", setup, reconcile };
  };
}

type Generated =
  | { readonly kind: "generated"; readonly applications: readonly Application[] }
  | { readonly kind: "failed"; readonly message: string };

async function generateApplications(
  set: ApplicationSet,
  inputs: GeneratorInputs,
): Promise<Generated> {
  try {
    const parameters = await generateAll(set.spec.generators, inputs);
    return withUniqueNames(parameters.map((row) => renderApplication(set, row)));
  } catch (error) {
    // A template or git error belongs to the person: it is a condition on the set, and nothing is changed.
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

function withUniqueNames(applications: readonly Application[]): Generated {
  const names = applications.map(({ metadata }) => metadata.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return { kind: "generated", applications };
  return {
    kind: "failed",
    message: `ApplicationSet contains applications with duplicate name: ${twice}`,
  };
}

function renderApplication(set: ApplicationSet, parameters: Parameters): Application {
  // The expanded template keeps the template's shape.
  const { metadata, spec } = expand(
    set.spec.template,
    parameters,
  ) as ApplicationSet["spec"]["template"];
  const finalizers = set.spec.syncPolicy?.preserveResourcesOnDeletion ? [] : [CASCADE_FINALIZER];
  return {
    ...APPLICATION,
    metadata: {
      name: metadata.name,
      namespace: ARGOCD_NAMESPACE,
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      finalizers: metadata.finalizers ?? finalizers,
      ownerReferences: [
        {
          ...APPLICATION_SET,
          name: set.metadata.name,
          uid: set.metadata.uid ?? "",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec,
  };
}

async function writeApplications(
  { api, event }: ControllerContext,
  set: ApplicationSet,
  wanted: readonly Application[],
  live: readonly KubernetesObject[],
): Promise<void> {
  const options = { fieldManager: APPLICATION_SET_MANAGER, force: true };
  for (const application of wanted) {
    const current = live.find(({ metadata }) => metadata.name === application.metadata.name);
    if (current !== undefined && isSame(current, application)) continue;
    await api.apply(application, options);
    const verb = current === undefined ? "Created" : "Updated";
    event(set, "Normal", verb.toLowerCase(), `${verb} Application "${application.metadata.name}"`);
  }
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  for (const { metadata } of live) {
    if (names.has(metadata.name) || metadata.deletionTimestamp !== undefined) continue;
    await api
      .delete({ ...APPLICATION, name: metadata.name, namespace: ARGOCD_NAMESPACE })
      .catch(ignoreNotFound);
    event(set, "Normal", "Deleted", `Deleted Application "${metadata.name}"`);
  }
}

function isSame(current: KubernetesObject, wanted: Application): boolean {
  const labels = wanted.metadata.labels ?? {};
  const labelled = Object.entries(labels).every(
    ([key, value]) => current.metadata.labels?.[key] === value,
  );
  return labelled && deepEqual(current["spec"], wanted.spec);
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

async function writeStatus(
  { api, clock }: ControllerContext,
  set: ApplicationSet,
  outcome: Generated,
): Promise<void> {
  const failed = outcome.kind === "failed";
  const wanted: Condition[] = [
    condition(
      "ErrorOccurred",
      failed,
      failed ? "ApplicationGenerationFromParamsError" : "ApplicationSetUpToDate",
      failed ? outcome.message : "All applications have been generated successfully",
    ),
    condition(
      "ParametersGenerated",
      !failed,
      failed ? "ErrorOccurred" : "ParametersGenerated",
      failed ? outcome.message : "Successfully generated parameters for all Applications",
    ),
    condition(
      "ResourcesUpToDate",
      !failed,
      failed ? "ErrorOccurred" : "ApplicationSetUpToDate",
      failed ? outcome.message : "All applications have been generated successfully",
    ),
  ];
  const known = set.status?.conditions ?? [];
  const now = formatInstant(clock.now());
  const conditions = wanted.map((next) => stampTransition(next, known, now));
  if (deepEqual(known, conditions)) return;
  const ref = { ...APPLICATION_SET, name: set.metadata.name, namespace: ARGOCD_NAMESPACE };
  await api.patch(
    ref,
    { type: "merge", body: { status: { conditions } } },
    { subresource: "status", fieldManager: APPLICATION_SET_MANAGER },
  );
}

const condition = (type: string, holds: boolean, reason: string, message: string): Condition => ({
  type,
  status: holds ? "True" : "False",
  reason,
  message,
});

function stampTransition(next: Condition, known: readonly Condition[], now: string): Condition {
  const old = known.find(({ type }) => type === next.type);
  const same =
    old !== undefined &&
    old.status === next.status &&
    old.reason === next.reason &&
    old.message === next.message;
  return { ...next, lastTransitionTime: same ? (old.lastTransitionTime ?? now) : now };
}

function enqueueOwner(
  application: KubernetesObject | undefined,
  enqueue: (key: string) => void,
): void {
  const owner = application?.metadata.ownerReferences?.find(
    ({ kind }) => kind === APPLICATION_SET.kind,
  );
  if (owner !== undefined) enqueue(owner.name);
}

/** The intervals the git generators ask for; the shortest wins. */
function requeueMs(set: ApplicationSet): number {
  const asked = gitGenerators(set).flatMap(({ requeueAfterSeconds }) => requeueAfterSeconds ?? []);
  return asked.length === 0 ? DEFAULT_REQUEUE_MS : Math.min(...asked) * 1000;
}

const repositoriesOf = (set: ApplicationSet): string[] =>
  gitGenerators(set).map(({ repoURL }) => repoURL);

function gitGenerators(
  set: ApplicationSet,
): NonNullable<ApplicationSet["spec"]["generators"][number]["git"]>[] {
  const nested = set.spec.generators.flatMap((generator) => [
    generator,
    ...(generator.matrix?.generators ?? []),
  ]);
  return nested.flatMap(({ git }) => git ?? []);
}

/** One push subscription a repository, made when first followed. */
export function watchRepositories({ git }: BehaviourContext): {
  follow(url: string): void;
  onPush(callback: () => void): void;
} {
  const followed = new Set<string>();
  const callbacks: (() => void)[] = [];
  return {
    follow: (url) => {
      if (followed.has(url)) return;
      followed.add(url);
      git.onPush(url, () => callbacks.forEach((callback) => callback()));
    },
    onPush: (callback) => void callbacks.push(callback),
  };
}
