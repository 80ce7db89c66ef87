// Inputs and expected results of kubernetes pkg/controller/deployment/{rolling,sync,progress,recreate}_test.go and
// util/deployment_util_test.go @ v1.36, on the pure functions.

import { describe, expect, test } from "vitest";
import {
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  nextSetAnnotations,
  REVISION,
  REVISION_HISTORY,
  sortReplicaSets,
  surplusSets,
} from "./deployment-revisions.ts";
import { isSaturated, planScale } from "./deployment-scale.ts";
import {
  boundsOf,
  countStatus,
  deadlineOf,
  isComplete,
  rolloutStatus,
} from "./deployment-status.ts";
import { fractionOf, nextSetReplicas, oldSetReplicas, resolveBounds } from "./rolling-update.ts";
import type { Deployment, IntOrPercent, ReplicaSet, WorkloadCondition } from "./workload-kinds.ts";

const TEMPLATE = {
  metadata: { labels: { app: "foo" } },
  spec: { containers: [{ name: "c", image: "foo/bar" }] },
};

interface Shape {
  readonly maxSurge?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
  readonly recreate?: boolean;
  readonly status?: Deployment["status"];
  readonly spec?: Partial<Deployment["spec"]>;
}

function deployment(replicas: number, shape: Shape = {}): Deployment {
  const { maxSurge = 0, maxUnavailable = 0, recreate = false, status, spec } = shape;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "foo", namespace: "default", generation: 1 },
    spec: {
      replicas,
      selector: {},
      template: TEMPLATE,
      strategy: recreate
        ? { type: "Recreate" }
        : { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
      ...spec,
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** `age` 0 is the newest. */
function replicaSet(
  name: string,
  replicas: number,
  over: Partial<ReplicaSet> & { age?: number } = {},
): ReplicaSet {
  const { age = 0, metadata, ...rest } = over;
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: "default",
      creationTimestamp: `2026-01-01T00:0${9 - age}:00Z`,
      ...metadata,
    },
    spec: { replicas, selector: {}, template: TEMPLATE },
    ...rest,
  };
}

describe("bounds of a rolling update", () => {
  test.each([
    {
      name: "both zero",
      maxSurge: "0%",
      maxUnavailable: "0%",
      replicas: 0,
      surge: 0,
      unavailable: 1,
    },
    {
      name: "surge rounds up, unavailable down",
      maxSurge: "39%",
      maxUnavailable: "39%",
      replicas: 10,
      surge: 4,
      unavailable: 3,
    },
    {
      name: "plain numbers",
      maxSurge: 5,
      maxUnavailable: 1,
      replicas: 10,
      surge: 5,
      unavailable: 1,
    },
    {
      name: "a little of few",
      maxSurge: "1%",
      maxUnavailable: "1%",
      replicas: 3,
      surge: 1,
      unavailable: 0,
    },
  ])("$name", ({ maxSurge, maxUnavailable, replicas, surge, unavailable }) => {
    expect(resolveBounds(replicas, { maxSurge, maxUnavailable })).toEqual({ surge, unavailable });
  });

  test.each([
    { name: "less than replicas", replicas: 10, maxUnavailable: 5, want: 5 },
    { name: "equal replicas", replicas: 10, maxUnavailable: 10, want: 10 },
    { name: "greater than replicas", replicas: 5, maxUnavailable: 10, want: 5 },
    { name: "replicas is 0", replicas: 0, maxUnavailable: 10, want: 0 },
    { name: "Recreate", replicas: 10, maxUnavailable: 5, recreate: true, want: 0 },
    { name: "50%", replicas: 10, maxUnavailable: "50%", want: 5 },
    { name: "100%", replicas: 10, maxUnavailable: "100%", want: 10 },
    { name: "100% of five", replicas: 5, maxUnavailable: "100%", want: 5 },
  ])(
    "at most $want may be missing: $name",
    ({ replicas, maxUnavailable, recreate = false, want }) => {
      const bounds = boundsOf(deployment(replicas, { maxSurge: 1, maxUnavailable, recreate }));
      expect(bounds.unavailable).toBe(want);
    },
  );
});

