import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { CRON_JOB, JOB } from "./batch-kinds.ts";
import type { CronJob } from "./batch-kinds.ts";
import { startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";

const DAY_MS = 86_400_000;
const REF = { apiVersion: "batch/v1", kind: "CronJob", name: "cj", namespace: "default" };

function cronJob(
  over: Partial<CronJob["spec"]> & { readonly schedule: string },
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  return {
    ...REF,
    metadata: { name: "cj", namespace: "default" },
    spec: {
      jobTemplate: {
        spec: {
          template: {
            metadata: { annotations },
            spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "Never" },
          },
        },
      },
      ...over,
    },
  };
}

/** Instants at which jobs were made, whatever became of them. */
function recordStarts(cluster: TestCluster): readonly string[] {
  const starts: string[] = [];
  cluster.api.watch(JOB, {}, ({ type, object }) => {
    if (type !== "ADDED") return;
    const { metadata } = object;
    starts.push(metadata.creationTimestamp ?? "");
  });
  return starts;
}

describe("CronJob", () => {
  test("runs at local time over days, across the change to summer time", async () => {
    const cluster = await startTestCluster({ start: Date.parse("2026-03-27T12:00:00Z") });
    const starts = recordStarts(cluster);
    await cluster.api.create(cronJob({ schedule: "30 3 * * *", timeZone: "Europe/Berlin" }));
    await cluster.advance(4 * DAY_MS);
    expect(starts).toEqual([
      "2026-03-28T02:30:00Z",
      "2026-03-29T01:30:00Z",
      "2026-03-30T01:30:00Z",
      "2026-03-31T01:30:00Z",
    ]);
    const { status } = await cluster.get(CRON_JOB, "cj");
    expect(status?.lastScheduleTime).toBe("2026-03-31T01:30:00Z");
    expect(status?.active).toBeUndefined();
    expect(cluster.errors).toEqual([]);
  });

  test("keeps three succeeded jobs and one failed", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(cronJob({ schedule: "*/5 * * * *" }));
    await cluster.advance(3_600_000 + 60_000);
    expect(await cluster.list(JOB, "default")).toHaveLength(3);
  });

  const LONG = { "simulation.keelson.dev/duration": "150s" };

  test.each([
    {
      name: "Forbid lets a missed run start late",
      over: {},
      expected: ["2026-01-01T00:01:0", "2026-01-01T00:03:3", "2026-01-01T00:06:0"],
    },
    {
      name: "Forbid with a starting deadline skips missed runs",
      over: { startingDeadlineSeconds: 10 },
      expected: ["2026-01-01T00:01:0", "2026-01-01T00:04:0", "2026-01-01T00:07:0"],
    },
  ])("$name", async ({ over, expected }) => {
    const cluster = await startTestCluster();
    const starts = recordStarts(cluster);
    const spec = { schedule: "* * * * *", concurrencyPolicy: "Forbid" as const, ...over };
    await cluster.api.create(cronJob(spec, LONG));
    await cluster.advance(8 * 60_000);
    // To ten seconds: a run that waits for another one starts a little after that has ended.
    expect(starts.map((at) => at.slice(0, -2))).toEqual(expected);
  });

  test("Replace ends the active run", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(
      cronJob({ schedule: "* * * * *", concurrencyPolicy: "Replace" }, LONG),
    );
    await cluster.advance(5 * 60_000 + 30_000);
    const jobs = await cluster.list(JOB, "default");
    expect(jobs).toHaveLength(1);
  });

  test("suspended it starts nothing and resumed only what is still due", async () => {
    const cluster = await startTestCluster();
    const starts = recordStarts(cluster);
    await cluster.api.create(
      cronJob({ schedule: "0 * * * *", suspend: true, startingDeadlineSeconds: 300 }),
    );
    await cluster.advance(5 * 3_600_000 + 1_800_000);
    expect(starts).toEqual([]);
    await cluster.api.patch(REF, { type: "merge", body: { spec: { suspend: false } } });
    await cluster.advance(3_600_000);
    expect(starts).toEqual(["2026-01-01T06:00:00Z"]);
  });
});
