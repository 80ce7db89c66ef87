// Builds each Kustomization's folder from git and applies it as `kustomize-controller`: dependencies first, what left git is
// pruned, what was changed by hand is undone at the next interval. Mirrors fluxcd/kustomize-controller internal/controller/
// kustomization_controller.go, v1.9.4, words of its conditions included.

import { canonicalJson, formatGoDuration, hasErrors } from "../../../../core/index.ts";
import type {
  Controller,
  ControllerFactory,
  Informer,
  KubernetesObject,
  ReconcileResult,
} from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import { buildKustomization } from "../../../../render/index.ts";
import { withKustomization } from "./generated-kustomization.ts";
import { finish, keepFinalizer } from "./finalizer.ts";
import {
  commitOf,
  durationMs,
  GIT_REPOSITORY,
  isReady,
  keyOf,
  KUSTOMIZATION,
  REQUESTED_AT,
  splitKey,
  type Kustomization,
  type Source,
} from "./resources.ts";
import { runRound, waitForDependency, type Memory, type Round, type RoundWords } from "./round.ts";
import { ready, writeStatus, type Writer } from "./status.ts";

const MANAGER = "kustomize-controller";
const NO_SOURCE_MS = 30_000;
const DEFAULT_INTERVAL_MS = 600_000;

export function kustomizeController(behaviour: BehaviourContext): ControllerFactory {
  return (context) => {
    const own = context.informer(KUSTOMIZATION);
    const sources = context.informer(GIT_REPOSITORY);
    const memory = new Map<string, Memory>();
    const writer = {
      api: context.api,
      clock: context.clock,
      manager: MANAGER,
      event: context.event,
    };
    const setup: Controller["setup"] = (enqueue) => {
      own.onChange((current, old) => {
        if (current !== undefined && isNews(current, old)) enqueue(keyOf(current));
      });
      // A new revision of a source is news for everything that reads it.
      sources.onChange((current, old) => {
        if (revisionOf(current) === revisionOf(old)) return;
        own.list().forEach((one) => enqueue(keyOf(one)));
      });
    };
    const reconcile: Controller["reconcile"] = async (key) => {
      const { name, namespace } = splitKey(key);
      const found = own.get(name, namespace) as Kustomization | undefined;
      if (found === undefined) return void memory.delete(key);
      if (found.metadata.deletionTimestamp !== undefined) {
        const { prune, suspend } = found.spec;
        return finish(context, found, MANAGER, prune && suspend !== true);
      }
      if (found.spec.suspend === true) return;
      await keepFinalizer(context, found, MANAGER);
      return look({ behaviour, writer, own, sources, memory, found });
    };
    return { name: "flux-kustomization", setup, reconcile };
  };
}

const revisionOf = (object: KubernetesObject | undefined): string | undefined =>
  (object as Source | undefined)?.status?.artifact?.revision;

/** Its own status is no news. */
function isNews(current: KubernetesObject, old: KubernetesObject | undefined): boolean {
  if (old === undefined) return true;
  const [after, before] = [current.metadata, old.metadata];
  return (
    after.generation !== before.generation ||
    after.deletionTimestamp !== before.deletionTimestamp ||
    after.annotations?.[REQUESTED_AT] !== before.annotations?.[REQUESTED_AT]
  );
}

interface Look {
  readonly behaviour: BehaviourContext;
  readonly writer: Writer;
  readonly own: Informer;
  readonly sources: Informer;
  readonly memory: Map<string, Memory>;
  readonly found: Kustomization;
}

async function look(one: Look): Promise<ReconcileResult> {
  const { writer, own, sources, found } = one;
  const { namespace = "" } = found.metadata;
  const { sourceRef, dependsOn = [] } = found.spec;
  const home = sourceRef.namespace ?? namespace;
  const source = sources.get(sourceRef.name, home) as Source | undefined;
  const revision = revisionOf(source);
  if (source === undefined || revision === undefined) {
    const message = `Source artifact not found, retrying in ${NO_SOURCE_MS / 1000}s`;
    await writeStatus(writer, found, ready("False", "ArtifactFailed", message));
    // The source's first revision wakes it earlier.
    return { requeueAfterMs: NO_SOURCE_MS };
  }
  for (const dependency of dependsOn) {
    const place = dependency.namespace ?? namespace;
    const other = own.get(dependency.name, place) as Kustomization | undefined;
    const missing = whatIsMissing(`${place}/${dependency.name}`, other, revision);
    if (missing !== undefined) return waitForDependency(writer, found, missing);
  }
  return runRound(roundOf(one, source, revision));
}

