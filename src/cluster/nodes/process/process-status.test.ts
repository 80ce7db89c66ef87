// What is started next, and what the status says, for pods in every state: phases as in kubernetes
// pkg/kubelet/kubelet_pods_test.go (TestPodPhaseWithRestart…), order as in kuberuntime_manager_test.go.

import { describe, expect, test } from "vitest";

import type { Pod } from "../../../kubernetes/index.ts";
import { containerSlots } from "./container-facts.ts";
import type { ContainerFacts } from "./container-facts.ts";
import { planContainers } from "./plan-containers.ts";
import { processStatus } from "./process-status.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

type State = "new" | "up" | "starting" | "ok" | "failed" | "backing off";

interface Case {
  readonly name: string;
  readonly policy: "Always" | "OnFailure" | "Never";
  readonly init?: readonly State[];
  readonly sidecar?: State;
  readonly mains: readonly State[];
  readonly phase: string;
  readonly start: readonly string[];
  readonly finished?: boolean;
}

function podOf({ policy, init = [], sidecar, mains }: Case): Pod {
  const named = (name: string, more = {}) => ({ name, image: "i", ...more });
  const beside = sidecar === undefined ? [] : [named("s", { restartPolicy: "Always" })];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", uid: "u" },
    spec: {
      restartPolicy: policy,
      initContainers: [...beside, ...init.map((_, index) => named(`i${index}`))],
      containers: mains.map((_, index) => named(`m${index}`)),
    },
  };
}

function factsOf(state: State): Partial<ContainerFacts> {
  const run = { startedAt: NOW - 1000, containerID: "process://1" };
  const end = (exitCode: number) => ({
    ended: { exitCode, reason: "", startedAt: NOW - 1000, finishedAt: NOW },
    notBefore: NOW,
  });
  switch (state) {
    case "new":
      return {};
    case "up":
      return { running: { ...run, startedUp: true, ready: true } };
    case "starting":
      return { running: { ...run, startedUp: false, ready: false } };
    case "ok":
      return end(0);
    case "failed":
      return end(1);
    case "backing off":
      return { ...end(1), notBefore: NOW + 10_000, backoffMs: 10_000 };
  }
}

const CASES: readonly Case[] = [
  { name: "new", policy: "Always", mains: ["new", "new"], phase: "Pending", start: ["m0", "m1"] },
  { name: "running", policy: "Always", mains: ["up", "up"], phase: "Running", start: [] },
  { name: "one ended", policy: "Always", mains: ["up", "ok"], phase: "Running", start: ["m1"] },
  {
    name: "one waits",
    policy: "Always",
    mains: ["up", "backing off"],
    phase: "Running",
    start: [],
  },
  { name: "all wait", policy: "Always", mains: ["backing off"], phase: "Running", start: [] },
  {
    name: "failed, tried again",
    policy: "OnFailure",
    mains: ["failed"],
    phase: "Running",
    start: ["m0"],
  },
  {
    name: "well ended, not again",
    policy: "OnFailure",
    mains: ["ok"],
    phase: "Succeeded",
    start: [],
    finished: true,
  },
  {
    name: "one of two failed for good",
    policy: "Never",
    mains: ["ok", "failed"],
    phase: "Failed",
    start: [],
    finished: true,
  },
  { name: "one still runs", policy: "Never", mains: ["up", "failed"], phase: "Running", start: [] },
  {
    name: "first init",
    policy: "Always",
    init: ["new", "new"],
    mains: ["new"],
    phase: "Pending",
    start: ["i0"],
  },
  {
    name: "second init",
    policy: "Always",
    init: ["ok", "new"],
    mains: ["new"],
    phase: "Pending",
    start: ["i1"],
  },
  {
    name: "init runs",
    policy: "Always",
    init: ["up", "new"],
    mains: ["new"],
    phase: "Pending",
    start: [],
  },
  {
    name: "init through",
    policy: "Always",
    init: ["ok"],
    mains: ["new"],
    phase: "Pending",
    start: ["m0"],
  },
  {
    name: "init again",
    policy: "Always",
    init: ["failed"],
    mains: ["new"],
    phase: "Pending",
    start: ["i0"],
  },
  {
    name: "init failed for good",
    policy: "Never",
    init: ["failed"],
    mains: ["new"],
    phase: "Failed",
    start: [],
    finished: true,
  },
  {
    name: "sidecar starts",
    policy: "Never",
    sidecar: "starting",
    init: ["new"],
    mains: ["new"],
    phase: "Pending",
    start: [],
  },
  {
    name: "sidecar is up",
    policy: "Never",
    sidecar: "up",
    init: ["new"],
    mains: ["new"],
    phase: "Pending",
    start: ["i0"],
  },
  {
    name: "init failed for good, and a sidecar has not ended yet",
    policy: "Never",
    sidecar: "up",
    init: ["failed"],
    mains: ["new"],
    phase: "Pending",
    start: [],
    finished: true,
  },
  {
    name: "sidecar crashed",
    policy: "Never",
    sidecar: "failed",
    init: ["ok"],
    mains: ["up"],
    phase: "Running",
    start: ["s"],
  },
  {
    name: "sidecar is not needed any more",
    policy: "Never",
    sidecar: "up",
    init: ["ok"],
    mains: ["ok"],
    phase: "Running",
    start: [],
    finished: true,
  },
];

describe("what is next", () => {
  test.each(CASES)("$policy: $name", (one) => {
    const pod = podOf(one);
    const { sidecar, init = [], mains } = one;
    const states = [...(sidecar === undefined ? [] : [sidecar]), ...init, ...mains];
    const containers = containerSlots(pod).map((slot, index): ContainerFacts => {
      return { ...slot, restartCount: 0, ...factsOf(states[index] ?? "new") };
    });
    const plan = planContainers(pod, containers, NOW);
    expect(plan.start).toEqual(one.start);
    expect(plan.isFinished).toBe(one.finished ?? false);
    const facts = { now: NOW, hostIP: "h", podIP: "p", containers, isEnding: false };
    expect(processStatus(pod, facts).phase).toBe(one.phase);
  });

  test("a back-off says when it is over, and shows", () => {
    const pod = podOf({ name: "", policy: "Always", mains: ["backing off"], phase: "", start: [] });
    const containers = containerSlots(pod).map((slot): ContainerFacts => {
      return { ...slot, restartCount: 1, ...factsOf("backing off") };
    });
    expect(planContainers(pod, containers, NOW).wakeAt).toBe(NOW + 10_000);
    const facts = { now: NOW, hostIP: "h", podIP: "p", containers, isEnding: false };
    expect(processStatus(pod, facts).containerStatuses?.[0]).toMatchObject({
      state: {
        waiting: {
          reason: "CrashLoopBackOff",
          message: "back-off 10s restarting failed container=m0 pod=p_default(u)",
        },
      },
      lastState: { terminated: { exitCode: 1 } },
    });
  });
});
