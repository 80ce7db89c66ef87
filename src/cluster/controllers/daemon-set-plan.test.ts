// Situations of kubernetes pkg/controller/daemon/{update,daemon_controller}_test.go @ v1.36 on the pure plan.

import { describe, expect, test } from "vitest";
import type { Node, Pod } from "../../kubernetes/index.ts";
import { createVirtualClock } from "../../core/index.ts";
import { judgeNode } from "./daemon-pod.ts";
import { planDaemonSet } from "./daemon-set-plan.ts";
import { createFailedPodBackoff } from "./failed-pod-backoff.ts";
import type { DaemonSet, IntOrPercent } from "./workload-kinds.ts";

const node = (name: string, spec: Node["spec"] = {}, labels = {}): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels },
  spec,
});

interface Shape {
  readonly maxUnavailable?: IntOrPercent;
  readonly maxSurge?: IntOrPercent;
  readonly onDelete?: boolean;
  readonly pod?: Partial<DaemonSet["spec"]["template"]["spec"]>;
}

function daemonSet({ maxUnavailable = 1, maxSurge = 0, onDelete = false, pod }: Shape): DaemonSet {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "d" },
    spec: {
      selector: {},
      template: { spec: { containers: [], ...pod } },
      updateStrategy: onDelete
        ? { type: "OnDelete" }
        : { type: "RollingUpdate", rollingUpdate: { maxUnavailable, maxSurge } },
    },
  };
}

/** `a:old` on node a; `down` an old pod that is not available, `starting` a new one that is not yet, `failed`, `going`. */
function podsOf(text: string): readonly Pod[] {
  return text
    .split(" ")
    .filter((part) => part !== "")
    .map((part, at) => {
      const [nodeName = "", state = ""] = part.split(":");
      const available = ["old", "new"].includes(state);
      return {
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          name: part,
          creationTimestamp: `2026-01-01T00:00:0${at}Z`,
          labels: { "controller-revision-hash": ["new", "starting"].includes(state) ? "2" : "1" },
          ...(state === "going" ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
        },
        spec: { containers: [], nodeName },
        status: {
          phase: state === "failed" ? "Failed" : "Running",
          conditions: [{ type: "Ready", status: available ? "True" : "False" }],
        },
      };
    });
}

