// Cases of kubernetes pkg/controller/podautoscaler/replica_calculator_test.go (v1.36; the older ones unchanged since
// v1.24), transcribed by name. As there: a pod has two containers, each requesting and using what is given; pods are
// ready and old unless said; the initialisation period is 2 min, the initial readiness delay 10 s.

import { describe, expect, test } from "vitest";
import type { Pod } from "../../../kubernetes/index.ts";
import type { PodPeriods } from "./group-pods.ts";
import type { PodMetrics } from "./pod-metric.ts";
import {
  replicasForAverage,
  replicasForShare,
  replicasForUtilization,
  replicasForValue,
} from "./replica-calculator.ts";
import type { Target } from "./replica-calculator.ts";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const PERIODS: PodPeriods = { cpuInitializationMs: 120_000, initialReadinessDelayMs: 10_000 };
const TOLERANCES = { scaleUp: 0.1, scaleDown: 0.1 };
const CONTAINERS = ["container1", "container2"];

/** R: ready, U: not ready, F: failed, P: pending, D: being deleted; a small letter: still starting up. */
type PodLetters = string;

const at = (instant: number): string => new Date(instant).toISOString();

function pods(letters: PodLetters, requests: readonly (number | undefined)[] = []): readonly Pod[] {
  return Array.from(letters).map((letter, index) => {
    const kind = letter.toUpperCase();
    const startedAt = letter === kind ? NOW - 3 * 60_000 : NOW;
    const phase = kind === "F" ? "Failed" : kind === "P" ? "Pending" : "Running";
    const request = requests[index];
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `pod-${index}`, ...(kind === "D" ? { deletionTimestamp: at(NOW) } : {}) },
      spec: {
        containers: CONTAINERS.map((name) => ({
          name,
          ...(request === undefined ? {} : { resources: { requests: { cpu: `${request}m` } } }),
        })),
      },
      status: {
        phase,
        startTime: at(startedAt),
        conditions: [
          {
            type: "Ready",
            status: kind === "R" ? "True" : "False",
            lastTransitionTime: at(startedAt),
          },
        ],
      },
    };
  });
}

function metricsOf(values: readonly number[], first = 0): PodMetrics {
  return new Map(
    values.map((value, index) => [
      `pod-${first + index}`,
      { value, timestamp: NOW, windowMs: 60_000 },
    ]),
  );
}

function target(letters: PodLetters, currentReplicas: number, over: Partial<Target> = {}): Target {
  const base = { tolerances: TOLERANCES, now: NOW, periods: PERIODS, resource: "cpu" };
  return { ...base, pods: pods(letters), currentReplicas, ...over };
}

const ONE_EACH = (count: number): readonly number[] => Array.from({ length: count }, () => 1000);

interface UtilizationCase {
  readonly name: string;
  readonly pods: PodLetters;
  readonly current: number;
  readonly requests?: readonly number[];
  /** Of one container. */
  readonly levels: readonly number[];
  readonly wanted: number;
  readonly replicas: number;
  readonly utilization: number;
  /** Of one container; left out where two of them do not add up to an even number. */
  readonly usage?: number;
}

