// Inputs and expected results of kubernetes pkg/controller/job/{indexed_job_utils,pod_failure_policy,success_policy}_test.go
// @ v1.36, on the pure functions.

import { describe, expect, test } from "vitest";
import type { Pod } from "../../kubernetes/index.ts";
import type { FailureRule, Job, SuccessRule } from "./batch-kinds.ts";
import { remainingBackoffMs } from "./job-backoff.ts";
import { countJob, TRACKING_FINALIZER } from "./job-counts.ts";
import { countsAsFailure, matchFailureRule } from "./job-failure-policy.ts";
import {
  FAILURE_COUNT_ANNOTATION,
  failureCount,
  formatIndexes,
  generateNameFor,
  IGNORED_COUNT_ANNOTATION,
  INDEX_ANNOTATION,
  nextFailureCounts,
  parseIndexes,
} from "./job-indexes.ts";
import { judgeJob, pendingIndexes, surplusPods } from "./job-outcome.ts";

type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

interface PodShape {
  readonly uid?: string;
  readonly index?: string;
  readonly phase?: Phase;
  readonly failures?: string;
  readonly tracked?: boolean;
  readonly deletedAt?: string;
  readonly exitCodes?: readonly number[];
  readonly condition?: readonly [type: string, status: "True" | "False" | "Unknown"];
}

function pod(shape: PodShape): Pod {
  const { uid = "u", index, phase = "Failed", failures, tracked = true, deletedAt } = shape;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "mypod",
      namespace: "default",
      uid,
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...(deletedAt === undefined ? {} : { deletionTimestamp: deletedAt }),
      ...(tracked ? { finalizers: [TRACKING_FINALIZER] } : {}),
      annotations: {
        ...(index === undefined ? {} : { [INDEX_ANNOTATION]: index }),
        ...(failures === undefined ? {} : { [FAILURE_COUNT_ANNOTATION]: failures }),
      },
    },
    spec: { containers: [] },
    status: {
      phase,
      containerStatuses: (shape.exitCodes ?? []).map((exitCode) => ({
        name: "main-container",
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode } },
      })),
      ...(shape.condition === undefined
        ? {}
        : { conditions: [{ type: shape.condition[0], status: shape.condition[1] }] }),
    },
  };
}

function job(spec: Partial<Job["spec"]>, status: Job["status"] = {}): Job {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j", namespace: "default" },
    spec: { template: { spec: { containers: [] } }, completionMode: "Indexed", ...spec },
    status,
  };
}

const phases = (text: string): readonly Pod[] =>
  text
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => {
      const [index = "", phase = ""] = part.split(":");
      const name = { P: "Pending", R: "Running", S: "Succeeded", F: "Failed" } as const;
      const shape = { phase: name[phase as keyof typeof name] };
      return pod(index === "none" ? shape : { ...shape, index });
    });

describe("succeeded indexes", () => {
  test.each([
    { name: "one index", before: "", pods: "1:S", completions: 2, want: "1" },
    {
      name: "two separate",
      before: "",
      pods: "2:F 5:S 5:S 10:F 10:S",
      completions: 11,
      want: "5,10",
    },
    {
      name: "two intervals",
      before: "",
      pods: "0:R 1:P 2:S 3:S 5:S 6:S 7:S",
      completions: 8,
      want: "2,3,5-7",
    },
    {
      name: "one index and one interval",
      before: "",
      pods: "0:S 1:F 2:S 3:S 4:S 5:S none:S -2:S",
      completions: 6,
      want: "0,2-5",
    },
    {
      name: "out of range",
      before: "",
      pods: "0:S 1:S 2:S 3:F 4:S 5:S none:S -2:S",
      completions: 5,
      want: "0-2,4",
    },
    {
      name: "prev interval out of range",
      before: "0-5,8-10",
      pods: "",
      completions: 8,
      want: "0-5",
    },
    {
      name: "prev interval partially out of range",
      before: "0-5,8-10",
      pods: "",
      completions: 10,
      want: "0-5,8,9",
    },
    {
      name: "prev and new separate",
      before: "0,4,5,10-12",
      pods: "2:S 7:S 8:S",
      completions: 13,
      want: "0,2,4,5,7,8,10-12",
    },
    {
      name: "prev between new",
      before: "3,4,6",
      pods: "2:S 7:S 8:S",
      completions: 9,
      want: "2-4,6-8",
    },
    {
      name: "new between prev",
      before: "2,7,8",
      pods: "3:S 4:S 6:S",
      completions: 9,
      want: "2-4,6-8",
    },
    {
      name: "new within prev",
      before: "2-7",
      pods: "0:S 3:S 5:S 9:S",
      completions: 10,
      want: "0,2-7,9",
    },
    { name: "corrupted interval", before: "0,1-foo,bar", pods: "3:S", completions: 4, want: "0,3" },
  ])("$name", ({ before, pods, completions, want }) => {
    const { succeededIndexes } = countJob(
      job({ completions }, { completedIndexes: before }),
      phases(pods),
    );
    expect(formatIndexes(succeededIndexes ?? new Set())).toBe(want);
  });
});

