// CrashLoopBackOff: how long a container that crashed waits before it is started again. Pure. Mirrors pkg/kubelet/kubelet.go
// and kuberuntime_manager.go (doBackOff).

import type { ContainerState, Pod } from "../../kubernetes/index.ts";

/** 10 s doubling to 300 s, forgotten after twice that (pkg/kubelet/kubelet.go). */
const CRASH_BACKOFF_FIRST_MS = 10_000;
const CRASH_BACKOFF_MAX_MS = 300_000;
export const CRASH_FORGOTTEN_MS = 2 * CRASH_BACKOFF_MAX_MS;

/** The first crash is forgiven. */
export function crashBackoffMs(crashes: number): number {
  if (crashes === 0) return 0;
  return Math.min(CRASH_BACKOFF_FIRST_MS * 2 ** (crashes - 1), CRASH_BACKOFF_MAX_MS);
}

/** The container waits, and says for how long. */
export function crashLoopState(
  { metadata }: Pod,
  container: string,
  backoffMs: number,
): ContainerState {
  const { name, namespace, uid } = metadata;
  const message = `back-off ${formatBackoff(backoffMs)} restarting failed container=${container} pod=${name}_${namespace}(${uid})`;
  return { waiting: { reason: "CrashLoopBackOff", message } };
}

function formatBackoff(backoffMs: number): string {
  const seconds = Math.round(backoffMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
