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
  const { keepAlive = false } = options;
  const setTimer = (delayMs: number, callback: () => void): Timer =>
    new RealTimer(Math.max(0, delayMs), callback, keepAlive);
  return {
    now: () => Date.now(),
    setTimer,
    sleep: (delayMs) => new Promise((resolve) => void setTimer(delayMs, resolve)),
    defer: (callback) => void setImmediate(callback),
  };
}

/** A class, because there is one for every open watch and every pod that waits. */
class RealTimer implements Timer {
  #handle: NodeJS.Timeout;

  constructor(delayMs: number, callback: () => void, keepAlive: boolean) {
    this.#handle = this.#arm(delayMs, callback, keepAlive);
  }

  #arm(leftMs: number, callback: () => void, keepAlive: boolean): NodeJS.Timeout {
    const next =
      leftMs > TIMEOUT_MAX_MS ? () => this.#armAgain(leftMs, callback, keepAlive) : callback;
    const handle = setTimeout(next, Math.min(leftMs, TIMEOUT_MAX_MS));
    return keepAlive ? handle : handle.unref();
  }

  #armAgain(leftMs: number, callback: () => void, keepAlive: boolean): void {
    this.#handle = this.#arm(leftMs - TIMEOUT_MAX_MS, callback, keepAlive);
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}