describe("one step of a rolling update", () => {
  test.each([
    { name: "no room", surge: 0, old: 10, next: 0, want: 0 },
    { name: "as far as the surge", surge: 2, old: 10, next: 0, want: 2 },
    { name: "into the room old pods left", surge: 2, old: 5, next: 0, want: 7 },
    { name: "the surge is used up", surge: 2, old: 10, next: 2, want: 2 },
    { name: "scales down", surge: 2, old: 2, next: 11, want: 10 },
  ])("new set, $name", ({ surge, old, next, want }) => {
    const sizes = { desired: 10, surge, unavailable: 0, next: { replicas: next, available: 0 } };
    expect(nextSetReplicas({ ...sizes, old: [{ replicas: old, available: old }] })).toBe(want);
  });

  test.each([
    {
      name: "one when both bounds are zero",
      unavailable: 1,
      old: 10,
      ready: 10,
      next: 0,
      nextReady: 0,
      want: 9,
    },
    {
      name: "as many as may be missing",
      unavailable: 2,
      old: 10,
      ready: 10,
      next: 0,
      nextReady: 0,
      want: 8,
    },
    {
      name: "unhealthy ones first",
      unavailable: 2,
      old: 10,
      ready: 8,
      next: 0,
      nextReady: 0,
      want: 8,
    },
    {
      name: "one unhealthy, one ready",
      unavailable: 2,
      old: 10,
      ready: 9,
      next: 0,
      nextReady: 0,
      want: 8,
    },
    {
      name: "unavailable new pods hold the old ones",
      unavailable: 2,
      old: 8,
      ready: 8,
      next: 2,
      nextReady: 0,
      want: 8,
    },
    {
      name: "too few are ready",
      unavailable: 2,
      old: 10,
      ready: 1,
      next: 0,
      nextReady: 0,
      want: 8,
    },
    {
      name: "nothing to scale down",
      unavailable: 2,
      old: 0,
      ready: 0,
      next: 10,
      nextReady: 10,
      want: 0,
    },
  ])("old set, $name", ({ unavailable, old, ready, next, nextReady, want }) => {
    const sizes = { desired: 10, surge: 0, unavailable };
    const result = oldSetReplicas({
      ...sizes,
      next: { replicas: next, available: nextReady },
      old: [{ replicas: old, available: ready }],
    });
    expect(result).toEqual([want]);
  });
});