// prettier-ignore
const UTILIZATION: readonly UtilizationCase[] = [
  { name: "ScaleUp", pods: "RRR", current: 3, levels: [300, 500, 700], wanted: 30, replicas: 5, utilization: 50, usage: 500 },
  { name: "ScaleUpUnreadyLessScale", pods: "URR", current: 3, levels: [300, 500, 700], wanted: 30, replicas: 4, utilization: 60, usage: 600 },
  { name: "ScaleUpHotCpuLessScale", pods: "rRR", current: 3, levels: [300, 500, 700], wanted: 30, replicas: 4, utilization: 60, usage: 600 },
  { name: "ScaleUpUnreadyNoScale", pods: "RUU", current: 3, levels: [400, 500, 700], wanted: 30, replicas: 3, utilization: 40, usage: 400 },
  { name: "ScaleHotCpuNoScale", pods: "Ruu", current: 3, levels: [400, 500, 700], wanted: 30, replicas: 3, utilization: 40, usage: 400 },
  { name: "ScaleUpIgnoresFailedPods", pods: "RRFF", current: 2, levels: [500, 700], wanted: 30, replicas: 4, utilization: 60, usage: 600 },
  { name: "ScaleUpIgnoresDeletionPods", pods: "RRDD", current: 2, levels: [500, 700], wanted: 30, replicas: 4, utilization: 60, usage: 600 },
  { name: "ScaleDown", pods: "RRRRR", current: 5, levels: [100, 300, 500, 250, 250], wanted: 50, replicas: 3, utilization: 28, usage: 280 },
  { name: "ScaleDownIncludeUnreadyPods", pods: "RRRUU", current: 5, levels: [100, 300, 500, 250, 250], wanted: 50, replicas: 2, utilization: 30, usage: 300 },
  { name: "ScaleDownExcludeUnscheduledPods", pods: "RPPPP", current: 5, levels: [100], wanted: 50, replicas: 1, utilization: 10, usage: 100 },
  { name: "ScaleDownIgnoreHotCpuPods", pods: "RRRrr", current: 5, levels: [100, 300, 500, 250, 250], wanted: 50, replicas: 2, utilization: 30, usage: 300 },
  { name: "ScaleDownIgnoresFailedPods", pods: "RRRRRFF", current: 5, levels: [100, 300, 500, 250, 250], wanted: 50, replicas: 3, utilization: 28, usage: 280 },
  { name: "ScaleDownIgnoresDeletionPods", pods: "RRRRRDD", current: 5, levels: [100, 300, 500, 250, 250], wanted: 50, replicas: 3, utilization: 28, usage: 280 },
  { name: "Tolerance", pods: "RRR", current: 3, requests: [900, 1000, 1100], levels: [1010, 1030, 1020], wanted: 100, replicas: 3, utilization: 102, usage: 1020 },
  { name: "SuperfluousMetrics", pods: "RRRR", current: 4, levels: [4000, 9500, 3000, 7000, 3200, 2000], wanted: 100, replicas: 24, utilization: 587, usage: 5875 },
  { name: "MissingMetrics", pods: "RRRR", current: 4, levels: [400, 95], wanted: 100, replicas: 3, utilization: 24 },
  { name: "MissingMetricsNoChangeEq", pods: "RR", current: 2, levels: [1000], wanted: 100, replicas: 2, utilization: 100, usage: 1000 },
  { name: "MissingMetricsNoChangeGt", pods: "RR", current: 2, levels: [1900], wanted: 100, replicas: 2, utilization: 190, usage: 1900 },
  { name: "MissingMetricsNoChangeLt", pods: "RR", current: 2, levels: [600], wanted: 100, replicas: 2, utilization: 60, usage: 600 },
  { name: "MissingMetricsUnreadyChange", pods: "URR", current: 3, levels: [100, 450], wanted: 50, replicas: 3, utilization: 45, usage: 450 },
  { name: "MissingMetricsHotCpuNoChange", pods: "rRR", current: 3, levels: [100, 450], wanted: 50, replicas: 3, utilization: 45, usage: 450 },
  { name: "MissingMetricsUnreadyScaleUp", pods: "URR", current: 3, levels: [100, 2000], wanted: 50, replicas: 4, utilization: 200, usage: 2000 },
  { name: "MissingMetricsHotCpuScaleUp", pods: "uRR", current: 3, levels: [100, 2000], wanted: 50, replicas: 4, utilization: 200, usage: 2000 },
  { name: "MissingMetricsUnreadyScaleDown", pods: "URRR", current: 4, levels: [100, 100, 100], wanted: 50, replicas: 3, utilization: 10, usage: 100 },
  { name: "DuringRollingUpdateWithMaxSurge", pods: "RRR", current: 2, levels: [100, 100], wanted: 50, replicas: 2, utilization: 10, usage: 100 },
];

describe("a share of what pods request", () => {
  test.each(UTILIZATION)("$name", (row) => {
    const requests = row.requests ?? ONE_EACH(row.pods.length);
    const found = replicasForUtilization(
      target(row.pods, row.current, { pods: pods(row.pods, requests) }),
      metricsOf(row.levels.map((level) => 2 * level)),
      { utilization: row.wanted, container: "" },
    );
    expect(found).toMatchObject({ replicas: row.replicas, utilization: row.utilization });
    if (row.usage !== undefined) expect(found.usage).toBe(2 * row.usage);
    if (row.name === "MissingMetrics") expect(found.usage).toBe(495);
  });

  test("ComputedToleranceAlgImplementation: just beyond the tolerance, and just within", () => {
    const perPod = 300;
    const offsets = [100, -100, 10, -10, 2, -2, 1, -1, 0, 0];
    const requests = offsets.map((offset) => perPod + offset);
    const reading = (wanted: number) =>
      replicasForUtilization(
        target("RRRRRRRRRR", 10, { pods: pods("RRRRRRRRRR", requests) }),
        metricsOf(offsets.map(() => 300)),
        { utilization: wanted, container: "" },
      );
    expect(reading(56)).toMatchObject({ replicas: 9, utilization: 50, usage: 300 });
    expect(reading(55)).toMatchObject({ replicas: 10 });
  });

  test.each([
    {
      name: "DisjointResourcesMetrics",
      metrics: new Map([["an-older-pod-name", { value: 100, timestamp: NOW, windowMs: 60_000 }]]),
      requests: [1000],
      error: "no metrics returned matched known pods",
    },
    {
      name: "EmptyCPURequest",
      metrics: metricsOf([200]),
      requests: [],
      error: "missing request for cpu in container container1 of Pod pod-0",
    },
    {
      name: "no usable metrics",
      metrics: metricsOf([]),
      requests: [1000],
      error: "did not receive metrics for targeted pods (pods might be unready)",
    },
  ])("$name", ({ metrics, requests, error }) => {
    const asked = () =>
      replicasForUtilization(target("R", 1, { pods: pods("R", requests) }), metrics, {
        utilization: 100,
        container: "",
      });
    expect(asked).toThrow(error);
  });

  test("the request of one container, when it is named", () => {
    const known = target("R", 1, { pods: pods("R", [500]) });
    const found = replicasForUtilization(known, metricsOf([1000]), {
      utilization: 100,
      container: "container2",
    });
    expect(found).toEqual({ replicas: 2, utilization: 200, usage: 1000 });
    const absent = { utilization: 100, container: "absent" };
    expect(() => replicasForUtilization(known, metricsOf([1000]), absent)).toThrow(
      "container absent not found in Pod pod-0",
    );
  });
});

