// What an AnalysisRun asks, how often, and what its answers amount to. Mirrors analysis/analysis.go and
// metricproviders/webmetric of argo-rollouts v1.9.1; `web` without conditions is measured, everything else is an error
// that says so.

import { formatInstant, parseDuration } from "../../../../core/index.ts";
import type { KubernetesObject } from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";

export type Phase = "Running" | "Successful" | "Failed" | "Inconclusive" | "Error";

export interface Metric {
  readonly name: string;
  readonly interval?: string;
  readonly count?: number | string;
  readonly inconclusiveLimit?: number | string;
  readonly consecutiveErrorLimit?: number | string;
  readonly successCondition?: string;
  readonly failureCondition?: string;
  readonly provider: {
    readonly web?: { readonly url: string; readonly timeoutSeconds?: number };
  };
}

export interface Measurement {
  readonly phase: Phase;
  readonly message?: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

export interface MetricResult {
  readonly name: string;
  readonly phase: Phase;
  readonly message?: string;
  readonly count?: number;
  readonly successful?: number;
  readonly inconclusive?: number;
  readonly error?: number;
  readonly consecutiveError?: number;
  readonly measurements: readonly Measurement[];
}

export interface AnalysisRun extends KubernetesObject {
  readonly spec: { readonly metrics: readonly Metric[]; readonly terminate?: boolean };
  readonly status?: {
    readonly phase?: Phase;
    readonly message?: string;
    readonly startedAt?: string;
    readonly metricResults?: readonly MetricResult[];
  };
}

/** analysis.DefaultErrorRetryInterval, whatever the metric's own interval is. */
const ERROR_RETRY_MS = 10_000;
/** analysis.DefaultConsecutiveErrorLimit and DefaultMeasurementHistoryLimit. */
const CONSECUTIVE_ERRORS = 4;
const KEPT_MEASUREMENTS = 10;
const WEB_TIMEOUT_SECONDS = 10;

/** When the metric is to be measured next; infinite where it never is. */
export function dueAt(metric: Metric, result: MetricResult | undefined): number {
  const last = result?.measurements.at(-1);
  if (result === undefined || last === undefined) return 0;
  if (result.phase !== "Running") return Infinity;
  const interval = parseDuration(metric.interval ?? "") ?? ERROR_RETRY_MS;
  return Date.parse(last.finishedAt) + (last.phase === "Error" ? ERROR_RETRY_MS : interval);
}

export async function measure(
  { provider, ...metric }: Metric,
  { clock, request }: Pick<BehaviourContext, "clock" | "request">,
): Promise<Measurement> {
  const startedAt = formatInstant(clock.now());
  const done = (phase: Phase, message?: string): Measurement => ({
    phase,
    ...(message === undefined ? {} : { message }),
    startedAt,
    finishedAt: formatInstant(clock.now()),
  });
  const { web } = provider;
  if (web === undefined)
    return done("Error", `provider ${Object.keys(provider).join(", ")} is not simulated`);
  if (metric.successCondition !== undefined || metric.failureCondition !== undefined)
    return done("Error", "conditions on answers are not simulated");
  if (request === undefined) return done("Inconclusive", `nothing serves ${web.url} here`);
  try {
    const timeoutMs = (web.timeoutSeconds ?? WEB_TIMEOUT_SECONDS) * 1000;
    const answer = await request(web.url, { timeoutMs });
    if (answer === undefined)
      return done("Inconclusive", `${web.url} is simulated: its answers say nothing of a version`);
    const isGood = answer.status >= 200 && answer.status < 300;
    if (isGood) return done("Successful");
    return done("Error", `received non 2xx response code: ${answer.status}`);
  } catch (error) {
    return done("Error", error instanceof Error ? error.message : String(error));
  }
}

export function added(
  metric: Metric,
  before: MetricResult | undefined,
  measurement: Measurement,
): MetricResult {
  const {
    count = 0,
    successful = 0,
    inconclusive = 0,
    error = 0,
    consecutiveError = 0,
  } = before ?? {};
  const is = (phase: Phase): number => (measurement.phase === phase ? 1 : 0);
  const counted = {
    count: count + 1 - is("Error"),
    successful: successful + is("Successful"),
    inconclusive: inconclusive + is("Inconclusive"),
    error: error + is("Error"),
    consecutiveError: measurement.phase === "Error" ? consecutiveError + 1 : 0,
  };
  return {
    name: metric.name,
    ...counted,
    phase: phaseOf(metric, counted)[0],
    ...(measurement.message === undefined ? {} : { message: measurement.message }),
    measurements: [...(before?.measurements ?? []), measurement].slice(-KEPT_MEASUREMENTS),
  };
}

type Counts = Pick<MetricResult, "count" | "inconclusive" | "consecutiveError">;

function phaseOf(metric: Metric, counts: Counts): readonly [Phase, string?] {
  const { count = 0, inconclusive = 0, consecutiveError: errors = 0 } = counts;
  const errorLimit = Number(metric.consecutiveErrorLimit ?? CONSECUTIVE_ERRORS);
  const limit = Number(metric.inconclusiveLimit ?? 0);
  if (errors > errorLimit)
    return ["Error", `consecutiveErrors (${errors}) > consecutiveErrorLimit (${errorLimit})`];
  if (inconclusive > limit)
    return ["Inconclusive", `inconclusive (${inconclusive}) > inconclusiveLimit (${limit})`];
  const wanted = metric.count ?? (metric.interval === undefined ? 1 : undefined);
  return [wanted !== undefined && count >= Number(wanted) ? "Successful" : "Running"];
}

const WORST: readonly Phase[] = ["Error", "Failed", "Inconclusive", "Successful"];

/** A run that was told to end is judged by what it has seen; any other one when every metric is. */
export function outcome(
  { metrics, terminate = false }: AnalysisRun["spec"],
  results: readonly MetricResult[],
): { readonly phase: Phase; readonly message: string } {
  const isOpen = metrics.some(
    ({ name }) => (results.find((one) => one.name === name)?.phase ?? "Running") === "Running",
  );
  const phase = WORST.find((one) => results.some((result) => result.phase === one));
  const isBad = phase !== undefined && phase !== "Successful";
  if (isOpen && !terminate && !isBad) return { phase: "Running", message: "" };
  const worst = isBad ? results.find((result) => result.phase === phase) : undefined;
  if (worst === undefined)
    return { phase: phase ?? "Successful", message: terminate ? "Run Terminated" : "" };
  const metric = metrics.find(({ name }) => name === worst.name);
  const [, why = ""] = metric === undefined ? [] : phaseOf(metric, worst);
  const said = worst.message === undefined ? "" : `: "Error Message: ${worst.message}"`;
  return {
    phase: worst.phase,
    message: `Metric "${worst.name}" assessed ${worst.phase} due to ${why}${said}`,
  };
}
