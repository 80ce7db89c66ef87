// Measures AnalysisRuns until they are decided. Mirrors analysis/controller.go of argo-rollouts v1.9.1.

import { formatInstant } from "../../../../core/index.ts";
import type { ControllerFactory, KubernetesObject } from "../../../../kubernetes/index.ts";
import type { BehaviourContext } from "../../../../model/index.ts";
import {
  added,
  dueAt,
  measure,
  outcome,
  type AnalysisRun,
  type MetricResult,
} from "./analysis-run.ts";

export const ANALYSIS_RUN = { apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun" } as const;

export const analysisRunController =
  ({ request }: Pick<BehaviourContext, "request">): ControllerFactory =>
  ({ api, clock, informer }) => {
    const runs = informer(ANALYSIS_RUN);
    return {
      name: "argo-rollouts-analysis",
      setup(enqueue) {
        runs.onChange(
          (current) => current && enqueue(`${current.metadata.namespace}/${current.metadata.name}`),
        );
      },
      async reconcile(key) {
        const [namespace = "", name = ""] = key.split("/");
        const run = runs.get(name, namespace) as AnalysisRun | undefined;
        if (run === undefined || run.metadata.deletionTimestamp !== undefined) return;
        const { spec, status = {} } = run;
        if (status.phase !== undefined && status.phase !== "Running") return;
        const results = new Map((status.metricResults ?? []).map((one) => [one.name, one]));
        let measured = 0;
        for (const metric of spec.terminate === true ? [] : spec.metrics) {
          const before = results.get(metric.name);
          if (dueAt(metric, before) > clock.now()) continue;
          measured += 1;
          const measurement = await measure(metric, { clock, ...(request ? { request } : {}) });
          results.set(metric.name, added(metric, before, measurement));
        }
        const metricResults: readonly MetricResult[] = [...results.values()];
        const end = outcome(spec, metricResults);
        if (measured > 0 || end.phase !== status.phase) {
          const startedAt = status.startedAt ?? formatInstant(clock.now());
          const next = { ...status, ...end, startedAt, metricResults };
          // AnalysisRuns have no status subresource.
          await api.update({ ...run, status: next } as KubernetesObject);
        }
        if (end.phase !== "Running") return;
        const due = Math.min(...spec.metrics.map((one) => dueAt(one, results.get(one.name))));
        return Number.isFinite(due)
          ? { requeueAfterMs: Math.max(1, due - clock.now()) }
          : undefined;
      },
    };
  };