describe("a change of size", () => {
  const recorded = (set: ReplicaSet, before: number, surge: number): ReplicaSet => ({
    ...set,
    metadata: {
      ...set.metadata,
      annotations: { [DESIRED_REPLICAS]: String(before), [MAX_REPLICAS]: String(before + surge) },
    },
  });
  test.each<{
    name: string;
    from: number;
    to: number;
    next?: readonly [before: number, after: number];
    /** Newest first. */
    old?: readonly (readonly [before: number, after: number])[];
    surge?: readonly [before: number, after: number];
  }>([
    { name: "normal: 10 -> 12", from: 10, to: 12, next: [10, 12] },
    { name: "normal: 10 -> 5", from: 10, to: 5, next: [10, 5] },
    { name: "proportional: 5 -> 10", from: 5, to: 10, next: [2, 4], old: [[3, 6]] },
    { name: "proportional: 5 -> 3", from: 5, to: 3, next: [2, 1], old: [[3, 2]] },
    { name: "proportional: 9 -> 4", from: 9, to: 4, next: [8, 4], old: [[1, 0]] },
    {
      name: "proportional: 7 -> 10",
      from: 7,
      to: 10,
      next: [2, 3],
      old: [
        [3, 4],
        [2, 3],
      ],
    },
    {
      name: "proportional: 13 -> 8",
      from: 13,
      to: 8,
      next: [2, 1],
      old: [
        [8, 5],
        [3, 2],
      ],
    },
    {
      name: "leftover: 3 -> 4",
      from: 3,
      to: 4,
      next: [1, 2],
      old: [
        [1, 1],
        [1, 1],
      ],
    },
    {
      name: "leftover: 3 -> 2",
      from: 3,
      to: 2,
      next: [1, 1],
      old: [
        [1, 1],
        [1, 0],
      ],
    },
    {
      name: "no new set: 4 -> 5",
      from: 4,
      to: 5,
      old: [
        [2, 3],
        [2, 2],
      ],
    },
    {
      name: "6 -> 0",
      from: 6,
      to: 0,
      next: [3, 0],
      old: [
        [2, 0],
        [1, 0],
      ],
    },
    {
      name: "0 -> 6",
      from: 6,
      to: 6,
      next: [0, 6],
      old: [
        [0, 0],
        [0, 0],
      ],
    },
    { name: "with surge pods", from: 10, to: 20, surge: [2, 2], next: [6, 11], old: [[6, 11]] },
    { name: "surge and size", from: 10, to: 50, surge: [3, 6], next: [5, 22], old: [[8, 34]] },
    {
      name: "size and template",
      from: 10,
      to: 14,
      old: [
        [7, 10],
        [3, 4],
      ],
    },
    { name: "saturated but broken", from: 2, to: 2, surge: [1, 1], next: [2, 2], old: [[1, 1]] },
  ])("$name", ({ from, to, next, old = [], surge = [0, 0] }) => {
    const nextSet = next && recorded(replicaSet("next", next[0]), from, surge[0]);
    const oldSets = old.map(([before], at) =>
      recorded(replicaSet(`old-${at}`, before, { age: at + 1 }), from, surge[0]),
    );
    const plan = planScale(deployment(to, { maxSurge: surge[1] }), {
      next: nextSet,
      old: oldSets.toReversed(),
    });
    const sizeOf = (set: ReplicaSet | undefined): number | undefined =>
      plan.find((scaled) => scaled.set === set)?.replicas ?? set?.spec.replicas;
    expect(sizeOf(nextSet)).toBe(next?.[1]);
    expect(oldSets.map(sizeOf)).toEqual(old.map(([, after]) => after));
  });

  test.each([
    {
      name: "empty deployment scales to 0",
      desired: 0,
      status: 0,
      surge: 0,
      replicas: 10,
      max: undefined,
      want: -10,
    },
    {
      name: "unsynced without annotation",
      desired: 10,
      status: 0,
      surge: 0,
      replicas: 5,
      max: undefined,
      want: 0,
    },
    {
      name: "annotation missing",
      desired: 120,
      status: 100,
      surge: 0,
      replicas: 50,
      max: undefined,
      want: 10,
    },
    { name: "annotation 0", desired: 120, status: 100, surge: 0, replicas: 50, max: 0, want: 10 },
    { name: "up by a fifth", desired: 120, status: 0, surge: 0, replicas: 50, max: 100, want: 10 },
    { name: "up with surge", desired: 120, status: 0, surge: 10, replicas: 50, max: 110, want: 9 },
    { name: "down by a sixth", desired: 10, status: 0, surge: 0, replicas: 6, max: 12, want: -1 },
    {
      name: "down with surge",
      desired: 100,
      status: 0,
      surge: 10,
      replicas: 50,
      max: 130,
      want: -8,
    },
  ])("fraction: $name", ({ desired, status, surge, replicas, max, want }) => {
    const sizes = { desired, surge, statusReplicas: status };
    expect(fractionOf({ replicas, maxReplicas: max }, sizes)).toBe(want);
  });

  test("the newest set takes over when all of it is available", () => {
    const full = recorded(
      replicaSet("next", 3, { status: { replicas: 3, availableReplicas: 3 } }),
      3,
      0,
    );
    expect(isSaturated(deployment(3), full)).toBe(true);
    const plan = planScale(deployment(3), { next: full, old: [replicaSet("old", 2, { age: 1 })] });
    expect(plan.map(({ set, replicas }) => [set.metadata.name, replicas])).toEqual([["old", 0]]);
  });
});

