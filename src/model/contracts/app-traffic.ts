// How requests to an app are treated on the way, by whatever mesh there is.

/** Only what was asked for; `to` names apps of the plan. */
export interface PlannedTraffic {
  /** Until the whole answer is there. */
  readonly timeoutMs?: number;
  readonly retries?: PlannedRetries;
  readonly circuitBreaker?: PlannedCircuitBreaker;
  /** The first that matches; all others by share, and the rest to the app itself. */
  readonly routes: readonly PlannedTrafficRoute[];
  readonly mirror?: { readonly to: string; readonly percent: number };
  /** Of each replica. */
  readonly rateLimit?: { readonly perSecond: number };
  readonly faults?: PlannedFaults;
}

export interface PlannedRetries {
  /** After the first. */
  readonly attempts: number;
  readonly attemptTimeoutMs?: number;
}

export interface PlannedCircuitBreaker {
  /** Failed answers (5xx, refused connections) in a row after which a pod is left out. */
  readonly failures: number;
  /** The first time; longer each time after. */
  readonly ejectMs: number;
  readonly ejectedPercentMax: number;
  /** Open at once to the app, and waiting for one: more are refused with 503. */
  readonly connectionsMax?: number;
  readonly pendingMax?: number;
}

export interface PlannedTrafficRoute {
  readonly to: string;
  // Exact values, names in lower case; empty: any request.
  readonly headers: Readonly<Record<string, string>>;
  readonly percent: number;
}

export interface PlannedFaults {
  readonly delay?: { readonly percent: number; readonly ms: number };
  readonly abort?: { readonly percent: number; readonly status: number };
  // When somebody is to take them out again; nothing does that by itself.
  readonly until?: string;
}
