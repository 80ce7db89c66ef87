// Attempts to pull an image that cannot be had: at once, then after 10 s, 20 s … 300 s. Pure. Mirrors
// pkg/kubelet/images/image_manager.go, whose container says ErrImagePull after an attempt and ImagePullBackOff until the next.

import type { StageEvent } from "./stage-events.ts";

export interface PullAttempt {
  /** Counted from 0. */
  readonly attempt: number;
  readonly reason: "ErrImagePull" | "ImagePullBackOff";
  /** When something else is to be said. */
  readonly nextMs: number;
}

const FIRST_MS = 10_000;
const MAX_MS = 300_000;
/** Until the pod is looked at again after a failure. */
const ERROR_SHOWN_MS = 2_000;

/** Where the attempts stand, that long after the first. */
export function pullAttempt(elapsedMs: number): PullAttempt {
  let begun = 0;
  for (let attempt = 0; ; attempt += 1) {
    const waitMs = Math.min(FIRST_MS * 2 ** Math.min(attempt, 16), MAX_MS);
    const since = elapsedMs - begun;
    if (since < ERROR_SHOWN_MS) {
      return { attempt, reason: "ErrImagePull", nextMs: ERROR_SHOWN_MS - since };
    }
    if (since < waitMs) return { attempt, reason: "ImagePullBackOff", nextMs: waitMs - since };
    begun += waitMs;
  }
}

/** When the attempt that finds the image again takes place, for an image that is missing that long. */
export function pullSucceedsAfter(failsForMs: number): number {
  if (!Number.isFinite(failsForMs)) return failsForMs;
  let begun = 0;
  for (let waitMs = FIRST_MS; begun < failsForMs; waitMs = Math.min(waitMs * 2, MAX_MS))
    begun += waitMs;
  return begun;
}

const WHY = "simulated: the image cannot be pulled";

export function pullMessage(image: string, reason: PullAttempt["reason"]): string {
  return reason === "ErrImagePull"
    ? WHY
    : `Back-off pulling image "${image}": ErrImagePull: ${WHY}`;
}

export function pullEvents(image: string, reason: PullAttempt["reason"]): readonly StageEvent[] {
  const error = { type: "Warning", reason: "Failed", message: `Error: ${reason}` } as const;
  if (reason === "ImagePullBackOff") {
    return [{ reason: "BackOff", message: `Back-off pulling image "${image}"` }, error];
  }
  const failed = `Failed to pull image "${image}": ${WHY}`;
  return [
    { reason: "Pulling", message: `Pulling image "${image}"` },
    { type: "Warning", reason: "Failed", message: failed },
    error,
  ];
}
