// The one source of time. Nothing else in `src/` may call Date.now, setTimeout or setInterval.

/** Milliseconds since the Unix epoch. */
export type InstantMs = number;

/** A pending timer; cancelling twice is harmless. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  now(): InstantMs;
  /** Calls back once after `delayMs`; never synchronously. */
  setTimer(delayMs: number, callback: () => void): Timer;
  sleep(delayMs: number): Promise<void>;
  /** Runs after everything already queued, without time passing. */
  defer(callback: () => void): void;
}

/** RFC 3339 with whole seconds, the form of Kubernetes' `metav1.Time`. */
export function formatInstant(instant: InstantMs): string {
  const second = Math.floor(instant / 1000);
  if (second !== formatted.second) {
    formatted = { second, text: `${new Date(second * 1000).toISOString().slice(0, -5)}Z` };
  }
  return formatted.text;
}

/** The second asked for last: thousands of objects are written within one. */
let formatted = { second: 0, text: "1970-01-01T00:00:00Z" };

/** The system's timers run at once when asked to wait longer. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1;

/** Wall-clock time; timers do not keep the process alive unless `keepAlive` is set. */
export function createRealClock(options: { readonly keepAlive?: boolean } = {}): Clock {
  const setTimer = (delayMs: number, callback: () => void): Timer => {
    let handle: NodeJS.Timeout | undefined;
    const arm = (leftMs: number): void => {
      const next = leftMs > TIMEOUT_MAX_MS ? () => arm(leftMs - TIMEOUT_MAX_MS) : callback;
      handle = setTimeout(next, Math.min(leftMs, TIMEOUT_MAX_MS));
      if (!options.keepAlive) handle.unref();
    };
    arm(Math.max(0, delayMs));
    return { cancel: () => clearTimeout(handle) };
  };
  return {
    now: () => Date.now(),
    setTimer,
    sleep: (delayMs) => new Promise((resolve) => void setTimer(delayMs, resolve)),
    defer: (callback) => void setImmediate(callback),
  };
}