describe("failed indexes", () => {
  const failIndexOn3: FailureRule = {
    action: "FailIndex",
    onExitCodes: { operator: "In", values: [3] },
  };
  test.each([
    {
      name: "one new index failed",
      limit: 1,
      before: undefined,
      pods: [
        { failures: "0", index: "0" },
        { failures: "1", index: "1" },
      ],
      want: "1",
    },
    {
      name: "pod without finalizer is ignored",
      limit: 0,
      before: undefined,
      pods: [{ failures: "0", index: "0", tracked: false }],
      want: "",
    },
    {
      name: "pod outside completions is ignored",
      limit: 0,
      before: undefined,
      pods: [{ failures: "0", index: "3" }],
      want: "",
    },
    {
      name: "extend the failed indexes",
      limit: 0,
      before: "0",
      pods: [{ failures: "0", index: "1" }],
      want: "0,1",
    },
    {
      name: "prev failed indexes empty",
      limit: 0,
      before: "",
      pods: [{ failures: "0", index: "1" }],
      want: "1",
    },
    {
      name: "prev failed indexes outside the completions",
      limit: 0,
      before: "9",
      pods: [{ failures: "0", index: "1" }],
      want: "1",
    },
    {
      name: "matching FailIndex pod failure policy",
      limit: 1,
      before: undefined,
      pods: [{ failures: "0", index: "0", exitCodes: [3] }],
      rules: [failIndexOn3],
      want: "0",
    },
  ])("$name", ({ limit, before, pods, rules, want }) => {
    const spec = {
      completions: 2,
      backoffLimitPerIndex: limit,
      ...(rules === undefined ? {} : { podFailurePolicy: { rules } }),
    };
    const status = before === undefined ? {} : { failedIndexes: before };
    const { failedIndexes } = countJob(job(spec, status), pods.map(pod));
    expect(formatIndexes(failedIndexes ?? new Set())).toBe(want);
  });
});

describe("failed pods that stay until they are replaced", () => {
  const failed = (uid: string, index: string, failures: string, over: PodShape = {}): PodShape => ({
    uid,
    index,
    failures,
    ...over,
  });
  const at = (second: number): PodShape => ({ deletedAt: `2026-01-01T00:01:0${second}Z` });
  test.each([
    {
      name: "those of indexes that have not failed",
      completions: 3,
      limit: 1,
      pods: [failed("a", "0", "0"), failed("b", "1", "1"), failed("c", "2", "0")],
      want: ["a", "c"],
    },
    {
      name: "not without finalizer",
      completions: 2,
      limit: 0,
      pods: [failed("a", "0", "0", { tracked: false })],
      want: [],
    },
    {
      name: "not outside of completions",
      completions: 2,
      limit: 0,
      pods: [failed("a", "4", "0")],
      want: [],
    },
    {
      name: "not for an active index",
      completions: 2,
      limit: 1,
      pods: [failed("a1", "0", "0"), failed("a2", "0", "1", { phase: "Running" })],
      want: [],
    },
    {
      name: "not for a succeeded index",
      completions: 2,
      limit: 1,
      pods: [failed("a1", "0", "0"), failed("a2", "0", "1", { phase: "Succeeded" })],
      want: [],
    },
    {
      name: "only the highest failure count",
      completions: 2,
      limit: 4,
      pods: [failed("a1", "0", "0"), failed("a3", "0", "2"), failed("a2", "0", "1")],
      want: ["a3"],
    },
    {
      name: "only the last failed",
      completions: 2,
      limit: 4,
      pods: [
        failed("a1", "0", "1", at(2)),
        failed("a3", "0", "1", at(3)),
        failed("a2", "0", "1", at(1)),
      ],
      want: ["a3"],
    },
  ])("$name", ({ completions, limit, pods, want }) => {
    const { delayed } = countJob(job({ completions, backoffLimitPerIndex: limit }), pods.map(pod));
    expect([...delayed.values()].map(({ metadata }) => String(metadata.uid)).toSorted()).toEqual(
      want,
    );
  });
});

