// Fields of VirtualServices, DestinationRules and EnvoyFilters as numbers and names. Defaults and meaning: istio/api
// networking/v1; istio/istio pilot/pkg/networking/core/route/retry/retry.go (503 is left out of the default since 1.24:
// EXCLUDE_UNSAFE_503_FROM_DEFAULT_RETRY) and cluster_traffic_policy.go (applyOutlierDetection sets nothing that is not given);
// Envoy's x-envoy-retry-on and config.cluster.v3.OutlierDetection (go-control-plane/envoy v1.40.0).

import { isRecord, parseDuration } from "../../../core/index.ts";
import type { OutlierRule, RetryCauses } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";

export function recordAt(value: unknown, key: string): Fields {
  const found = isRecord(value) ? value[key] : undefined;
  return isRecord(found) ? found : {};
}

export function textAt(value: unknown, key: string): string | undefined {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: unknown, key: string): number | undefined {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === "number" ? found : undefined;
}

export function millisecondsAt(value: unknown, key: string): number | undefined {
  const text = textAt(value, key);
  return text === undefined ? undefined : parseDuration(text);
}

/** Absent: every request. */
export function percentAt(value: unknown, key: string): number {
  return numberAt(recordAt(value, key), "value") ?? 100;
}

/** Own namespace for a bare name. */
export function serviceOf(
  host: string,
  namespace: string,
): { readonly service: string; readonly namespace: string } {
  const [service = "", given = namespace] = host.split(".");
  return { service, namespace: given };
}

/** `exact`, `prefix` or `regex`, which has to match the whole. */
export function matchesText(pattern: unknown, value: string | undefined): boolean {
  if (value === undefined) return false;
  const [exact, prefix, regex] = ["exact", "prefix", "regex"].map((key) => textAt(pattern, key));
  if (exact !== undefined) return value === exact;
  if (prefix !== undefined) return value.startsWith(prefix);
  // An empty pattern asks only that the field is there.
  return regex === undefined || new RegExp(`^(?:${regex})$`).test(value);
}

const DEFAULT_RETRY_ON = "connect-failure,refused-stream,unavailable,cancelled";
/** Envoy's router: upstream.base_retry_backoff_ms, and ten times that at most. */
const BACK_OFF_MS = 25;
const ATTEMPTS = 2;

/** Requests are tried again even where nobody asked for it; `attempts: 0` switches that off. */
export function retriesOf(entry: Fields) {
  const given = entry["retries"];
  const attempts = numberAt(given, "attempts") ?? (given === undefined ? ATTEMPTS : 0);
  if (attempts <= 0) return {};
  const attemptTimeoutMs = millisecondsAt(given, "perTryTimeout");
  return {
    retries: {
      attempts,
      on: causesOf(textAt(given, "retryOn") ?? DEFAULT_RETRY_ON),
      backOffMs: millisecondsAt(given, "backoff") ?? BACK_OFF_MS,
      ...(attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs }),
    },
  };
}

function causesOf(text: string): RetryCauses {
  const words = text.split(",").map((word) => word.trim());
  const has = (...names: readonly string[]): boolean => names.some((name) => words.includes(name));
  const statuses = words
    .filter((word) => /^\d{3}$/.test(word))
    .map((word) => ({ min: Number(word), max: Number(word) }));
  return {
    refused: has("connect-failure", "refused-stream", "5xx", "gateway-error", "reset"),
    noAnswer: has("5xx", "gateway-error", "reset"),
    statuses: [
      ...(has("5xx") ? [{ min: 500, max: 599 }] : []),
      ...(has("gateway-error") ? [{ min: 502, max: 504 }] : []),
      ...(has("retriable-4xx") ? [{ min: 409, max: 409 }] : []),
      ...statuses,
    ],
  };
}

/** Envoy's own figures where the rule has none: max_ejection_time is five minutes, or the base time where that is longer. */
export function outliersOf(policy: Fields): { readonly outliers?: OutlierRule } {
  const given = policy["outlierDetection"];
  if (!isRecord(given)) return {};
  const failures = numberAt(given, "consecutive5xxErrors") ?? 5;
  if (failures <= 0) return {};
  return {
    outliers: {
      failures,
      ejectMs: millisecondsAt(given, "baseEjectionTime") ?? 30_000,
      ejectMsMax: 300_000,
      growth: "linear",
      ejectedPercentMax: numberAt(given, "maxEjectionPercent") ?? 10,
      sweepMs: millisecondsAt(given, "interval") ?? 10_000,
      probation: false,
    },
  };
}