/** checkDependencies: a dependency of one source has to be at the same revision. */
function whatIsMissing(
  name: string,
  dependency: Kustomization | undefined,
  revision: string,
): string | undefined {
  if (dependency === undefined)
    return `dependency '${name}' not found: kustomizations.kustomize.toolkit.fluxcd.io "${name.split("/")[1]}" not found`;
  if (!isReady(dependency)) return `dependency '${name}' is not ready`;
  return dependency.status?.lastAppliedRevision === revision
    ? undefined
    : `dependency '${name}' revision is not up to date`;
}

function roundOf(
  { behaviour, writer, memory, found }: Look,
  source: Source,
  revision: string,
): Round {
  const { spec, metadata } = found;
  const intervalMs = durationMs(spec.interval, DEFAULT_INTERVAL_MS);
  return {
    writer,
    object: found,
    memory,
    id: keyOf(found),
    key: canonicalJson([metadata.generation, revision, metadata.annotations?.[REQUESTED_AT] ?? ""]),
    revision,
    prune: spec.prune,
    wait: spec.wait === true,
    timeoutMs: durationMs(spec.timeout, intervalMs),
    intervalMs,
    retryMs: durationMs(spec.retryInterval, intervalMs),
    reapplies: true,
    build: () => build(behaviour, found, source, revision),
    words: wordsOf(revision),
  };
}

function wordsOf(revision: string): RoundWords {
  return {
    failed: (message) => ready("False", "ReconciliationFailed", message),
    waiting: (timeoutMs) =>
      ready(
        "Unknown",
        "Progressing",
        `Running health checks for revision ${revision} with a timeout of ${formatGoDuration(timeoutMs)}`,
      ),
    unhealthy: (unwell, timeoutMs) =>
      ready(
        "False",
        "HealthCheckFailed",
        `health check failed after ${formatGoDuration(timeoutMs)}: timeout waiting for: [${unwell.join(", ")}]`,
      ),
    succeeded: () => ready("True", "ReconciliationSucceeded", `Applied revision: ${revision}`),
  };
}

/** Patches of the Kustomization lie over its folder, as the controller writes them into a kustomization of its own. */
async function build(
  { git }: BehaviourContext,
  { metadata, spec }: Kustomization,
  source: Source,
  revision: string,
): Promise<readonly KubernetesObject[]> {
  const folder = (spec.path ?? "").replace(/^\.?\/+|\/$/g, "");
  const written = await git.read(source.spec.url, commitOf(revision), "");
  const files = withKustomization(written, folder);
  const overlay = ".flux/kustomization.yaml";
  const over = { resources: [`../${folder}`], patches: spec.patches };
  const patched =
    spec.patches === undefined ? files : new Map([...files, [overlay, JSON.stringify(over)]]);
  const { objects, diagnostics } = buildKustomization(
    patched,
    spec.patches === undefined ? folder : ".flux",
  );
  if (hasErrors(diagnostics) || diagnostics.length > 0)
    throw new Error(`kustomize build failed: ${diagnostics.map((one) => one.message).join("; ")}`);
  return objects.map((object) => labelled(object, metadata));
}

/** Whose an object is: pkg/ssa SetOwnerLabels. */
function labelled(
  object: KubernetesObject,
  { name, namespace = "" }: Kustomization["metadata"],
): KubernetesObject {
  const labels = {
    ...object.metadata.labels,
    "kustomize.toolkit.fluxcd.io/name": name,
    "kustomize.toolkit.fluxcd.io/namespace": namespace,
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}