describe("a value a pod", () => {
  // prettier-ignore
  test.each([
    { name: "ScaleUpCM", pods: "RRR", current: 3, levels: [20000, 10000, 30000], wanted: 15000, replicas: 4, usage: 20000 },
    { name: "ScaleUpCMUnreadyHotCpuNoLessScale", pods: "RRu", current: 3, levels: [50000, 10000, 30000], wanted: 15000, replicas: 6, usage: 30000 },
    { name: "ScaleUpCMUnreadyHotCpuScaleWouldScaleDown", pods: "uRu", current: 3, levels: [50000, 15000, 30000], wanted: 15000, replicas: 7, usage: 31666 },
    { name: "ScaleUpCMExternal", pods: "R", current: 1, levels: [8600], wanted: 4400, replicas: 2, usage: 8600 },
    { name: "ScaleDownCM", pods: "RRRRR", current: 5, levels: [12000, 12000, 12000, 12000, 12000], wanted: 20000, replicas: 3, usage: 12000 },
    { name: "ToleranceCM", pods: "RRR", current: 3, levels: [20000, 21000, 21000], wanted: 20000, replicas: 3, usage: 20666 },
  ])("$name", (row) => {
    const known = target(row.pods, row.current, { resource: "" });
    const found = replicasForAverage(known, metricsOf(row.levels), row.wanted);
    expect(found).toEqual({ replicas: row.replicas, usage: row.usage });
  });
});

describe("one value for the target", () => {
  // prettier-ignore
  test.each([
    { name: "ScaleUpCMObject", pods: "RRR", current: 3, usage: 20000, wanted: 15000, replicas: 4 },
    { name: "ScaleUpCMObjectIgnoresUnreadyPods", pods: "URU", current: 3, usage: 50000, wanted: 10000, replicas: 5 },
    { name: "ScaleUpCMExternalIgnoresUnreadyPods", pods: "URU", current: 3, usage: 8600, wanted: 4400, replicas: 2 },
    { name: "ScaleDownCMObject", pods: "RRRRR", current: 5, usage: 12000, wanted: 20000, replicas: 3 },
    { name: "ScaleDownCMExternal", pods: "RRRRR", current: 5, usage: 8600, wanted: 14334, replicas: 3 },
    { name: "ToleranceCMObject", pods: "RRR", current: 3, usage: 20666, wanted: 20000, replicas: 3 },
    { name: "ToleranceCMExternal", pods: "RRR", current: 3, usage: 8600, wanted: 8888, replicas: 3 },
    { name: "from zero", pods: "", current: 0, usage: 8600, wanted: 4400, replicas: 2 },
  ])("$name", (row) => {
    const found = replicasForValue(target(row.pods, row.current), row.usage, row.wanted);
    expect(found).toEqual({ replicas: row.replicas, usage: row.usage });
  });
});

describe("one value, divided by the replicas", () => {
  // prettier-ignore
  test.each([
    { name: "ScaleUpCMPerPodObject", current: 3, usage: 20000, wanted: 5000, replicas: 4, share: 6667 },
    { name: "ScaleUpPerPodCMExternal", current: 3, usage: 8600, wanted: 2150, replicas: 4, share: 2867 },
    { name: "ScaleDownPerPodCMObject", current: 5, usage: 6000, wanted: 2000, replicas: 3, share: 1200 },
    { name: "ScaleDownPerPodCMExternal", current: 5, usage: 8600, wanted: 2867, replicas: 3, share: 1720 },
    { name: "TolerancePerPodCMObject", current: 4, usage: 20166, wanted: 5000, replicas: 4, share: 5042 },
    { name: "TolerancePerPodCMExternal", current: 3, usage: 8600, wanted: 2900, replicas: 3, share: 2867 },
  ])("$name", (row) => {
    const known = { statusReplicas: row.current, tolerances: TOLERANCES };
    const found = replicasForShare(known, row.usage, row.wanted);
    expect(found).toEqual({ replicas: row.replicas, usage: row.share });
  });
});
