// Asks a container again and again, and tells when the answer has changed for good. Mirrors pkg/kubelet/prober/worker.go, with
// one difference: until a container first answers it is asked more often, and what fails early does not count, so that a
// process serves as soon as it can.

import type { Clock, InstantMs, Timer } from "../../../../core/index.ts";
import type { Probe } from "../../../../kubernetes/index.ts";
import type { ProbeResult } from "./probe-result.ts";

export interface ProbeOptions {
  readonly clock: Clock;
  readonly probe: Probe;
  /** Liveness has nothing to gain from being asked early. */
  readonly isEager: boolean;
  /** When the container was started, from when the initial delay counts. */
  readonly since: InstantMs;
  ask(timeoutMs: number): Promise<ProbeResult>;
  /** An attempt that counts has failed. */
  onFailed(message: string, isError: boolean): void;
  /** Success or failure often enough in a row; only when it differs from before. */
  onResult(succeeds: boolean): void;
}

const EAGER_MS = 100;

/** Returns what ends it. */
export function watchProbe(options: ProbeOptions): () => void {
  const { clock, probe, ask } = options;
  const periodMs = (probe.periodSeconds ?? 10) * 1000;
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  const initialDelayMs = (probe.initialDelaySeconds ?? 0) * 1000;
  const begunAt = Math.max(clock.now(), options.since + initialDelayMs);
  // Who has only just been started is not told to be ill.
  let counted = initialDelayMs > 0 ? 0 : 1;
  let streak = 0;
  let last: boolean | undefined;
  let result: boolean | undefined;
  let stopped = false;
  let timer: Timer | undefined;

  const count = (succeeds: boolean): void => {
    streak = last === succeeds ? streak + 1 : 1;
    last = succeeds;
    const needed = succeeds ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    if (streak < needed || result === succeeds) return;
    result = succeeds;
    options.onResult(succeeds);
  };
  const attempt = async (): Promise<void> => {
    // Times are kept by the schedule, not by how long an answer takes.
    const dueAt = begunAt + counted * periodMs;
    const isDue = clock.now() >= dueAt;
    if (isDue) counted = Math.floor((clock.now() - begunAt) / periodMs) + 1;
    const answer = await ask(timeoutMs);
    if (stopped) return;
    if (answer.outcome === "success") count(true);
    else if (isDue) {
      options.onFailed(answer.message, answer.outcome === "error");
      count(false);
    }
    if (!stopped) schedule(EAGER_MS);
  };
  const schedule = (eagerMs: number): void => {
    const waitMs = begunAt + counted * periodMs - clock.now();
    const isEager = options.isEager && result === undefined;
    const delayMs = Math.max(0, isEager ? Math.min(waitMs, eagerMs) : waitMs);
    timer = clock.setTimer(delayMs, () => void attempt());
  };
  schedule(begunAt - clock.now());
  return () => {
    stopped = true;
    timer?.cancel();
  };
}
