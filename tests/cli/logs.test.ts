// `keelson logs` and `keelson open` beside a platform that runs: an API server whose pods have something to say, and the state
// folder that `up` keeps.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { followLogs } from "../../src/cli/logs/follow-logs.ts";
import type { NodeAgentHook } from "../../src/cluster/index.ts";
import { startServedCluster } from "../../src/cluster/serve/testing/served-cluster.ts";
import type { ServedCluster } from "../../src/cluster/serve/testing/served-cluster.ts";
import { createRealClock } from "../../src/core/index.ts";
import { createHttpsApi, readKubeconfig, StatusError } from "../../src/kubernetes/index.ts";
import { runKeelson, temporaryFolder } from "./run-keelson.ts";

/** Says what it was asked for; followed, goes on until it is told to end. */
const agent: NodeAgentHook = {
  async logs({ metadata: { name } }, options, onChunk, stopped) {
    const { container, previous, sinceSeconds, tailLines, follow } = options;
    if (name === "starting") throw new StatusError(WAITING);
    onChunk(`one of ${name}/${container}\n`);
    onChunk(`asked ${JSON.stringify({ previous, sinceSeconds, tailLines })}`);
    if (follow) await new Promise((resolve) => stopped.addEventListener("abort", resolve));
  },
};

const WAITING = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: 'container "app" in pod "starting" is waiting to start: ContainerCreating',
  reason: "BadRequest",
  code: 400,
} as const;

let cluster: ServedCluster;

beforeAll(async () => {
  cluster = await startServedCluster({ nodeAgent: agent });
  await pod("web-1", "web", ["app", "side"]);
  await pod("web-2", "web", ["app"]);
  await pod("api-1", "api", ["app"]);
  await pod("starting", "slow", ["app"]);
});
afterAll(() => cluster.served.close());

async function pod(name: string, app: string, containers: readonly string[]): Promise<void> {
  const path = "/api/v1/namespaces/default/pods";
  const metadata = { name, labels: { "app.kubernetes.io/name": app } };
  const spec = {
    nodeName: "n",
    containers: containers.map((one) => ({ name: one, image: "registry.example/app:1" })),
  };
  await cluster.send("POST", path, { apiVersion: "v1", kind: "Pod", metadata, spec });
  await running(name, containers, 0);
}

async function running(name: string, containers: readonly string[], restartCount: number) {
  const containerStatuses = containers.map((one) => ({
    name: one,
    ready: true,
    restartCount,
    image: "registry.example/app:1",
    imageID: "",
    state: { running: { startedAt: "2026-01-01T00:00:00Z" } },
  }));
  const body = { status: { phase: "Running", containerStatuses } };
  const path = `/api/v1/namespaces/default/pods/${name}/status`;
  const type = { "content-type": "application/merge-patch+json" };
  expect((await cluster.send("PATCH", path, body, type)).status).toBe(200);
}

/** A folder on which a platform runs. */
function folder(kubeconfig = cluster.served.kubeconfig): string {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, ".keelson"));
  writeFileSync(join(cwd, ".keelson", "kubeconfig"), kubeconfig);
  const addresses = [
    { app: "web", cluster: "dev-main", url: "https://web.dev.example:8443" },
    { app: "web", cluster: "test-main", url: "https://web.test.example:8443" },
    { app: "shop", cluster: "dev-main", url: "http://shop.dev.example:8080" },
  ];
  writeFileSync(join(cwd, ".keelson", "addresses.json"), JSON.stringify(addresses));
  return cwd;
}

const ASKED = 'asked {"previous":false}';