describe("failure counts of an index", () => {
  const ignoreDisruption: FailureRule = {
    action: "Ignore",
    onPodConditions: [{ type: "DisruptionTarget", status: "True" }],
  };
  test.each([
    {
      name: "first pod created",
      replaced: undefined,
      rules: undefined,
      counted: "0",
      ignored: undefined,
    },
    {
      name: "replacing one with 0",
      replaced: { failures: "0" },
      rules: undefined,
      counted: "1",
      ignored: undefined,
    },
    {
      name: "replacing one with more",
      replaced: { failures: "3" },
      rules: undefined,
      counted: "4",
      ignored: undefined,
    },
    {
      name: "replacing one that the policy ignores",
      replaced: { failures: "3", condition: ["DisruptionTarget", "True"] } as PodShape,
      rules: [ignoreDisruption],
      counted: "3",
      ignored: "1",
    },
  ])("$name", ({ replaced, rules, counted, ignored }) => {
    const owner = job(rules === undefined ? {} : { podFailurePolicy: { rules } });
    const annotations = nextFailureCounts(replaced && pod(replaced), (one) =>
      countsAsFailure(one, owner),
    );
    expect(annotations[FAILURE_COUNT_ANNOTATION]).toBe(counted);
    expect(annotations[IGNORED_COUNT_ANNOTATION]).toBe(ignored);
  });

  test.each([
    { name: "no annotation", text: undefined, want: 0 },
    { name: "valid value", text: "2", want: 2 },
    { name: "valid maxint32 value", text: "2147483647", want: 2_147_483_647 },
    { name: "too large value", text: "2147483648", want: 0 },
    { name: "negative value", text: "-1", want: 0 },
    { name: "invalid int value", text: "xyz", want: 0 },
  ])("$name", ({ text, want }) => {
    expect(failureCount(pod(text === undefined ? {} : { failures: text }))).toBe(want);
  });
});

describe("pending indexes", () => {
  test.each([
    {
      name: "cnt greater than completions",
      count: 5,
      completions: 3,
      active: "",
      done: "",
      failed: "",
      want: [0, 1, 2],
    },
    {
      name: "cnt less than completions",
      count: 2,
      completions: 5,
      active: "",
      done: "",
      failed: "",
      want: [0, 1],
    },
    {
      name: "first pods active",
      count: 3,
      completions: 10,
      active: "0:R 1:P",
      done: "",
      failed: "",
      want: [2, 3, 4],
    },
    {
      name: "last pods active or succeeded",
      count: 6,
      completions: 6,
      active: "6:P",
      done: "4-5",
      failed: "",
      want: [0, 1, 2, 3],
    },
    {
      name: "mixed",
      count: 5,
      completions: 20,
      active: "3:P 5:R 8:P none:R -3:R",
      done: "2-4,9",
      failed: "",
      want: [0, 1, 6, 7, 10],
    },
    {
      name: "with failed indexes",
      count: 5,
      completions: 20,
      active: "3:P 9:P",
      done: "1,5,9",
      failed: "2,6-7",
      want: [0, 4, 8, 10, 11],
    },
  ])("$name", ({ count, completions, active, done, failed, want }) => {
    const owner = job(
      { completions, backoffLimitPerIndex: 1 },
      { completedIndexes: done, failedIndexes: failed },
    );
    const pods = phases(active);
    expect(pendingIndexes(owner, pods, countJob(owner, pods), count)).toEqual(want);
  });
});

describe("pods of doubled or invalid indexes", () => {
  test.each([
    {
      name: "all unique",
      pods: "none:P 2:P 5:R 6:R",
      completions: 6,
      want: ["6 Running", "none Pending"],
    },
    {
      name: "all with index",
      pods: "5:P 0:R 3:P 0:R 3:R 0:P 6:R 6:P",
      completions: 6,
      want: ["0 Pending", "0 Running", "3 Pending", "6 Pending", "6 Running"],
    },
    {
      name: "mixed",
      pods: "none:P invalid:R -2:R 0:P 1:P 1:P 1:R",
      completions: 6,
      want: ["-2 Running", "1 Pending", "1 Pending", "invalid Running", "none Pending"],
    },
  ])("$name", ({ pods, completions, want }) => {
    const pendingFirst = (list: readonly Pod[]): readonly Pod[] =>
      list.toSorted((a, b) => (a.status?.phase ?? "").localeCompare(b.status?.phase ?? ""));
    const removed = surplusPods(job({ completions }), phases(pods), 0, pendingFirst);
    const texts = removed.map(
      ({ metadata, status }) =>
        `${metadata.annotations?.[INDEX_ANNOTATION] ?? "none"} ${status?.phase}`,
    );
    expect(texts.toSorted()).toEqual(want);
  });
});

