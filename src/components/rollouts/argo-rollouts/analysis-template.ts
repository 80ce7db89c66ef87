// What the new version of an app is judged by: its own answers to a path, or what Prometheus knows of them under the names
// of OpenTelemetry's semantic conventions for HTTP servers. Fields: argo-rollouts docs/features/analysis.md v1.9.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedAnalysis, PlannedCluster } from "../../../model/index.ts";
import { systemLabels, type Fields } from "../../manifests/index.ts";
import { seconds } from "./rollout.ts";
import type { Released } from "./released.ts";

const DURATION = "http_server_request_duration_seconds";

export function analysisTemplate(
  { platform, offers }: PlannedCluster,
  { app, release, candidate }: Released,
): KubernetesObject | undefined {
  const { analysis } = release;
  if (analysis === undefined) return undefined;
  const { name, namespace } = app;
  const url = `http://${candidate}.${namespace}.svc.cluster.local`;
  const prometheus = offers.find(({ capability }) => capability === "metricsQuery")?.url;
  const rules = rulesOf(analysis, release.kind === "blue-green");
  const pods = `namespace="${namespace}",pod=~"${name}-{{args.hash}}-.+"`;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AnalysisTemplate",
    metadata: { name, namespace, labels: systemLabels(platform, name, "analysis") },
    spec: {
      args: [{ name: "hash" }],
      metrics: [
        ...(analysis.path === undefined ? [] : [answers(`${url}${analysis.path}`, rules)]),
        ...(prometheus === undefined ? [] : queried(analysis, prometheus, pods, rules)),
      ],
    },
  };
}

/** A canary is measured until it is done; a switch waits for a number of measurements. */
function rulesOf({ intervalMs, failures, count }: PlannedAnalysis, counted: boolean): Fields {
  return {
    interval: `${seconds(intervalMs)}s`,
    ...(counted ? { count } : {}),
    failureLimit: failures,
    // Answers other than 2xx, and questions nobody answers, count as errors.
    consecutiveErrorLimit: failures,
  };
}

function answers(url: string, rules: Fields): Fields {
  return { name: "answers", ...rules, provider: { web: { url, timeoutSeconds: 10 } } };
}

function queried(
  { errorRate, latencyMs }: PlannedAnalysis,
  address: string,
  pods: string,
  rules: Fields,
): Fields[] {
  const rate = (metric: string, more = ""): string => `rate(${metric}{${pods}${more}}[2m])`;
  const failed = rate(`${DURATION}_count`, ',http_response_status_code=~"5.."');
  const errors = `100 * (sum(${failed}) or vector(0)) / sum(${rate(`${DURATION}_count`)})`;
  const slowest = `histogram_quantile(0.95, sum by (le) (${rate(`${DURATION}_bucket`)}))`;
  const metric = (name: string, query: string, limit: number): Fields => ({
    name,
    ...rules,
    // Without a request there is nothing to hold against a version.
    successCondition: `len(result) == 0 || isNaN(result[0]) || result[0] <= ${limit}`,
    provider: { prometheus: { address, query } },
  });
  return [
    ...(errorRate === undefined ? [] : [metric("error-rate", errors, errorRate)]),
    ...(latencyMs === undefined ? [] : [metric("latency", slowest, latencyMs / 1000)]),
  ];
}
