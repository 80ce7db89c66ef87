// Situations of kubernetes pkg/controller/statefulset/stateful_set_control_test.go @ v1.36 (ordered and parallel
// management, scaling, ordinals, partitions, failed pods) on the pure plan.

import { describe, expect, test } from "vitest";
import type { Pod } from "../../kubernetes/index.ts";
import { planStatefulSet } from "./stateful-set-plan.ts";
import type { StatefulSet } from "./workload-kinds.ts";

/**
 * `0:ready` is a ready pod of the new revision; `old` one of the old revision, `new` one that is not ready yet, `bad` an
 * old one that is not ready, `failed` and `done` have ended, `going` is terminating.
 */
function podsOf(text: string): readonly Pod[] {
  return text
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => {
      const [ordinal, state = ""] = part.split(":");
      const phases: Readonly<Record<string, Pod["status"] & object>> = {
        failed: { phase: "Failed" },
        done: { phase: "Succeeded" },
      };
      const ready = ["ready", "old"].includes(state);
      return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          name: `s-${ordinal}`,
          labels: { "controller-revision-hash": ["old", "bad"].includes(state) ? "A" : "B" },
          ...(state === "going" ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
        },
        spec: { containers: [] },
        status: phases[state] ?? {
          phase: "Running",
          conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
        },
      };
    });
}

interface Case {
  readonly name: string;
  readonly pods: string;
  readonly replicas?: number;
  readonly start?: number;
  readonly parallel?: boolean;
  readonly onDelete?: boolean;
  readonly partition?: number;
  readonly currentReplicas?: number;
  readonly want: string;
}

function plan(shape: Case): string {
  const { replicas = 3, start = 0, parallel = false, onDelete = false, partition } = shape;
  const set: StatefulSet = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "s" },
    spec: {
      replicas,
      selector: {},
      template: { spec: { containers: [] } },
      ordinals: { start },
      podManagementPolicy: parallel ? "Parallel" : "OrderedReady",
      updateStrategy: onDelete
        ? { type: "OnDelete" }
        : {
            type: "RollingUpdate",
            ...(partition === undefined ? {} : { rollingUpdate: { partition } }),
          },
    },
    status: { replicas: 0, currentReplicas: shape.currentReplicas ?? 0 },
  };
  const steps = planStatefulSet({
    set,
    pods: podsOf(shape.pods),
    currentRevision: "A",
    updateRevision: "B",
    isAvailable: (pod) => pod.status?.conditions?.[0]?.status === "True",
  });
  const text = steps.map((step) =>
    step.action === "create"
      ? `+${step.ordinal}${step.revision}`
      : `-${step.pod.metadata.name.slice(2)}`,
  );
  return text.join(" ");
}

describe("what a StatefulSet does next", () => {
  test.each<Case>([
    { name: "ordered: the first pod", pods: "", want: "+0B" },
    { name: "ordered: waits for the first", pods: "0:new", want: "" },
    { name: "ordered: the next pod", pods: "0:ready", want: "+1B" },
    { name: "ordered: fills a gap before anything else", pods: "0:ready 2:ready", want: "+1B" },
    { name: "ordered: a failed pod goes first", pods: "0:failed 1:ready", want: "-0" },
    { name: "ordered: so does one that ended", pods: "0:done", want: "-0" },
    { name: "ordered: waits for a pod that is going", pods: "0:going 1:ready", want: "" },
    { name: "ordered: at rest", pods: "0:ready 1:ready 2:ready", want: "" },
    { name: "parallel: all at once", parallel: true, pods: "", want: "+0B +1B +2B" },
    { name: "parallel: does not wait", parallel: true, pods: "0:new", want: "+1B +2B" },
    {
      name: "parallel: failed and missing together",
      parallel: true,
      pods: "0:failed 1:ready",
      want: "-0 +2B",
    },
    { name: "ordinals start at two", start: 2, pods: "2:ready", want: "+3B" },
    {
      name: "ordinals moved up: the lower ones go last",
      start: 2,
      pods: "0:ready 1:ready 2:ready 3:ready 4:ready",
      want: "-1",
    },
    {
      name: "scale down: the highest first",
      replicas: 1,
      pods: "0:ready 1:ready 2:ready",
      want: "-2",
    },
    {
      name: "scale down: one after the other",
      replicas: 1,
      pods: "0:ready 1:ready 2:going",
      want: "",
    },
    {
      name: "scale down: not while a pod that stays is unwell",
      replicas: 2,
      pods: "0:new 1:ready 2:ready",
      want: "",
    },
    {
      name: "scale down: an unwell highest pod goes",
      replicas: 1,
      pods: "0:ready 1:ready 2:new",
      want: "-2",
    },
    {
      name: "scale down: waits when a lower one is unwell too",
      replicas: 1,
      pods: "0:ready 1:new 2:new",
      want: "",
    },
    {
      name: "scale down: a lower one that is unwell does not hold a healthy one",
      replicas: 1,
      pods: "0:ready 1:new 2:ready",
      want: "-2",
    },
    {
      name: "scale down in parallel",
      parallel: true,
      replicas: 1,
      pods: "0:ready 1:new 2:ready",
      want: "-2 -1",
    },
    {
      name: "scale down goes before the update",
      replicas: 2,
      pods: "0:old 1:old 2:old",
      want: "-2",
    },
    { name: "update: the highest first", pods: "0:old 1:old 2:old", want: "-2" },
    { name: "update: waits for the replacement", pods: "0:old 1:old 2:new", want: "" },
    { name: "update: goes on when it is ready", pods: "0:old 1:old 2:ready", want: "-1" },
    { name: "update: a broken old pod blocks an ordered set", pods: "0:old 1:old 2:bad", want: "" },
    {
      name: "update in parallel: a broken old pod is replaced",
      parallel: true,
      pods: "0:old 1:old 2:bad",
      want: "-2",
    },
    {
      name: "update in parallel: waits for a missing pod above",
      parallel: true,
      pods: "0:old 1:old",
      want: "+2B",
    },
    {
      name: "update in parallel: not for one below",
      parallel: true,
      pods: "1:old 2:old",
      want: "+0B -2",
    },
    { name: "OnDelete: no pod is replaced", onDelete: true, pods: "0:old 1:old 2:old", want: "" },
    {
      name: "OnDelete: a new pod has the new template",
      onDelete: true,
      pods: "0:old 1:old",
      want: "+2B",
    },
    { name: "partition: only from there up", partition: 2, pods: "0:old 1:old 2:old", want: "-2" },
    { name: "partition: done", partition: 2, pods: "0:old 1:old 2:ready", want: "" },
    { name: "partition above all", partition: 5, pods: "0:old 1:old 2:old", want: "" },
    {
      name: "partition: a lost pod below gets the old template",
      partition: 2,
      pods: "1:old 2:ready",
      want: "+0A",
    },
    {
      name: "partition counts from the start ordinal",
      start: 5,
      partition: 1,
      pods: "5:old 6:old 7:ready",
      want: "-6",
    },
    {
      name: "without partition the status says who is current",
      currentReplicas: 1,
      pods: "1:ready 2:ready",
      want: "+0A",
    },
  ])("$name", (shape) => {
    expect(plan(shape)).toBe(shape.want);
  });
});
