// A cluster in one call, as a test's author has it: virtual time, real time, served.

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";

import { DAY_MS, HOUR_MS } from "../core/index.ts";
import type { KubeApi, KubernetesObject } from "../kubernetes/index.ts";
import { startCluster, startVirtualCluster } from "./start-cluster.ts";

const POD = { apiVersion: "v1", kind: "Pod" };
const JOB = { apiVersion: "batch/v1", kind: "Job" };

function deployment(replicas: number): KubernetesObject {
  const template = {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "web", image: "registry.example/web:1" }] },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: { replicas, selector: { matchLabels: { app: "web" } }, template },
  };
}

function nightly(): KubernetesObject {
  const podSpec = {
    restartPolicy: "Never",
    containers: [{ name: "dump", image: "registry.example/dump:1" }],
  };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "nightly", namespace: "default" },
    spec: {
      schedule: "0 3 * * *",
      successfulJobsHistoryLimit: 10,
      jobTemplate: { spec: { template: { spec: podSpec } } },
    },
  };
}

async function names(api: KubeApi, kind: typeof POD): Promise<readonly string[]> {
  const { items } = await api.list(kind, { namespace: "default" });
  return items.map(({ metadata }) => metadata.name);
}

describe("startVirtualCluster", () => {
  it("settles, and is the same every time", async () => {
    const run = async (): Promise<readonly string[]> => {
      const cluster = await startVirtualCluster();
      await cluster.api.create(deployment(3));
      await cluster.settled();
      const pods = await names(cluster.api, POD);
      await cluster.stop();
      return pods;
    };
    const pods = await run();
    expect(pods).toHaveLength(3);
    expect(await run()).toEqual(pods);
  });

  it("lets days pass", async () => {
    const cluster = await startVirtualCluster();
    await cluster.api.create(nightly());
    await cluster.advance(3 * DAY_MS);
    expect(await names(cluster.api, JOB)).toHaveLength(3);
    await cluster.stop();
  });

  it("waits for a condition in its own time", async () => {
    const cluster = await startVirtualCluster();
    await cluster.api.create(nightly());
    const ran = async (): Promise<boolean> => (await names(cluster.api, JOB)).length > 0;
    await expect(cluster.until(ran, { withinMs: HOUR_MS })).rejects.toThrow("did not hold");
    await cluster.until(ran, { withinMs: 3 * HOUR_MS });
    expect(new Date(cluster.clock.now()).toISOString()).toMatch(/^2026-01-01T03:00:00/);
    await cluster.stop();
  });
});

describe("startCluster", () => {
  it("is served to clients of any language, with a kubeconfig as text and as a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "keelson-start-"));
    const file = join(folder, "kubeconfig");
    const cluster = await startCluster({ nodes: [{ count: 1 }] });
    const served = await cluster.serve({ kubeconfig: file });
    expect(readFileSync(file, "utf8")).toBe(served.kubeconfig);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const config = new KubeConfig();
    config.loadFromFile(file);
    const { items } = await config.makeApiClient(CoreV1Api).listNode();
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(["node-0"]);
    await cluster.stop();
    rmSync(folder, { recursive: true });
  });

  it("waits for a condition", async () => {
    const cluster = await startCluster();
    await cluster.api.create(deployment(2));
    await cluster.until(async () => (await names(cluster.api, POD)).length === 2);
    await expect(cluster.until(() => false, { withinMs: 1 })).rejects.toThrow("did not hold");
    await cluster.stop();
  });
});
