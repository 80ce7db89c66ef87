// Pairs of kubernetes pkg/controller/controller_utils_test.go (TestSortingActivePodsWithRanks) @ v1.36; the rank there
// is the number of siblings on the pod's node.

import { describe, expect, test } from "vitest";
import type { Pod } from "../../kubernetes/index.ts";
import { sortForDeletion } from "./pod-deletion-order.ts";

const NOW = Date.parse("2026-02-01T00:00:00Z");
const hoursAgo = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();
const NEVER = undefined;
const [PRESENT, MONTH] = [hoursAgo(0), hoursAgo(31 * 24)];

interface Shape {
  readonly node?: string;
  readonly phase?: "Pending" | "Running" | "Unknown";
  /** A time, or `no-time`. */
  readonly ready?: string;
  readonly restarts?: number;
  readonly created?: string | undefined;
  readonly cost?: string;
}

function pod(name: string, shape: Shape): Pod {
  const { node = "", phase = "Running", ready, restarts = 0, created = NEVER, cost } = shape;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      uid: "same",
      ...(created === undefined ? {} : { creationTimestamp: created }),
      ...(cost === undefined
        ? {}
        : { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
    },
    spec: { containers: [], nodeName: node },
    status: {
      phase,
      ...(ready === undefined
        ? {}
        : {
            conditions: [
              {
                type: "Ready",
                status: "True",
                ...(ready === "no-time" ? {} : { lastTransitionTime: ready }),
              },
            ],
            containerStatuses: [{ name: "c", ready: true, restartCount: restarts }],
          }),
    },
  };
}

const UNSCHEDULED: Shape = { phase: "Pending" };
const PENDING: Shape = { node: "n", phase: "Pending" };
const UNKNOWN: Shape = { node: "n", phase: "Unknown" };
const NOT_READY: Shape = { node: "n" };
const READY_NO_TIME: Shape = { node: "n", ready: "no-time" };
const READY_NOW: Shape = { node: "n", ready: PRESENT, created: PRESENT };
const READY_THEN: Shape = { node: "n", ready: MONTH, created: MONTH };
const RESTARTED: Shape = { node: "n", ready: PRESENT, created: PRESENT, restarts: 9001 };
const CREATED_THEN: Shape = { node: "n", ready: PRESENT, created: MONTH };
const LOW_COST: Shape = { ...CREATED_THEN, cost: "10" };
const HIGH_COST: Shape = { ...CREATED_THEN, cost: "100" };
const readyFor = (hours: number): Shape => ({ ready: hoursAgo(hours), created: MONTH });

describe("which pod goes first", () => {
  test.each([
    { name: "unscheduled before pending", lesser: UNSCHEDULED, greater: PENDING },
    { name: "pending before unknown", lesser: PENDING, greater: UNKNOWN },
    { name: "unknown before not ready", lesser: UNKNOWN, greater: NOT_READY },
    { name: "not ready before ready", lesser: NOT_READY, greater: READY_NO_TIME },
    { name: "ready without a time before ready now", lesser: READY_NO_TIME, greater: READY_NOW },
    { name: "ready now before ready long ago", lesser: READY_NOW, greater: READY_THEN },
    { name: "many restarts before few", lesser: RESTARTED, greater: READY_NOW },
    { name: "newer before older", lesser: READY_NOW, greater: CREATED_THEN },
    { name: "lower deletion cost before higher", lesser: LOW_COST, greater: HIGH_COST },
    { name: "ready for two hours before five", lesser: readyFor(2), greater: readyFor(5) },
    { name: "restarts after the rank", lesser: READY_NOW, greater: RESTARTED, crowded: true },
    { name: "age after the rank", lesser: CREATED_THEN, greater: READY_NOW, crowded: true },
    { name: "deletion cost before the rank", lesser: LOW_COST, greater: HIGH_COST, crowded: true },
  ])("$name", ({ lesser, greater, crowded = false }) => {
    const [first, second] = [pod("lesser", lesser), pod("greater", greater)];
    const moved = crowded ? { ...first, spec: { ...first.spec, nodeName: "crowded" } } : first;
    const siblings = crowded ? [moved, pod("sibling", { node: "crowded" }), second] : [];
    const names = (pods: readonly Pod[]): readonly string[] =>
      sortForDeletion(pods, siblings, NOW).map(({ metadata }) => metadata.name);
    expect(names([moved, second])).toEqual(["lesser", "greater"]);
    expect(names([second, moved])).toEqual(["lesser", "greater"]);
  });

  test.each([
    {
      name: "made five and eight hours ago",
      a: { ...UNSCHEDULED, created: hoursAgo(5) },
      b: { ...UNSCHEDULED, created: hoursAgo(8) },
    },
    { name: "ready for five and eight hours", a: readyFor(5), b: readyFor(8) },
  ])("about the same age is settled by uid: $name", ({ a, b }) => {
    const withUid = (one: Pod, uid: string): Pod => ({
      ...one,
      metadata: { ...one.metadata, uid },
    });
    const older = withUid(pod("older", b), "1");
    const younger = withUid(pod("younger", a), "2");
    expect(sortForDeletion([younger, older], [], NOW)[0]).toBe(older);
  });
});