describe("logs", () => {
  it("prints the lines of one pod as they are", async () => {
    const { code, stdout, stderr } = await runKeelson(folder(), "logs", "api");
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `one of api-1/app\n${ASKED}\n`,
      stderr: "",
    });
  });

  it("names the pod, and its container, where there are several", async () => {
    const { stdout } = await runKeelson(folder(), "logs", "web");
    expect(stdout.split("\n")).toEqual([
      "web-1/app  one of web-1/app",
      `web-1/app  ${ASKED}`,
      "web-1/side  one of web-1/side",
      `web-1/side  ${ASKED}`,
      "web-2  one of web-2/app",
      `web-2  ${ASKED}`,
      "",
    ]);
  });

  it("hands the options on", async () => {
    const args = ["--previous", "--since", "1m30s", "--tail", "0"];
    const { stdout } = await runKeelson(folder(), "logs", "api", ...args);
    expect(stdout).toContain('asked {"previous":true,"sinceSeconds":90,"tailLines":0}');
  });

  it.each([
    {
      name: "an app nobody runs",
      args: ["absent"],
      code: 1,
      error: "error: no pod of absent is there\n  hint: there are api, slow, web\n",
    },
    {
      name: "a container that has not started",
      args: ["slow"],
      code: 1,
      error:
        'error: starting: container "app" in pod "starting" is waiting to start: ContainerCreating\n',
    },
    {
      name: "a cluster that is not there",
      args: ["web", "--cluster", "other"],
      code: 2,
      error: "no cluster other runs here",
    },
    {
      name: "no duration",
      args: ["web", "--since", "soon"],
      code: 2,
      error: "--since soon is no duration",
    },
    { name: "no number", args: ["web", "--tail", "few"], code: 2, error: "a number of lines" },
  ])("refuses $name", async ({ args, code, error }) => {
    const said = await runKeelson(folder(), "logs", ...args);
    expect(said.code).toBe(code);
    expect(said.stderr).toContain(error);
  });

  it("says when nothing runs here, or not any more", async () => {
    const nowhere = await runKeelson(temporaryFolder(), "logs", "web");
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain("no platform runs on this folder");
    const gone = cluster.served.kubeconfig.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1");
    const said = await runKeelson(folder(gone), "logs", "web");
    expect(said.code).toBe(1);
    expect(said.stderr).toContain("does not answer at https://127.0.0.1:1");
  });

  it("followed go on in the next run of a container and in new pods", async () => {
    let text = "";
    const clock = createRealClock({ keepAlive: true });
    const api = createHttpsApi(readKubeconfig(cluster.served.kubeconfig));
    const stopped = new AbortController();
    const terminal = { out: (more: string) => (text += more) };
    const reading = { tailLines: 5 };
    const following = followLogs({ api, app: "api", reading, terminal }, stopped.signal);
    const until = async (part: string): Promise<void> => {
      while (!text.includes(part)) await clock.sleep(5);
    };
    await until("one of api-1/app\n");
    await running("api-1", ["app"], 1);
    await until("one of api-1/app\none of api-1/app\n");
    await pod("api-2", "api", ["app"]);
    await until("api-2  one of api-2/app\n");
    stopped.abort();
    await following;
    api.close();
    const lines = text.split("\n");
    expect(lines.filter((line) => line.includes("tailLines")).length).toBe(1);
  });
});

describe("open", () => {
  it.each([
    { args: ["web"], url: "https://web.dev.example:8443" },
    { args: ["web", "--cluster", "test-main"], url: "https://web.test.example:8443" },
    { args: ["shop"], url: "http://shop.dev.example:8080" },
  ])("prints where $args answers", async ({ args, url }) => {
    expect(await runKeelson(folder(), "open", ...args)).toEqual({
      code: 0,
      stdout: `${url}\n`,
      stderr: "",
    });
  });

  it("says what there is instead", async () => {
    const said = await runKeelson(folder(), "open", "absent");
    expect(said).toEqual({
      code: 1,
      stdout: "",
      stderr: "error: nothing answers for absent from outside\n  hint: there is web, shop\n",
    });
  });

  it("says when nothing runs here", async () => {
    const said = await runKeelson(temporaryFolder(), "open", "web");
    expect(said.code).toBe(2);
    expect(said.stderr).toContain("no platform runs on this folder");
  });
});
