// `kubectl top` of a stock kubectl against a served cluster. Cluster time runs fast, so that samples are there soon.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findTool } from "../../../tests/skip.ts";
import { createRealClock, createRng, createScaledClock } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { createEmbeddedCluster } from "../embedded-cluster.ts";
import type { EmbeddedCluster } from "../embedded-cluster.ts";
import { serveApi } from "./serve-api.ts";
import type { ServedApi } from "./serve-api.ts";
import { ask } from "./testing/https-client.ts";

const kubectl = await findTool("kubectl");

let home: string;
let cluster: EmbeddedCluster;
let served: ServedApi;

const PREFIX = "simulation.keelson.dev";

function pod(
  name: string,
  annotations: Readonly<Record<string, string>>,
  containers: readonly string[] = ["app"],
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: name }, annotations },
    spec: {
      nodeName: "node-0",
      containers: containers.map((container) => ({
        name: container,
        image: "registry.example/app:1",
        resources: { requests: { cpu: "100m", memory: "64Mi" } },
      })),
    },
  };
}

async function start(): Promise<void> {
  home = mkdtempSync(join(tmpdir(), "keelson-top-"));
  const clock = createRealClock({ keepAlive: true });
  cluster = createEmbeddedCluster({
    name: "test",
    clock: createScaledClock(200, clock),
    rng: createRng("top"),
    nodes: [{ count: 2 }],
  });
  served = await serveApi(cluster.context, { name: "test", port: 0, clock });
  await cluster.start();
  writeFileSync(join(home, "config"), served.kubeconfig);
  const declared = { [`${PREFIX}/cpu`]: "250m", [`${PREFIX}/memory`]: "300Mi" };
  await cluster.api.create(pod("declared", declared));
  await cluster.api.create(pod("default", {}));
  await cluster.api.create(
    pod("split", { ...declared, [`${PREFIX}/cpu.log`]: "5m" }, ["app", "log"]),
  );
  for (let measured = 0; measured < 3;) {
    await cluster.clock.sleep(5_000);
    measured = (
      await cluster.api.list({ apiVersion: "metrics.k8s.io/v1beta1", kind: "PodMetrics" })
    ).items.length;
  }
}

async function stop(): Promise<void> {
  cluster.stop();
  await served.close();
  rmSync(home, { recursive: true });
}

/** What a command prints, runs of blanks squeezed to two. */
function run(command: string): Promise<readonly string[]> {
  const env = { PATH: process.env["PATH"], HOME: home, KUBECONFIG: join(home, "config") };
  return new Promise((resolve) => {
    execFile(kubectl ?? "", command.split(" "), { env }, (_error, stdout, stderr) => {
      const text = stdout + stderr.replace(/^WARNING: version difference.*\n/, "");
      resolve(
        text
          .trimEnd()
          .split("\n")
          .map((line) => line.trimEnd().replaceAll(/ {2,}/g, "  ")),
      );
    });
  });
}

describe.skipIf(kubectl === undefined)("kubectl top", () => {
  beforeAll(start);
  afterAll(stop);

  it("prints what pods use", async () => {
    expect(await run("top pods")).toEqual([
      "NAME  CPU(cores)  MEMORY(bytes)",
      "declared  250m  300Mi",
      "default  20m  32Mi",
      "split  130m  300Mi",
    ]);
    expect(await run("top pods --sort-by=cpu --no-headers -l app!=split")).toEqual([
      "declared  250m  300Mi",
      "default  20m  32Mi",
    ]);
    expect(await run("top pod declared -n default")).toHaveLength(2);
    expect(await run("top pod absent")).toEqual([
      'Error from server (NotFound): pods "absent" not found',
    ]);
  });

  it("prints what containers use", async () => {
    expect(await run("top pods --containers -l app=split")).toEqual([
      "POD  NAME  CPU(cores)  MEMORY(bytes)",
      "split  app  125m  150Mi",
      "split  log  5m  150Mi",
    ]);
    expect(await run("top pods -A --sum -l app=declared")).toEqual([
      "NAMESPACE  NAME  CPU(cores)  MEMORY(bytes)",
      "default  declared  250m  300Mi",
      "  ________  ________",
      "  250m  300Mi",
    ]);
  });

  it("prints what nodes use", async () => {
    expect(await run("top nodes")).toEqual([
      "NAME  CPU(cores)  CPU(%)  MEMORY(bytes)  MEMORY(%)",
      "node-0  450m  11%  1032Mi  6%",
      "node-1  50m  1%  400Mi  2%",
    ]);
  });

  it("lists the API and its table", async () => {
    expect(await run("get apiservice v1beta1.metrics.k8s.io --no-headers")).toEqual([
      expect.stringMatching(/^v1beta1\.metrics\.k8s\.io {2}Local {2}True/),
    ]);
    expect(await run("get podmetrics declared")).toEqual([
      "NAME  CPU  MEMORY  WINDOW",
      "declared  250m  300Mi  15s",
    ]);
    expect(await run("api-resources --api-group=metrics.k8s.io -o name")).toEqual([
      "nodes.metrics.k8s.io",
      "pods.metrics.k8s.io",
    ]);
  });

  it("answers JSON to clients that would rather have protobuf", async () => {
    const accept = "application/vnd.kubernetes.protobuf";
    const answer = await ask(`${served.url}/apis/metrics.k8s.io/v1beta1/nodes`, {
      ca: served.caPem,
      headers: { accept, authorization: `Bearer ${served.token}` },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(answer.text)).toMatchObject({ kind: "NodeMetricsList" });
  });

  it("is gone with its APIService, and 503 while that is not available", async () => {
    const url = `${served.url}/apis/metrics.k8s.io/v1beta1/nodes`;
    const headers = { authorization: `Bearer ${served.token}` };
    const status = async (): Promise<number> =>
      (await ask(url, { ca: served.caPem, headers })).status;
    const ref = {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      name: "v1beta1.metrics.k8s.io",
    };
    const body = {
      spec: { service: { namespace: "kube-system", name: "metrics-server", port: 443 } },
    };
    await cluster.api.patch(ref, { type: "merge", body });
    for (let code = 200; code !== 503; code = await status()) await cluster.clock.sleep(100);
    expect(await run("get apiservice v1beta1.metrics.k8s.io --no-headers")).toEqual([
      expect.stringContaining("kube-system/metrics-server  False (ServiceNotFound)"),
    ]);
    await cluster.api.delete(ref);
    expect(await status()).toBe(404);
    expect(await run("top nodes")).toEqual(["error: Metrics API not available"]);
  });
});
