// What `kubectl logs` gets of a simulated pod, and how it is refused.

import { describe, expect, test } from "vitest";
import { createRng, createVirtualClock } from "../../core/index.ts";
import type { ContainerStatus, Pod } from "../../kubernetes/index.ts";
import type { LogOptions } from "../api/index.ts";
import { createEmbeddedCluster } from "../embedded-cluster.ts";
import { nodeAgentHook, simulatedAgent } from "./index.ts";
import { formatLog, logPeriod } from "./container-log.ts";
import { logLines } from "./simulated-log.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const at = (seconds: number): number => START + seconds * 1000;
const time = (seconds: number): string => new Date(at(seconds)).toISOString();

const OPTIONS: LogOptions = {
  container: "c",
  follow: false,
  previous: false,
  timestamps: false,
  sinceSeconds: undefined,
  tailLines: undefined,
  limitBytes: undefined,
};

function pod(status: Partial<ContainerStatus>): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "p",
      namespace: "shop",
      annotations: { "keelson.dev/agent": "simulated", "simulation.keelson.dev/log": "10s" },
    },
    spec: { containers: [{ name: "c" }], nodeName: "node-0" },
    status: { containerStatuses: [{ name: "c", ready: true, restartCount: 1, ...status }] },
  };
}

const running = pod({
  state: { running: { startedAt: time(0) } },
  lastState: { terminated: { exitCode: 1, startedAt: time(-60), finishedAt: time(-35) } },
});

function read(options: Partial<LogOptions>, now = at(30)): readonly string[] {
  const asked = { ...OPTIONS, ...options };
  const lines = logLines(running, "c", logPeriod(running, asked), now);
  return formatLog(lines, asked, now).split("\n").slice(0, -1);
}

describe("lines", () => {
  test.each([
    { name: "all", options: {}, count: 4, last: "simulated: c line 3" },
    { name: "the last ones", options: { tailLines: 2 }, count: 2, last: "simulated: c line 3" },
    { name: "none", options: { tailLines: 0 }, count: 0, last: undefined },
    { name: "recent ones", options: { sinceSeconds: 15 }, count: 2, last: "simulated: c line 3" },
    {
      name: "those before the restart",
      options: { previous: true },
      count: 3,
      last: "simulated: c line 2",
    },
    {
      name: "with their times",
      options: { timestamps: true, tailLines: 1 },
      count: 1,
      last: "2026-01-01T00:00:30.000000000Z simulated: c line 3",
    },
  ])("$name", ({ options, count, last }) => {
    const lines = read(options);
    expect(lines).toHaveLength(count);
    expect(lines.at(-1)).toBe(last);
  });

  test("the first says what it is", () => {
    expect(read({})[0]).toBe(
      "simulated: container c of pod shop/p runs no process on node-0; this line stands for its log",
    );
    expect(
      formatLog(
        logLines(running, "c", logPeriod(running, OPTIONS), at(0)),
        { ...OPTIONS, limitBytes: 9 },
        at(0),
      ),
    ).toBe("simulated");
  });
});

describe("refusals", () => {
  const waiting = (reason: string): Pod => pod({ state: { waiting: { reason } } });
  test.each([
    {
      name: "created",
      of: waiting("ContainerCreating"),
      options: {},
      message: 'container "c" in pod "p" is waiting to start: ContainerCreating',
    },
    {
      name: "pull failed",
      of: waiting("ErrImagePull"),
      options: {},
      message: 'container "c" in pod "p" is waiting to start: image can\'t be pulled',
    },
    {
      name: "pull waits",
      of: waiting("ImagePullBackOff"),
      options: {},
      message: 'container "c" in pod "p" is waiting to start: trying and failing to pull image',
    },
    {
      name: "no run before",
      of: waiting("ContainerCreating"),
      options: { previous: true },
      message: 'previous terminated container "c" in pod "p" not found',
    },
    {
      name: "no such container",
      of: running,
      options: { container: "d" },
      message: 'container "d" in pod "p" is not available',
    },
  ])("$name", ({ of, options, message }) => {
    expect(() => logPeriod(of, { ...OPTIONS, ...options })).toThrow(message);
  });

  test("a pod that no agent runs has no log", async () => {
    const hook = nodeAgentHook([simulatedAgent()]);
    const lines: string[] = [];
    const nobodys = { ...running, metadata: { name: "p", namespace: "shop" } };
    await hook.logs(nobodys, OPTIONS, (text) => lines.push(text), new AbortController().signal);
    expect(lines).toEqual([]);
  });
});

test("a followed log goes on until the container ends", async () => {
  const clock = createVirtualClock(START);
  const cluster = createEmbeddedCluster({ name: "test", clock, rng: createRng("logs") });
  await cluster.start();
  const annotations = {
    "simulation.keelson.dev/log": "10s",
    "simulation.keelson.dev/duration": "35s",
  };
  const ref = { apiVersion: "v1", kind: "Pod", name: "p", namespace: "default" };
  await cluster.api.create({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "default", annotations },
    spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "Never" },
  });
  await clock.advanceBy(12_000);
  const chunks: string[] = [];
  let ended = false;
  const options = { ...OPTIONS, follow: true };
  void cluster.context.nodeAgent
    .logs(
      await cluster.api.get(ref),
      options,
      (text) => chunks.push(text),
      new AbortController().signal,
    )
    .then(() => (ended = true));
  await clock.advanceBy(20_000);
  expect(chunks.join("")).toContain("simulated: c line 2\n");
  expect(ended).toBe(false);
  await clock.advanceBy(20_000);
  expect(chunks.join("").match(/line \d/g)).toEqual(["line 1", "line 2", "line 3"].slice(-3));
  expect(ended).toBe(true);
});