test.each([
  { name: "short job name", job: "indexed-job", want: "indexed-job-1-" },
  {
    name: "job name too long",
    job: "hhhhhooooo".repeat(7),
    want: `${"hhhhhooooo".repeat(5)}hhhhh-1-`,
  },
  {
    name: "suffix too long",
    job: `${"hhhhhooooo".repeat(5)}hhhhhoo`,
    want: `${"hhhhhooooo".repeat(5)}hhhhh-1-`,
  },
])("generated name: $name", ({ job: name, want }) => {
  expect(generateNameFor(name, 1)).toBe(want);
});

describe("pod failure policy", () => {
  type Action = FailureRule["action"];
  const onCodes = (action: Action, operator: "In" | "NotIn", ...values: number[]): FailureRule => ({
    action,
    onExitCodes: { operator, values },
  });
  const onCondition = (action: Action, status: string, type = "DisruptionTarget"): FailureRule => ({
    action,
    onPodConditions: [{ type, status }],
  });
  const exit = (code: number, index: number): string =>
    `Container main-container for pod default/mypod failed with exit code ${code} matching FailJob rule at index ${index}`;
  const disrupted = (status: "True" | "False" | "Unknown"): PodShape => ({
    condition: ["DisruptionTarget", status],
  });
  test.each([
    { name: "no policy rules", rules: undefined, failed: { exitCodes: [2] }, want: undefined },
    {
      name: "ignore rule for exit codes",
      rules: [onCodes("Ignore", "In", 1, 2, 3)],
      failed: { exitCodes: [2] },
      want: "Ignore",
    },
    {
      name: "FailJob rule for exit codes",
      rules: [onCodes("FailJob", "In", 1, 2, 3)],
      failed: { exitCodes: [2] },
      want: exit(2, 0),
    },
    {
      name: "successful containers are skipped",
      rules: [onCodes("FailJob", "NotIn", 111)],
      failed: { exitCodes: [111, 0] },
      want: undefined,
    },
    {
      name: "FailIndex rule for exit codes",
      rules: [onCodes("FailIndex", "In", 1, 2, 3)],
      failed: { exitCodes: [2] },
      want: "FailIndex",
    },
    {
      name: "NotIn operator and value 0",
      rules: [onCodes("FailJob", "NotIn", 0)],
      failed: { exitCodes: [1, 0] },
      want: exit(1, 0),
    },
    {
      name: "second FailJob rule",
      rules: [onCodes("Count", "In", 1, 2, 3), onCodes("FailJob", "In", 4, 5, 6)],
      failed: { exitCodes: [6] },
      want: exit(6, 1),
    },
    {
      name: "count rule for exit codes",
      rules: [onCodes("Count", "In", 1, 2, 3)],
      failed: { exitCodes: [0, 2] },
      want: "Count",
    },
    {
      name: "FailIndex rule for conditions",
      rules: [onCondition("FailIndex", "True")],
      failed: disrupted("True"),
      want: "FailIndex",
    },
    {
      name: "ignore rule for conditions",
      rules: [onCondition("Ignore", "True")],
      failed: disrupted("True"),
      want: "Ignore",
    },
    {
      name: "ignore rule by status False",
      rules: [onCondition("Ignore", "False")],
      failed: disrupted("False"),
      want: "Ignore",
    },
    {
      name: "ignore rule by status Unknown",
      rules: [onCondition("Ignore", "Unknown")],
      failed: disrupted("Unknown"),
      want: "Ignore",
    },
    {
      name: "pattern False, actual True",
      rules: [onCondition("Ignore", "False")],
      failed: disrupted("True"),
      want: undefined,
    },
    {
      name: "pattern True, actual False",
      rules: [onCondition("Ignore", "True")],
      failed: disrupted("False"),
      want: undefined,
    },
    {
      name: "FailJob rule for conditions",
      rules: [onCondition("FailJob", "True")],
      failed: disrupted("True"),
      want: "Pod default/mypod has condition DisruptionTarget matching FailJob rule at index 0",
    },
    {
      name: "count rule for conditions",
      rules: [onCondition("Count", "True")],
      failed: disrupted("True"),
      want: "Count",
    },
    {
      name: "no rule matched but the first",
      rules: [onCodes("Count", "NotIn", 8), onCodes("Ignore", "In", 1, 2, 3)],
      failed: { exitCodes: [32] },
      want: "Count",
    },
  ])("$name", ({ rules, failed, want }) => {
    const match = matchFailureRule(pod(failed), rules);
    expect(match?.action === "FailJob" ? match.message : match?.action).toBe(want);
  });
});