describe("old sets beyond the history limit", () => {
  const old = (revision: number, replicas = 0, over: Partial<ReplicaSet> = {}): ReplicaSet =>
    replicaSet(`r${revision}`, replicas, {
      metadata: { name: `r${revision}`, annotations: { [REVISION]: String(revision) } },
      status: { replicas },
      ...over,
    });
  test.each([
    { name: "keeps one", sets: [old(1), old(2), old(3)], limit: 1, want: ["r1", "r2"] },
    { name: "sets with pods stay", sets: [old(1, 1), old(2, 1), old(3, 1)], limit: 0, want: [] },
    { name: "keeps none", sets: [old(1), old(2)], limit: 0, want: ["r1", "r2"] },
    { name: "fewer than the limit", sets: [old(1)], limit: 10, want: [] },
    { name: "no limit", sets: [old(1), old(2)], limit: undefined, want: [] },
    {
      name: "one with pods counts against the limit",
      sets: [old(1), old(2, 1)],
      limit: 1,
      want: ["r1"],
    },
    {
      name: "one that is going is not counted",
      sets: [
        old(1),
        old(2, 0, { metadata: { name: "r2", deletionTimestamp: "2026-01-01T00:00:00Z" } }),
      ],
      limit: 1,
      want: [],
    },
    {
      name: "one not yet observed stays",
      sets: [
        old(1, 0, { metadata: { name: "r1", generation: 2, annotations: { [REVISION]: "1" } } }),
      ],
      limit: 0,
      want: [],
    },
  ])("$name", ({ sets, limit, want }) => {
    expect(surplusSets(sets, limit).map(({ metadata }) => metadata.name)).toEqual(want);
  });

  test("a set that becomes the newest again keeps its earlier revisions", () => {
    let set = old(1);
    for (const revision of [3, 7, 12]) {
      const annotations = nextSetAnnotations(deployment(1), set, revision);
      set = { ...set, metadata: { ...set.metadata, annotations } };
    }
    expect(set.metadata.annotations).toMatchObject({
      [REVISION]: "12",
      [REVISION_HISTORY]: "1,3,7",
    });
  });

  test("of several sets with the template the oldest is the newest set", () => {
    const [a, b] = [replicaSet("a", 0, { age: 1 }), replicaSet("b", 0, { age: 0 })];
    const hashed = { ...TEMPLATE, metadata: { labels: { app: "foo", "pod-template-hash": "x" } } };
    const other = replicaSet("other", 0, {
      age: 2,
      spec: { selector: {}, template: { spec: { containers: [] } } },
    });
    const sorted = sortReplicaSets(deployment(1), [
      b,
      other,
      { ...a, spec: { ...a.spec, template: hashed } },
    ]);
    expect(sorted.next?.metadata.name).toBe("a");
    expect(sorted.old.map(({ metadata }) => metadata.name)).toEqual(["other", "b"]);
  });
});

