import { describe, expect, test } from "vitest";
import { POD } from "../../kubernetes/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { JOB } from "./batch-kinds.ts";
import type { Job } from "./batch-kinds.ts";
import { START, startTestCluster } from "./testing/test-cluster.ts";
import type { TestCluster } from "./testing/test-cluster.ts";

function job(
  over: Partial<Job["spec"]> = {},
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j", namespace: "default" },
    spec: {
      template: {
        metadata: { annotations },
        spec: { containers: [{ name: "c", image: "i:1" }], restartPolicy: "Never" },
      },
      ...over,
    },
  };
}

const FAILING = { "simulation.keelson.dev/exit-code": "1" };
const ENDLESS = { "simulation.keelson.dev/duration": "30d" };

async function conditions(cluster: TestCluster): Promise<readonly string[]> {
  const { status } = await cluster.get(JOB, "j");
  return (status?.conditions ?? []).map(
    ({ type, status: is, reason }) => `${type}=${is} ${reason}`,
  );
}

const has = (cluster: TestCluster, type: string) => async (): Promise<boolean> =>
  (await conditions(cluster)).some((condition) => condition.startsWith(`${type}=True`));

describe("Job", () => {
  test("three completions, two at a time", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ completions: 3, parallelism: 2 }));
    let most = 0;
    await cluster.until("complete", async () => {
      const pods = await cluster.list(POD, "default");
      most = Math.max(most, pods.filter(({ status }) => status?.phase !== "Succeeded").length);
      return has(cluster, "Complete")();
    });
    expect(most).toBe(2);
    const { status } = await cluster.get(JOB, "j");
    expect(status).toMatchObject({
      succeeded: 3,
      terminating: 0,
      ready: 0,
      uncountedTerminatedPods: {},
    });
    expect(status?.completionTime).toBeDefined();
    expect(await conditions(cluster)).toEqual([
      "SuccessCriteriaMet=True CompletionsReached",
      "Complete=True CompletionsReached",
    ]);
    const pods = await cluster.list(POD, "default");
    expect(pods.map(({ metadata }) => metadata.finalizers)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(cluster.errors).toEqual([]);
  });

  test("a failure is retried after ten seconds, until the limit", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ backoffLimit: 1 }, FAILING));
    await cluster.until(
      "one failed",
      async () => (await cluster.get(JOB, "j")).status?.failed === 1,
    );
    const failedAt = cluster.clock.now();
    await cluster.until(
      "second pod",
      async () => (await cluster.list(POD, "default")).length === 2,
    );
    expect(cluster.clock.now() - failedAt).toBeGreaterThan(8000);
    await cluster.until("failed", has(cluster, "Failed"));
    expect(await conditions(cluster)).toEqual([
      "FailureTarget=True BackoffLimitExceeded",
      "Failed=True BackoffLimitExceeded",
    ]);
    expect((await cluster.get(JOB, "j")).status?.failed).toBe(2);
  });

  test("activeDeadlineSeconds ends it and its pods", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ activeDeadlineSeconds: 20 }, ENDLESS));
    await cluster.until("failed", has(cluster, "Failed"));
    expect(cluster.clock.now() - START).toBeLessThan(30_000);
    expect(await conditions(cluster)).toEqual([
      "FailureTarget=True DeadlineExceeded",
      "Failed=True DeadlineExceeded",
    ]);
    expect((await cluster.get(JOB, "j")).status?.failed).toBe(1);
    await cluster.until("no pods", async () => (await cluster.list(POD, "default")).length === 0);
  });

  test("suspended it has no pods; resumed it starts them", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ suspend: true }, ENDLESS));
    await cluster.advance(5000);
    expect(await conditions(cluster)).toEqual(["Suspended=True JobSuspended"]);
    expect((await cluster.get(JOB, "j")).status?.startTime).toBeUndefined();
    expect(await cluster.list(POD, "default")).toEqual([]);
    const ref = { apiVersion: "batch/v1", kind: "Job", name: "j", namespace: "default" };
    await cluster.api.patch(ref, { type: "merge", body: { spec: { suspend: false } } });
    await cluster.until("running", async () => (await cluster.get(JOB, "j")).status?.ready === 1);
    expect(await conditions(cluster)).toEqual(["Suspended=False JobResumed"]);
    expect((await cluster.get(JOB, "j")).status).toMatchObject({
      active: 1,
      ready: 1,
      terminating: 0,
    });
  });

  test("a pod failure policy fails it at once", async () => {
    const cluster = await startTestCluster();
    const rule = {
      action: "FailJob" as const,
      onExitCodes: { containerName: "c", operator: "In" as const, values: [1] },
    };
    await cluster.api.create(
      job({ backoffLimit: 3, podFailurePolicy: { rules: [rule] } }, FAILING),
    );
    await cluster.until("failed", has(cluster, "Failed"));
    const { status } = await cluster.get(JOB, "j");
    expect(status?.failed).toBe(1);
    expect(status?.conditions?.[0]?.message).toMatch(
      /^Container c for pod default\/j-.{5} failed with exit code 1 matching FailJob rule at index 0$/,
    );
  });

  test("an indexed one completes every index once", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ completions: 4, parallelism: 2, completionMode: "Indexed" }));
    await cluster.until("complete", has(cluster, "Complete"));
    const { status } = await cluster.get(JOB, "j");
    expect(status).toMatchObject({ succeeded: 4, completedIndexes: "0-3" });
    const pods = await cluster.list(POD, "default");
    const indexes = pods.map(
      ({ metadata }) => metadata.annotations?.["batch.kubernetes.io/job-completion-index"],
    );
    expect(indexes.map(String).toSorted()).toEqual(["0", "1", "2", "3"]);
  });

  test("goes away with its pods after its time to live", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ ttlSecondsAfterFinished: 60 }));
    await cluster.until("complete", has(cluster, "Complete"));
    await cluster.until(
      "gone",
      async () => (await cluster.list(JOB, "default")).length === 0,
      70_000,
    );
    await cluster.until("no pods", async () => (await cluster.list(POD, "default")).length === 0);
  });

  test("deleted in the background it holds none of its pods back", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ parallelism: 2, completions: 2 }, ENDLESS));
    await cluster.until("running", async () => (await cluster.get(JOB, "j")).status?.ready === 2);
    const ref = { apiVersion: "batch/v1", kind: "Job", name: "j", namespace: "default" };
    await cluster.api.delete(ref, { propagationPolicy: "Background" });
    await cluster.until("no pods", async () => (await cluster.list(POD, "default")).length === 0);
  });

  test("a suspended one takes its pods back without counting them as failed", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ parallelism: 2, completions: 2 }, ENDLESS));
    await cluster.until("running", async () => (await cluster.get(JOB, "j")).status?.ready === 2);
    const ref = { apiVersion: "batch/v1", kind: "Job", name: "j", namespace: "default" };
    await cluster.api.patch(ref, { type: "merge", body: { spec: { suspend: true } } });
    await cluster.until("no pods", async () => (await cluster.list(POD, "default")).length === 0);
    await cluster.advance(60_000);
    const { status } = await cluster.get(JOB, "j");
    expect(status?.failed).toBeUndefined();
    expect(status?.active).toBeUndefined();
    expect(await conditions(cluster)).toEqual(["Suspended=True JobSuspended"]);
  });

  test("every index is tried again until its own limit, and the Job fails when all have ended", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(
      job(
        { completions: 2, parallelism: 2, completionMode: "Indexed", backoffLimitPerIndex: 1 },
        FAILING,
      ),
    );
    await cluster.until("failed", has(cluster, "Failed"));
    expect(await conditions(cluster)).toEqual([
      "FailureTarget=True FailedIndexes",
      "Failed=True FailedIndexes",
    ]);
    const { status } = await cluster.get(JOB, "j");
    expect(status).toMatchObject({ failed: 4, failedIndexes: "0,1", uncountedTerminatedPods: {} });
    const pods = await cluster.list(POD, "default");
    const counts = pods.map(
      ({ metadata }) => metadata.annotations?.["batch.kubernetes.io/job-index-failure-count"],
    );
    expect(counts.map(String).toSorted()).toEqual(["0", "0", "1", "1"]);
    expect(cluster.errors).toEqual([]);
  });

  test("more failed indexes than allowed end it at once", async () => {
    const cluster = await startTestCluster();
    const limits = { backoffLimitPerIndex: 0, maxFailedIndexes: 0 };
    await cluster.api.create(
      job({ completions: 9, parallelism: 1, completionMode: "Indexed", ...limits }, FAILING),
    );
    await cluster.until("failed", has(cluster, "Failed"));
    expect((await conditions(cluster)).at(-1)).toBe("Failed=True MaxFailedIndexesExceeded");
    expect((await cluster.get(JOB, "j")).status?.failedIndexes).toBe("0");
  });

  test("a success policy ends it before all indexes have succeeded", async () => {
    const cluster = await startTestCluster();
    const successPolicy = { rules: [{ succeededCount: 1 }] };
    await cluster.api.create(
      job({ completions: 3, parallelism: 1, completionMode: "Indexed", successPolicy }),
    );
    await cluster.until("complete", has(cluster, "Complete"));
    expect(await conditions(cluster)).toEqual([
      "SuccessCriteriaMet=True SuccessPolicy",
      "Complete=True SuccessPolicy",
    ]);
    expect((await cluster.get(JOB, "j")).status).toMatchObject({
      succeeded: 1,
      completedIndexes: "0",
    });
  });

  test("an ignored failure is neither counted nor held against the limit", async () => {
    const cluster = await startTestCluster();
    const rule = {
      action: "Ignore" as const,
      onExitCodes: { operator: "In" as const, values: [1] },
    };
    await cluster.api.create(
      job({ backoffLimit: 0, podFailurePolicy: { rules: [rule] } }, FAILING),
    );
    await cluster.until("replaced", async () => (await cluster.list(POD, "default")).length >= 3);
    const { status } = await cluster.get(JOB, "j");
    expect(status?.failed).toBeUndefined();
    expect(await conditions(cluster)).toEqual([]);
  });

  test("one of another manager is left alone", async () => {
    const cluster = await startTestCluster();
    await cluster.api.create(job({ managedBy: "example.com/queue" }));
    await cluster.advance(60_000);
    expect(await cluster.list(POD, "default")).toEqual([]);
    expect((await cluster.get(JOB, "j")).status).toEqual({});
  });
});