describe("success policy", () => {
  test.each<{
    name: string;
    done: string;
    rules: readonly SuccessRule[] | undefined;
    want?: number;
  }>([
    { name: "no policy", done: "0", rules: undefined },
    { name: "no rules", done: "0", rules: [] },
    { name: "invalid format", done: "0", rules: [{ succeededIndexes: "invalid-form" }] },
    { name: "indexes matched", done: "0-2,4-7", rules: [{ succeededIndexes: "0-2" }], want: 0 },
    { name: "indexes not matched", done: "0-2", rules: [{ succeededIndexes: "3" }] },
    { name: "count matched", done: "0-2", rules: [{ succeededCount: 2 }], want: 0 },
    { name: "count not matched", done: "0-2", rules: [{ succeededCount: 4 }] },
    {
      name: "one of the rules",
      done: "0-2,4-7",
      rules: [{ succeededIndexes: "9" }, { succeededIndexes: "4,6" }],
      want: 1,
    },
    {
      name: "all the rules",
      done: "0-2,4-7",
      rules: [{ succeededIndexes: "0,1" }, { succeededIndexes: "5" }],
      want: 0,
    },
    {
      name: "indexes and count matched",
      done: "0-2,4-7",
      rules: [{ succeededIndexes: "3-6", succeededCount: 2 }],
      want: 0,
    },
    {
      name: "indexes and count not matched",
      done: "0-2,6-7",
      rules: [{ succeededIndexes: "3-6", succeededCount: 2 }],
    },
    { name: "nothing succeeded", done: "", rules: [{ succeededCount: 4 }] },
    { name: "proper subset", done: "1-9", rules: [{ succeededIndexes: "2-4,6-8" }], want: 0 },
    { name: "equal", done: "2-4,6-9", rules: [{ succeededIndexes: "2-4,6-9" }], want: 0 },
    { name: "empty rule", done: "1-3", rules: [{ succeededIndexes: "" }] },
    { name: "both empty", done: "", rules: [{ succeededIndexes: "" }] },
    { name: "none included", done: "1-3,5-7", rules: [{ succeededIndexes: "10-12,14-16" }] },
    { name: "overlap at first", done: "2-4,6-8", rules: [{ succeededIndexes: "1-3,5-7" }] },
    {
      name: "overlap at first with count",
      done: "2-4,6-8",
      rules: [{ succeededIndexes: "1-3,5-7", succeededCount: 4 }],
      want: 0,
    },
    { name: "overlap at last", done: "1-3,5-7", rules: [{ succeededIndexes: "2-4,6-9" }] },
    {
      name: "overlap at last with count",
      done: "1-3,5-7",
      rules: [{ succeededIndexes: "2-4,6-9", succeededCount: 4 }],
      want: 0,
    },
    {
      name: "complete overlap with count",
      done: "1-3,7-8",
      rules: [{ succeededIndexes: "0-4,6-9", succeededCount: 5 }],
      want: 0,
    },
    { name: "several overlaps", done: "1-3,5-9", rules: [{ succeededIndexes: "0-6,8-9" }] },
    {
      name: "several overlaps with count",
      done: "1-3,5-9",
      rules: [{ succeededIndexes: "0-6,8-9", succeededCount: 7 }],
      want: 0,
    },
  ])("$name", ({ done, rules, want }) => {
    const owner = job(
      { completions: 10, ...(rules === undefined ? {} : { successPolicy: { rules } }) },
      { completedIndexes: done },
    );
    const verdict = judgeJob(owner, [], countJob(owner, []), 0);
    expect(verdict?.message).toBe(
      want === undefined ? undefined : `Matched rules at index ${want}`,
    );
  });
});

// pkg/controller/job/backoff_utils_test.go (TestGetRemainingBackoffTime), with the controller's own limits.
test.each([
  { name: "no failures", failures: 0, sinceMs: 0, want: 0 },
  { name: "one failure", failures: 1, sinceMs: 0, want: 10_000 },
  { name: "doubles", failures: 3, sinceMs: 0, want: 40_000 },
  { name: "time has passed", failures: 2, sinceMs: 15_000, want: 5000 },
  { name: "all time has passed", failures: 2, sinceMs: 25_000, want: 0 },
  { name: "bounded", failures: 30, sinceMs: 0, want: 600_000 },
])("back-off: $name", ({ failures, sinceMs, want }) => {
  expect(remainingBackoffMs(failures, 1000, 1000 + sinceMs)).toBe(want);
});

test("a text of indexes reads as it was written", () => {
  expect(formatIndexes(parseIndexes("0-2,4,6,7,9-12"))).toBe("0-2,4,6,7,9-12");
});
