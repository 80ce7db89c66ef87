// What a caller's proxy does with one request: faults, a destination by weight, an endpoint that is well, a place among the
// connections, attempts and their times. Mirrors Envoy's order of filters (fault before router) and its local answers; where and
// how an attempt travels is injected.

import type { Clock, Rng } from "../../core/index.ts";
import type {
  MeshCall,
  MeshDestination,
  MeshRoute,
  MeshTreatment,
  RetryCauses,
} from "../../model/index.ts";
import { chooseByWeight, chooseEndpoint, createLoads, type Loads } from "./choose-endpoint.ts";
import { createEndpointHealth, type EndpointHealth } from "./endpoint-health.ts";
import { createRequestPool, type RequestPool } from "./request-pool.ts";

export interface MeshEndpoint {
  /** The same for as long as the pod lives. */
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface MeshAnswer {
  readonly status: number;
  /** Its last byte was read, or nobody wants it any more. */
  readonly ended?: Promise<void>;
  /** Nobody reads it. */
  discard?(): void;
}

export type Attempted<Answer extends MeshAnswer> =
  | { readonly kind: "answer"; readonly answer: Answer }
  /** Nothing was sent. */
  | { readonly kind: "refused" }
  | { readonly kind: "no-answer" };

export interface OutboundOptions<Endpoint extends MeshEndpoint> {
  readonly clock: Clock;
  readonly rng: Rng;
  /** Asked for every request, so that it is never older than the cluster's own objects. */
  treatment(): MeshTreatment;
  /** Ready ones; undefined: there is no such Service. */
  endpoints(of: MeshDestination): readonly Endpoint[] | undefined;
}

export interface Sending<Endpoint extends MeshEndpoint, Answer extends MeshAnswer> {
  /** `number` counts from 0. */
  attempt(endpoint: Endpoint, number: number, signal: AbortSignal): Promise<Attempted<Answer>>;
  /** A copy whose answer nobody waits for. */
  mirror(endpoint: Endpoint): void;
  /** False: the request may not be sent a second time. */
  readonly repeatable: boolean;
}

export type Outcome<Endpoint extends MeshEndpoint, Answer extends MeshAnswer> = {
  readonly route: string;
  readonly attempts: number;
} & (
  | { readonly kind: "answer"; readonly answer: Answer; readonly endpoint: Endpoint }
  /** Of the proxy itself; `flag` as Envoy's access log has it. */
  | { readonly kind: "local"; readonly status: number; readonly flag: string }
);

export interface OutboundProxy<Endpoint extends MeshEndpoint, Answer extends MeshAnswer> {
  send(call: MeshCall, sending: Sending<Endpoint, Answer>): Promise<Outcome<Endpoint, Answer>>;
}

/** Of one caller: what it remembers of endpoints and connections is its own. */
export function createOutboundProxy<Endpoint extends MeshEndpoint, Answer extends MeshAnswer>(
  options: OutboundOptions<Endpoint>,
): OutboundProxy<Endpoint, Answer> {
  const state: ProxyState = {
    health: createEndpointHealth(options.clock),
    pools: new Map(),
    loads: createLoads(),
  };
  return {
    async send(call, sending) {
      const route = options.treatment().route(call);
      if (route.kind === "none")
        return { kind: "local", status: 404, flag: "NR", route: "none", attempts: 0 };
      return forward(route, sending, options, state);
    },
  };
}

interface ProxyState {
  readonly health: EndpointHealth;
  readonly pools: Map<string, RequestPool>;
  readonly loads: Loads;
}

type Forward = Extract<MeshRoute, { kind: "forward" }>;

async function forward<E extends MeshEndpoint, A extends MeshAnswer>(
  route: Forward,
  sending: Sending<E, A>,
  options: OutboundOptions<E>,
  state: ProxyState,
): Promise<Outcome<E, A>> {
  const { clock, rng } = options;
  const about = { route: route.name };
  const { delay, abort } = route.faults ?? {};
  if (delay !== undefined && isDrawn(rng, delay.percent)) await clock.sleep(delay.ms);
  if (abort !== undefined && isDrawn(rng, abort.percent))
    return { ...about, kind: "local", status: abort.status, flag: "FI", attempts: 0 };
  for (const mirror of route.mirrors) {
    const [endpoint] = isDrawn(rng, mirror.percent) ? endpointsOf(mirror, options) : [];
    if (endpoint !== undefined) sending.mirror(endpoint);
  }
  const destination = chooseByWeight(route.destinations, rng);
  if (destination === undefined)
    return { ...about, kind: "local", status: 503, flag: "NC", attempts: 0 };
  const ended = new AbortController();
  const timer =
    route.timeoutMs === undefined
      ? undefined
      : clock.setTimer(route.timeoutMs, () => ended.abort("timeout"));
  try {
    return {
      ...about,
      ...(await tryOften(route, destination, { sending, options, state, ended })),
    };
  } finally {
    timer?.cancel();
  }
}

const isDrawn = (rng: Rng, percent: number): boolean =>
  percent >= 100 || (percent > 0 && rng.next() * 100 < percent);

function endpointsOf<E extends MeshEndpoint>(
  of: MeshDestination,
  { endpoints }: Pick<OutboundOptions<E>, "endpoints">,
): readonly E[] {
  if (!of.exists) return [];
  const { labels } = of;
  const found = endpoints(of) ?? [];
  if (labels === undefined) return found;
  return found.filter((one) =>
    Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
}

interface Trying<E extends MeshEndpoint, A extends MeshAnswer> {
  readonly sending: Sending<E, A>;
  readonly options: OutboundOptions<E>;
  readonly state: ProxyState;
  /** The time for the whole request is over. */
  readonly ended: AbortController;
}

type Tried<E extends MeshEndpoint, A extends MeshAnswer> = { readonly attempts: number } & (
  | { readonly kind: "answer"; readonly answer: A; readonly endpoint: E }
  | { readonly kind: "local"; readonly status: number; readonly flag: string }
);

/** Envoy's ceiling of the back-off is ten times its base. */
const BACK_OFF_GROWTH_MAX = 10;

async function tryOften<E extends MeshEndpoint, A extends MeshAnswer>(
  { retries }: Forward,
  destination: MeshDestination,
  trying: Trying<E, A>,
): Promise<Tried<E, A>> {
  const { sending, options, ended } = trying;
  const limit = retries !== undefined && sending.repeatable ? retries.attempts : 0;
  const asked: string[] = [];
  for (let number = 0; ; number += 1) {
    const attempt = tryOnce(destination, number, asked, retries?.attemptTimeoutMs, trying);
    const tried = await untilEnded(attempt, ended.signal);
    const attempts = number + 1;
    if (tried === "timeout") {
      void attempt.then((late) => late.kind === "answer" && late.answer.discard?.());
      return { kind: "local", status: 504, flag: "UT", attempts };
    }
    if (number >= limit || retries === undefined || !isCause(retries.on, tried))
      return tried.kind === "failed" ? localAnswer(tried.how, attempts) : { ...tried, attempts };
    if (tried.kind === "answer") tried.answer.discard?.();
    const { backOffMs = 0 } = retries;
    const bound = backOffMs * Math.min(2 ** attempts - 1, BACK_OFF_GROWTH_MAX);
    if (bound > 0) await options.clock.sleep(Math.ceil(options.rng.next() * bound));
  }
}

type Once<E extends MeshEndpoint, A extends MeshAnswer> =
  | { readonly kind: "answer"; readonly answer: A; readonly endpoint: E }
  | { readonly kind: "failed"; readonly how: Failure };

type Failure = "refused" | "no-answer" | "attempt-timeout" | "overflow" | "nobody";

const LOCAL: Readonly<Record<Failure, readonly [status: number, flag: string]>> = {
  refused: [503, "UF"],
  "no-answer": [503, "UC"],
  "attempt-timeout": [504, "UT"],
  overflow: [503, "UO"],
  nobody: [503, "UH"],
};

function localAnswer(how: Failure, attempts: number) {
  const [status, flag] = LOCAL[how];
  return { kind: "local", status, flag, attempts } as const;
}

function isCause(on: RetryCauses, tried: Once<MeshEndpoint, MeshAnswer>): boolean {
  if (tried.kind === "answer")
    return on.statuses.some(
      ({ min, max }) => tried.answer.status >= min && tried.answer.status <= max,
    );
  // An overflow says that there is too much already.
  if (tried.how === "overflow" || tried.how === "nobody") return false;
  return tried.how === "refused" ? on.refused : on.noAnswer;
}

async function tryOnce<E extends MeshEndpoint, A extends MeshAnswer>(
  destination: MeshDestination,
  number: number,
  asked: string[],
  attemptTimeoutMs: number | undefined,
  { sending, options, state, ended }: Trying<E, A>,
): Promise<Once<E, A>> {
  const balancing = options.treatment().balancing(destination);
  const { outliers: rule } = balancing;
  const all = endpointsOf(destination, options);
  const usable = state.health.usable(all, rule);
  const key = keyOf(destination);
  const endpoint = chooseEndpoint(usable, { by: balancing.by, key, asked, ...state, ...options });
  if (endpoint === undefined) return { kind: "failed", how: "nobody" };
  const release = await poolOf(state, key).enter(balancing);
  if (release === undefined) return { kind: "failed", how: "overflow" };
  if (ended.signal.aborted) {
    // Its time went by while it waited.
    release();
    return { kind: "failed", how: "attempt-timeout" };
  }
  asked.push(endpoint.id);
  const done = state.loads.begin(endpoint.id);
  const finish = (): void => {
    release();
    done();
  };
  const own = new AbortController();
  const abort = (): void => own.abort();
  ended.signal.addEventListener("abort", abort, { once: true });
  const timer =
    attemptTimeoutMs === undefined
      ? undefined
      : options.clock.setTimer(attemptTimeoutMs, () => own.abort("attempt"));
  const attempt = sending.attempt(endpoint, number, own.signal);
  const attempted = await untilEnded(attempt, own.signal);
  timer?.cancel();
  ended.signal.removeEventListener("abort", abort);
  const failed = attempted === "timeout" || attempted.kind !== "answer";
  const outcome = failed || attempted.answer.status >= 500 ? "failure" : "success";
  state.health.record(endpoint.id, outcome, { rule, endpoints: all.map(({ id }) => id) });
  if (attempted === "timeout") {
    finish();
    void attempt.then((late) => late.kind === "answer" && late.answer.discard?.());
    return { kind: "failed", how: "attempt-timeout" };
  }
  if (attempted.kind !== "answer") {
    finish();
    return { kind: "failed", how: attempted.kind };
  }
  if (attempted.answer.ended === undefined) finish();
  else void attempted.answer.ended.then(finish, finish);
  return { kind: "answer", answer: attempted.answer, endpoint };
}

function keyOf({ namespace, service, port, subset = "" }: MeshDestination): string {
  return `${namespace}/${service}:${port}/${subset}`;
}

function poolOf({ pools }: ProxyState, key: string): RequestPool {
  const known = pools.get(key) ?? createRequestPool();
  pools.set(key, known);
  return known;
}

/** The promise, or that its time is over. */
function untilEnded<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | "timeout"> {
  if (signal.aborted) return Promise.resolve("timeout");
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve("timeout");
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
