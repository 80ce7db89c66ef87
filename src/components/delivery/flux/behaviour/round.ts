// One look at a Kustomization or HelmRelease: wait for what it depends on, apply when something is new or the interval is over,
// then look until all of it is healthy or the time is up. What both controllers do alike; each brings its own words.

import type { ApplyResult } from "../../../../apply/index.ts";
import type { InstantMs } from "../../../../core/index.ts";
import type { KubernetesObject, ReconcileResult } from "../../../../kubernetes/index.ts";
import { DEPENDENCY_SECONDS } from "../values.ts";
import { applySet, failureOf, subjectOf, unwell } from "./applied.ts";
import type { FluxStatus } from "./resources.ts";
import { ready, writeStatus, type Finding, type Writer } from "./status.ts";

/** How often what was applied is looked at while it starts; Flux polls every 5 s and watches nothing either. */
const POLL_MS = 2_000;
export const DEPENDENCY_MS = DEPENDENCY_SECONDS * 1000;

/** What is under way; rebuilt from nothing after a restart. */
export interface Memory {
  /** Of what was applied last. */
  readonly key: string;
  readonly objects: readonly KubernetesObject[];
  readonly startedAt: InstantMs;
  readonly inventory: FluxStatus["inventory"];
  done: boolean;
  /** Its outcome is on record; what is applied again later is no new one. */
  recorded: boolean;
}

export interface Round {
  readonly writer: Writer;
  readonly object: KubernetesObject & { readonly status?: FluxStatus };
  readonly memory: Map<string, Memory>;
  readonly id: string;
  /** Changes when spec, source or an answered request does. */
  readonly key: string;
  readonly revision: string;
  readonly prune: boolean;
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly retryMs: number;
  /** Undefined between two changes where drift is left alone. */
  readonly reapplies: boolean;
  readonly build: () => Promise<readonly KubernetesObject[]>;
  readonly words: RoundWords;
  /** Remembers an outcome once; what it says of it goes into the status. */
  readonly record?: (
    objects: readonly KubernetesObject[],
    outcome: "deployed" | "failed",
  ) => Promise<Readonly<Record<string, unknown>>>;
}

export interface RoundWords {
  readonly failed: (message: string) => readonly Finding[];
  readonly waiting: (timeoutMs: number) => readonly Finding[];
  readonly unhealthy: (unwell: readonly string[], timeoutMs: number) => readonly Finding[];
  /** `recorded`: what `record` answered, empty where nothing was new. */
  readonly succeeded: (recorded: Readonly<Record<string, unknown>>) => readonly Finding[];
}

export async function runRound(round: Round): Promise<ReconcileResult> {
  const { memory, id, key, words, writer, retryMs } = round;
  const known = memory.get(id);
  const isNew = known === undefined || known.key !== key;
  if (isNew || (known.done && round.reapplies)) {
    const failure = await apply(round);
    if (failure !== undefined) {
      memory.delete(id);
      await writeStatus(writer, round.object, words.failed(failure), attempted(round));
      return { requeueAfterMs: retryMs };
    }
  }
  return settle(round);
}

async function apply({
  writer,
  object,
  memory,
  id,
  key,
  prune,
  build,
}: Round): Promise<string | undefined> {
  try {
    const objects = await build();
    const { api, clock, manager } = writer;
    const options = { api, clock, manager, prune };
    const { result, inventory } = await applySet(objects, object.status, options);
    const failure = failureOf(result);
    if (failure !== undefined) return failure;
    const isRepeated = memory.get(id)?.key === key;
    tell(writer, object, result, isRepeated);
    const recorded = isRepeated && memory.get(id)?.recorded === true;
    memory.set(id, { key, objects, inventory, startedAt: clock.now(), done: false, recorded });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The longest note the API takes. */
const NOTE_MAX = 1000;

/**
 * What was written: kustomize-controller's list of changes, or that a release had drifted and was corrected (helm-controller
 * internal/reconcile/{atomic_release,correct_cluster_drift}.go, v1.6.3).
 */
function tell(
  { event }: Writer,
  object: Round["object"],
  { changes }: ApplyResult,
  isRepeated: boolean,
): void {
  const lines = changes
    .filter(({ outcome }) => outcome !== "unchanged" && outcome !== "skipped")
    .map(({ ref, outcome }) => `${subjectOf(ref)} ${outcome}`);
  if (lines.length === 0) return;
  const text = lines.join("\n").slice(0, NOTE_MAX);
  if (object.kind === "Kustomization") return event(object, "Normal", "Progressing", text);
  if (!isRepeated) return;
  const release = `Cluster state of release ${deployedName(object, object.status?.history)}`;
  event(
    object,
    "Warning",
    "DriftDetected",
    `${release} has drifted from the desired state:\n${text}`,
  );
  event(object, "Normal", "DriftCorrected", `${release} has been corrected:\n${text}`);
}

async function settle(round: Round): Promise<ReconcileResult> {
  const { writer, object, memory, id, words, wait, timeoutMs } = round;
  const current = memory.get(id);
  if (current === undefined) return { requeueAfterMs: POLL_MS };
  const { inventory } = current;
  const missing = wait ? await unwell(writer.api, current.objects) : [];
  if (missing.length === 0) {
    current.done = true;
    const record = await recordOnce(round, current, "deployed");
    await writeStatus(writer, object, words.succeeded(record), {
      ...attempted(round),
      ...applied(round),
      ...record,
      inventory,
    });
    return { requeueAfterMs: round.intervalMs };
  }
  const isLate = writer.clock.now() - current.startedAt >= timeoutMs;
  const findings = isLate ? words.unhealthy(missing, timeoutMs) : words.waiting(timeoutMs);
  const record = isLate ? await recordOnce(round, current, "failed") : {};
  await writeStatus(writer, object, findings, { ...attempted(round), ...record, inventory });
  if (isLate) memory.delete(id);
  return { requeueAfterMs: isLate ? round.retryMs : POLL_MS };
}

async function recordOnce(
  { record }: Round,
  current: Memory,
  outcome: "deployed" | "failed",
): Promise<Readonly<Record<string, unknown>>> {
  if (record === undefined || current.recorded) return {};
  current.recorded = true;
  return record(current.objects, outcome);
}

const attempted = ({ revision }: Round) => ({ lastAttemptedRevision: revision });
/** A HelmRelease names what is deployed in its history instead. */
const applied = ({ object, revision }: Round) =>
  object.kind === "Kustomization" ? { lastAppliedRevision: revision } : {};

/** `shop/web.v3`, as helm-controller's api/v2 Snapshot.FullReleaseName. */
export function deployedName(
  { metadata, spec }: KubernetesObject,
  history: FluxStatus["history"],
): string {
  const { releaseName, targetNamespace } = (spec ?? {}) as Readonly<Record<string, string>>;
  const name = `${targetNamespace ?? metadata.namespace}/${releaseName ?? metadata.name}`;
  return `${name}.v${history?.[0]?.version ?? 1}`;
}

/** Dependencies say so with the same reason in both; the sentence is each one's own. */
export async function waitForDependency(
  writer: Writer,
  object: KubernetesObject,
  message: string,
): Promise<ReconcileResult> {
  await writeStatus(writer, object, ready("False", "DependencyNotReady", message));
  return { requeueAfterMs: DEPENDENCY_MS };
}