describe("what a DaemonSet does next", () => {
  test.each<Shape & { name: string; pods: string; create?: string; remove?: string }>([
    { name: "one pod on every node", pods: "a:new", create: "b c" },
    { name: "not while one is ending", pods: "a:new b:new c:going" },
    { name: "at rest", pods: "a:new b:new c:new" },
    { name: "a failed pod goes", pods: "a:new b:new c:failed", remove: "c:failed" },
    { name: "of several pods the newer go", pods: "a:new a:new b:new c:new", remove: "a:new" },
    { name: "a pod of a node that is gone goes", pods: "a:new b:new c:new z:new", remove: "z:new" },
    { name: "one unavailable at a time", pods: "a:old b:old c:old", remove: "a:old" },
    { name: "two at a time", maxUnavailable: 2, pods: "a:old b:old c:old", remove: "a:old b:old" },
    {
      name: "half, rounded up",
      maxUnavailable: "50%",
      pods: "a:old b:old c:old",
      remove: "a:old b:old",
    },
    { name: "waits for a new pod", pods: "a:starting b:old c:old" },
    { name: "old pods that are down go first", pods: "a:down b:old c:old", remove: "a:down" },
    { name: "all old pods that are down go", pods: "a:down b:down c:old", remove: "a:down b:down" },
    { name: "OnDelete replaces nothing", onDelete: true, pods: "a:old b:old c:old" },
    {
      name: "surge: a new pod beside the old",
      maxSurge: 1,
      maxUnavailable: 0,
      pods: "a:old b:old c:old",
      create: "a",
    },
    {
      name: "surge: two",
      maxSurge: 2,
      maxUnavailable: 0,
      pods: "a:old b:old c:old",
      create: "a b",
    },
    {
      name: "surge: waits until the new one is available",
      maxSurge: 1,
      maxUnavailable: 0,
      pods: "a:old a:starting b:old c:old",
    },
    {
      name: "surge: then the old one goes",
      maxSurge: 1,
      maxUnavailable: 0,
      pods: "a:old a:new b:old c:old",
      remove: "a:old",
    },
    {
      name: "surge: beside old pods that are down at once",
      maxSurge: 1,
      maxUnavailable: 0,
      pods: "a:down b:down c:old",
      create: "a b c",
    },
  ])("$name", ({ pods, create = "", remove = "", ...shape }) => {
    const plan = planDaemonSet({
      set: daemonSet(shape),
      nodes: ["a", "b", "c"].map((name) => node(name)),
      pods: podsOf(pods),
      hash: "2",
      isAvailable: (pod) => pod.status?.conditions?.[0]?.status === "True",
    });
    expect(plan.create.join(" ")).toBe(create);
    expect(plan.remove.map(({ metadata }) => metadata.name).join(" ")).toBe(remove);
  });

  const tainted = (key: string, effect: "NoSchedule" | "NoExecute" | "PreferNoSchedule"): Node =>
    node("a", { taints: [{ key, effect }] });
  test.each([
    { name: "a plain node", on: node("a"), want: "run" },
    { name: "NoSchedule keeps what runs", on: tainted("dedicated", "NoSchedule"), want: "keep" },
    { name: "NoExecute removes it", on: tainted("dedicated", "NoExecute"), want: "remove" },
    { name: "PreferNoSchedule", on: tainted("dedicated", "PreferNoSchedule"), want: "run" },
    { name: "not ready", on: tainted("node.kubernetes.io/not-ready", "NoExecute"), want: "run" },
    {
      name: "unreachable",
      on: tainted("node.kubernetes.io/unreachable", "NoExecute"),
      want: "run",
    },
    {
      name: "cordoned",
      on: tainted("node.kubernetes.io/unschedulable", "NoSchedule"),
      want: "run",
    },
    {
      name: "disk pressure",
      on: tainted("node.kubernetes.io/disk-pressure", "NoSchedule"),
      want: "run",
    },
    {
      name: "no network",
      on: tainted("node.kubernetes.io/network-unavailable", "NoSchedule"),
      want: "keep",
    },
    {
      name: "no network, host network",
      on: tainted("node.kubernetes.io/network-unavailable", "NoSchedule"),
      pod: { hostNetwork: true },
      want: "run",
    },
    {
      name: "tolerated taint",
      on: tainted("dedicated", "NoExecute"),
      pod: { tolerations: [{ key: "dedicated", operator: "Exists" as const }] },
      want: "run",
    },
    { name: "another node's name", on: node("a"), pod: { nodeName: "b" }, want: "remove" },
    {
      name: "labels match",
      on: node("a", {}, { disk: "ssd" }),
      pod: { nodeSelector: { disk: "ssd" } },
      want: "run",
    },
    {
      name: "labels do not match",
      on: node("a"),
      pod: { nodeSelector: { disk: "ssd" } },
      want: "remove",
    },
  ])("$name", ({ on, pod, want }) => {
    expect(judgeNode(daemonSet(pod === undefined ? {} : { pod }), on)).toBe(want);
  });
});

test("a failed pod is replaced at once, then after one second doubling to fifteen minutes", async () => {
  const clock = createVirtualClock(0);
  const backoff = createFailedPodBackoff(clock);
  const waits: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    waits.push(backoff.remainingMs("k"));
    await clock.advanceBy(backoff.remainingMs("k"));
    backoff.next("k");
  }
  const seconds = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900];
  expect(waits).toEqual(seconds.map((second) => second * 1000));
  await clock.advanceBy(1_800_001);
  expect(backoff.remainingMs("k")).toBe(0);
});
