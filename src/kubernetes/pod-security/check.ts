// What every check of Pod Security is made of: a judgement of one pod, in the words of the server, for a range of versions.
// Mirrors pod-security-admission policy/checks.go and helpers.go.

import type { ContainerFields, Fields, PodFields } from "./pod-fields.ts";

/** `reason` alone is told of many pods; `detail` names what is wrong in this one. */
export interface Finding {
  readonly reason: string;
  readonly detail: string;
}

/** Undefined when the pod passes. */
export type CheckPod = (pod: PodFields) => Finding | undefined;

export interface Check {
  readonly id: string;
  /** Revisions, oldest first: from which minor version of Kubernetes 1 on, and what is judged then. */
  readonly revisions: readonly { readonly since: number; readonly check: CheckPod }[];
  /** Of the baseline: what this check judges more strictly. */
  readonly overrides?: string;
}

export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

export function quoted(items: readonly string[]): string {
  return `"${items.join('", "')}"`;
}

/** Sorted, each once. */
export function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items)].toSorted();
}

/** `container "a"`, or `containers "a", "b"`. */
export function naming(containers: readonly ContainerFields[]): string {
  return `${plural("container", containers.length)} ${quoted(containers.map(({ name }) => name))}`;
}

export interface Culprits {
  /** Whose security context is to blame, the pod's own first: `pod and container "a"`. */
  readonly text: string;
  readonly contexts: readonly Fields[];
}

/** Security contexts that `test` objects to; undefined when there are none. */
export function culprits(
  { securityContext, containers }: PodFields,
  test: (context: Fields) => boolean,
): Culprits | undefined {
  const isPod = test(securityContext);
  const guilty = containers.filter((one) => test(one.securityContext));
  if (!isPod && guilty.length === 0) return undefined;
  const text = [...(isPod ? ["pod"] : []), ...(guilty.length > 0 ? [naming(guilty)] : [])];
  const contexts = guilty.map((one) => one.securityContext);
  return { text: text.join(" and "), contexts: isPod ? [securityContext, ...contexts] : contexts };
}