describe("progress", () => {
  const NOW = Date.parse("2026-01-01T01:00:00Z");
  const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
  const progressing = (reason: string, seconds: number): WorkloadCondition => ({
    type: "Progressing",
    status: "True",
    reason,
    message: "",
    lastUpdateTime: ago(seconds),
    lastTransitionTime: ago(seconds),
  });
  const counts = (replicas: number, updated: number, available: number): Deployment["status"] => ({
    replicas,
    updatedReplicas: updated,
    availableReplicas: available,
    observedGeneration: 1,
  });

  test.each([
    {
      name: "not complete: min but not all pods become available",
      status: counts(5, 5, 4),
      replicas: 5,
      want: false,
    },
    {
      name: "not complete: min availability is not honored",
      status: counts(5, 5, 3),
      replicas: 5,
      want: false,
    },
    { name: "complete", status: counts(5, 5, 5), replicas: 5, want: true },
    {
      name: "not complete: all pods are available but not updated",
      status: counts(5, 4, 5),
      replicas: 5,
      want: false,
    },
    {
      name: "not complete: still running old pods",
      status: counts(6, 5, 6),
      replicas: 5,
      want: false,
    },
    {
      name: "not complete: one replica never comes up",
      status: counts(1, 1, 0),
      replicas: 1,
      want: false,
    },
  ])("$name", ({ status, replicas, want }) => {
    expect(isComplete(deployment(replicas), status ?? {})).toBe(want);
  });

  test.each([
    { name: "no condition", conditions: [], deadline: 10, timesOut: undefined },
    {
      name: "within the deadline",
      conditions: [progressing("ReplicaSetUpdated", 5)],
      deadline: 10,
      timesOut: false,
    },
    {
      name: "past the deadline",
      conditions: [progressing("ReplicaSetUpdated", 11)],
      deadline: 10,
      timesOut: true,
    },
    {
      name: "complete",
      conditions: [progressing("NewReplicaSetAvailable", 60)],
      deadline: 10,
      timesOut: undefined,
    },
    {
      name: "paused",
      conditions: [progressing("DeploymentPaused", 60)],
      deadline: 10,
      timesOut: undefined,
    },
    {
      name: "no deadline",
      conditions: [progressing("ReplicaSetUpdated", 60)],
      deadline: 2 ** 31 - 1,
      timesOut: undefined,
    },
  ])("deadline: $name", ({ conditions, deadline, timesOut }) => {
    const at = deadlineOf(
      deployment(1, { status: { conditions }, spec: { progressDeadlineSeconds: deadline } }),
    );
    expect(at === undefined ? undefined : at < NOW).toBe(timesOut);
  });

  test.each([
    {
      name: "progresses: more updated pods",
      before: counts(6, 1, 4),
      next: [2, 2],
      old: [4, 3],
      want: "True ReplicaSetUpdated",
    },
    {
      name: "times out without progress",
      before: counts(6, 2, 5),
      next: [2, 2],
      old: [4, 3],
      want: "False ProgressDeadlineExceeded",
    },
    {
      name: "completes",
      before: counts(6, 2, 5),
      next: [5, 5],
      old: [0, 0],
      want: "True NewReplicaSetAvailable",
    },
  ])("$name", ({ before, next, old, want }) => {
    const set = (
      name: string,
      [replicas = 0, available = 0]: readonly number[],
      age: number,
    ): ReplicaSet =>
      replicaSet(name, replicas, { age, status: { replicas, availableReplicas: available } });
    const status = { ...before, conditions: [progressing("ReplicaSetUpdated", 60)] };
    const view = {
      deployment: deployment(5, { status, spec: { progressDeadlineSeconds: 10 } }),
      next: set("next", next, 0),
      old: [set("old", old, 1)],
    };
    const result = rolloutStatus(view, NOW).conditions?.find(({ type }) => type === "Progressing");
    expect(`${result?.status} ${result?.reason}`).toBe(want);
  });

  test.each([
    {
      name: "Recreate is unavailable until all pods are",
      recreate: true,
      available: 4,
      want: "False",
    },
    { name: "Recreate with all pods", recreate: true, available: 5, want: "True" },
    { name: "rolling with as many missing as may be", recreate: false, available: 4, want: "True" },
    { name: "rolling with more missing", recreate: false, available: 3, want: "False" },
  ])("$name", ({ recreate, available, want }) => {
    const next = replicaSet("next", 5, { status: { replicas: 5, availableReplicas: available } });
    const view = { deployment: deployment(5, { recreate, maxUnavailable: 1 }), next, old: [] };
    const condition = countStatus(view, NOW).conditions?.find(({ type }) => type === "Available");
    expect(condition?.status).toBe(want);
  });
});
