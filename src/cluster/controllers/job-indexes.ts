// Completion indexes of an indexed Job and the failures counted per index. Pure.
// Mirrors pkg/controller/job/indexed_job_utils.go.

import type { Pod } from "../../kubernetes/index.ts";
import type { Job } from "./batch-kinds.ts";

export const INDEX_ANNOTATION = "batch.kubernetes.io/job-completion-index";
export const FAILURE_COUNT_ANNOTATION = "batch.kubernetes.io/job-index-failure-count";
export const IGNORED_COUNT_ANNOTATION = "batch.kubernetes.io/job-index-ignored-failure-count";

/** A host name of 63 characters less the five random ones (`MaxGeneratedNameLength`). */
const NAME_LENGTH_MAX = 58;

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === "Indexed";
}

/** Completion indexes as `0,2-4`. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].toSorted((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    const [first, last] = [sorted[start] ?? 0, sorted[end] ?? 0];
    parts.push(first === last ? `${first}` : `${first}${last - first === 1 ? "," : "-"}${last}`);
    start = end + 1;
  }
  return parts.join(",");
}

/** The indexes below `completions` that the text names. */
export function parseIndexes(text: string | undefined, completions = Infinity): Set<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? "").split(",").filter((piece) => piece !== "")) {
    const [first = 0, last = first] = part.split("-").map(Number);
    for (let index = first; index <= Math.min(last, completions - 1); index += 1) {
      indexes.add(index);
    }
  }
  return indexes;
}

/** Undefined without a readable index. */
export function indexOfPod({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[INDEX_ANNOTATION];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The start of an indexed pod's name; the Job's part is cut so that the whole stays a name. */
export function generateNameFor(jobName: string, index: number): string {
  const suffix = `-${index}-`;
  return jobName.slice(0, NAME_LENGTH_MAX - suffix.length) + suffix;
}

/** True for every pod of a plain Job, and for those of an indexed one whose index still counts. */
export function hasValidIndex(pod: Pod, job: Job): boolean {
  if (!isIndexed(job)) return true;
  const index = indexOfPod(pod);
  return index !== undefined && index < (job.spec.completions ?? 0);
}

/** How often the pods of this index had failed before this one. */
export function failureCount({ metadata }: Pod): number {
  return countIn(metadata.annotations?.[FAILURE_COUNT_ANNOTATION]);
}

/** The same with the failures that the pod failure policy ignored. */
export function absoluteFailureCount(pod: Pod): number {
  return failureCount(pod) + countIn(pod.metadata.annotations?.[IGNORED_COUNT_ANNOTATION]);
}

/** Anything but a 32-bit count reads as none. */
function countIn(text: string | undefined): number {
  const count = text !== undefined && /^\d+$/.test(text) ? Number(text) : 0;
  return count < 2 ** 31 ? count : 0;
}

/** The counts that the pod taking over from `replaced` carries on. */
export function nextFailureCounts(
  replaced: Pod | undefined,
  countsFailure: (pod: Pod) => boolean,
): Readonly<Record<string, string>> {
  const counted = replaced === undefined ? 0 : failureCount(replaced);
  const ignored = replaced === undefined ? 0 : absoluteFailureCount(replaced) - counted;
  const counts = replaced !== undefined && countsFailure(replaced);
  const ignores = replaced !== undefined && !counts;
  return {
    [FAILURE_COUNT_ANNOTATION]: String(counted + (counts ? 1 : 0)),
    ...(ignored > 0 || ignores
      ? { [IGNORED_COUNT_ANNOTATION]: String(ignored + Number(ignores)) }
      : {}),
  };
}
