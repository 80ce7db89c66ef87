// A virtual day of a small busy cluster repeats event for event from its seed.

import { createHash } from "node:crypto";

import { expect, it } from "vitest";

import { createEmbeddedCluster, reviveNode, silenceNode } from "../../src/cluster/index.ts";
import { createRng, createVirtualClock } from "../../src/core/index.ts";
import type { KubeApi } from "../../src/kubernetes/index.ts";
import { KINDS, WIDGET } from "./kinds.ts";
import { deployment, statefulSet } from "./manifests.ts";
import { pick } from "./swarm.ts";

const START = Date.parse("2026-03-01T00:00:00Z");
const HOURS = 24;
const HOUR_MS = 3_600_000;
const NAMES = ["a", "b", "c"] as const;
const NODES = ["node-0", "node-1", "node-2"] as const;

interface Day {
  /** Over all watch events, in order. */
  readonly digest: string;
  readonly events: number;
}

async function live(seed: string, hours = HOURS): Promise<Day> {
  const clock = createVirtualClock(START);
  const rng = createRng(seed);
  const cluster = createEmbeddedCluster({ name: "day", clock, rng, metrics: false });
  await cluster.start();
  const { api } = cluster;
  const hash = createHash("sha256");
  let events = 0;
  for (const kind of [...KINDS, { apiVersion: "v1", kind: "Event" }]) {
    if (kind === WIDGET) continue;
    api.watch(kind, {}, ({ type, object }) => {
      events += 1;
      hash.update(`${type} ${JSON.stringify(object)}\n`);
    });
  }
  await populate(api, rng);
  for (let hour = 1; hour <= hours; hour += 1) {
    await clock.advanceTo(START + hour * HOUR_MS);
    const node = pick(NODES, rng);
    if (hour % 6 === 2) await silenceNode(api, node, clock.now());
    if (hour % 6 === 3) for (const name of NODES) await reviveNode(api, name, clock.now());
    const annotations = { round: String(hour) };
    const template = { metadata: { annotations } };
    const body = { spec: { replicas: 1 + rng.below(4), template } };
    const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace: "default" };
    await api.patch({ ...ref, name: pick(NAMES, rng) }, { type: "merge", body });
  }
  cluster.stop();
  return { digest: hash.digest("hex"), events };
}

async function populate(api: KubeApi, rng: ReturnType<typeof createRng>): Promise<void> {
  const namespace = "default";
  for (const name of NAMES) await api.create(deployment({ namespace, name }, rng));
  await api.create(statefulSet({ namespace, name: "a" }, rng));
  const annotations = { "simulation.keelson.dev/duration": "90s" };
  const containers = [{ name: "main", image: "example/batch:1" }];
  const pod = { metadata: { annotations }, spec: { containers, restartPolicy: "Never" } };
  await api.create({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { namespace, name: "tick" },
    spec: { schedule: "*/20 * * * *", jobTemplate: { spec: { template: pod } } },
  });
}

it("is the same again from its seed, and another from another", async () => {
  const first = await live("day/1");
  expect(first.events).toBeGreaterThan(1_500);
  expect(await live("day/1")).toEqual(first);
  const [morning, other] = [await live("day/1", 2), await live("day/2", 2)];
  expect(other.digest).not.toBe(morning.digest);
});
