// kubectl against a running `keelson up`, as a person would use it: looking, changing, and committing to the repository.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runCommand, type CommandResult } from "../../scripts/run-command.ts";
import { createRealClock } from "../../src/core/index.ts";
import { git } from "../../src/delivery/git/git-process.ts";
import { findTool } from "../skip.ts";
import { requireBuild, startKeelson, type RunningCommand } from "./keelson-process.ts";

const tool = await findTool("kubectl");

let folder: string;
let running: RunningCommand;

/** Its cache stays in the test's folder: another cluster may have had this port before. */
function kubectl(...args: readonly string[]): Promise<CommandResult> {
  const kubeconfig = join(folder, ".keelson", "kubeconfig");
  const options = ["--kubeconfig", kubeconfig, "--cache-dir", join(folder, "cache")];
  return runCommand(tool ?? "kubectl", [...options, ...args], { cwd: folder });
}

/** What it printed; a failure is the test's. */
async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, output } = await kubectl(...args);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${code}\n${output}`);
  return stdout;
}

/** Looks again until it holds; the test's timeout ends a wait for nothing. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const clock = createRealClock({ keepAlive: true });
  while (!(await holds())) await clock.sleep(100);
}

const fieldOf = (workload: string, path: string): Promise<string> =>
  ok("get", ...workload.split(" "), "-o", `jsonpath={${path}}`);

const ELASTICMQ = "deployment/elasticmq -n messaging";
const STOREFRONT = "deployment/storefront -n storefront";
const IMAGE = ".spec.template.spec.containers[0].image";

describe.skipIf(tool === undefined)("kubectl against up", () => {
  beforeAll(async () => {
    await requireBuild();
    folder = mkdtempSync(join(tmpdir(), "keelson-kubectl-"));
    const ports = ["--port", "0", "--http-port", "0", "--https-port", "0"];
    running = startKeelson(
      folder,
      "up",
      "--blueprint",
      "local-first",
      "--simulated",
      "--timeout",
      "40",
      ...ports,
    );
    await running.printed("Ctrl-C stops everything.");
  });
  afterAll(async () => {
    running.signal("SIGINT");
    await running.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it("gets nodes and pods: all ready, none waiting", async () => {
    const nodes = (await ok("get", "nodes", "--no-headers")).trim().split("\n");
    expect(nodes.map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ["local-agent-1", "Ready"],
      ["local-agent-2", "Ready"],
      ["local-server-0", "Ready"],
    ]);
    const pods = (await ok("get", "pods", "-A", "--no-headers")).trim().split("\n");
    const states = new Set(pods.map((line) => line.split(/ +/)[3]));
    expect(states).toEqual(new Set(["Completed", "Running"]));
  });

  it("gets Applications with the columns of Argo CD's definition", async () => {
    const [header = "", ...rows] = (await ok("get", "applications", "-n", "argocd")).split("\n");
    expect(header.split(/ {2,}/)).toEqual(["NAME", "SYNC STATUS", "HEALTH STATUS"]);
    const wells = rows.filter(Boolean).map((row) => row.split(/ +/).slice(1, 3).join(" "));
    expect(new Set(wells)).toEqual(new Set(["Synced Healthy"]));
  });

  it("describes a Deployment and its pod, with events", async () => {
    const deployment = await ok("describe", ...STOREFRONT.split(" "));
    expect(deployment).toContain("1 desired | 1 updated | 1 total | 1 available");
    expect(deployment).toContain("ScalingReplicaSet");
    const pod = await ok("describe", "pods", "-n", "storefront");
    expect(pod).toMatch(/^Status: +Running$/m);
  });

  it("knows what it is served: resources, and their fields", async () => {
    const resources = await ok("api-resources", "-o", "name");
    for (const name of [
      "deployments.apps",
      "applications.argoproj.io",
      "sealedsecrets.bitnami.com",
    ])
      expect(resources.split("\n")).toContain(name);
    expect(await ok("explain", "deployment.spec")).toMatch(/^ +replicas\t<integer>$/m);
    expect(await ok("explain", "application.spec.source")).toMatch(/^ +path\t<string>$/m);
  });

  it("waits for pods, follows a rollout, reads a log that says simulated", async () => {
    await ok("wait", "--for=condition=Ready", "pods", "--all", "-n", "storefront");
    expect(await ok("rollout", "status", ...STOREFRONT.split(" "))).toContain("successfully");
    expect(await ok("logs", ...STOREFRONT.split(" "))).toContain("simulated");
  });

  it("applies, compares, refuses a conflict, and deletes", async () => {
    const file = join(folder, "mine.yaml");
    const write = (value: string): void =>
      writeFileSync(
        file,
        `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mine, namespace: storefront }\ndata: { a: "${value}" }\n`,
      );
    const apply = ["apply", "--server-side", "-f", file];
    write("one");
    expect(await ok(...apply)).toBe("configmap/mine serverside-applied\n");
    expect((await kubectl("diff", "--server-side", "-f", file)).code).toBe(0);
    write("two");
    const differs = await kubectl("diff", "--server-side", "-f", file);
    expect([differs.code, differs.stdout]).toEqual([1, expect.stringContaining("+  a: two")]);
    const conflict = await kubectl(...apply, "--field-manager", "somebody-else");
    expect([conflict.code, conflict.output]).toEqual([1, expect.stringContaining(".data.a")]);
    await ok(...apply);
    expect(await ok("delete", "-f", file)).toContain('configmap "mine" deleted');
    expect((await kubectl("get", "configmap", "mine", "-n", "storefront")).code).toBe(1);
  });

  it("scales what nobody manages from git", async () => {
    const name = "deployment/mine -n default";
    await ok("create", "deployment", "mine", "-n", "default", "--image=example.com/mine:1");
    await ok("scale", ...name.split(" "), "--replicas=2");
    await ok("rollout", "status", ...name.split(" "));
    expect(await fieldOf(name, ".status.readyReplicas")).toBe("2");
    await ok("delete", ...name.split(" "), "--cascade=foreground");
  });

  it("is warned of pods that an app's namespace refuses", async () => {
    const create = [
      "create",
      "deployment",
      "mine",
      "-n",
      "storefront",
      "--image=example.com/mine:1",
    ];
    const { code, output } = await kubectl(...create);
    expect([code, output]).toEqual([0, expect.stringContaining("would violate PodSecurity")]);
    const about = "deployment/mine -n storefront";
    const condition = '.status.conditions[?(@.type=="ReplicaFailure")].message';
    await until(async () => (await fieldOf(about, condition)).includes("violates PodSecurity"));
    await ok("delete", ...about.split(" "));
  });

  it("sees an edit of a Deployment undone", async () => {
    const before = await fieldOf(ELASTICMQ, IMAGE);
    const generation = Number(await fieldOf(ELASTICMQ, ".metadata.generation"));
    await ok("set", "image", ...ELASTICMQ.split(" "), "*=example.com/mine:1");
    await ok("scale", ...ELASTICMQ.split(" "), "--replicas=4");
    await until(async () => (await fieldOf(ELASTICMQ, IMAGE)) === before);
    await until(async () => (await fieldOf(ELASTICMQ, ".spec.replicas")) === "1");
    expect(Number(await fieldOf(ELASTICMQ, ".metadata.generation"))).toBeGreaterThan(
      generation + 1,
    );
  });

  it("sees a commit roll out", async () => {
    const printed = /^ +git +(\S+) /m.exec(running.said().stdout)?.[1];
    const directory = join(folder, printed ?? "");
    const file = join(directory, "apps", "storefront", "base", "deployment.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("storefront:0.1.0", "storefront:0.2.0"));
    await git(["commit", "--quiet", "--all", "--message", "A new version"], { directory });
    await until(async () => (await fieldOf(STOREFRONT, IMAGE)).endsWith(":0.2.0"));
    await ok("rollout", "status", ...STOREFRONT.split(" "));
    const images = ".items[*].spec.containers[*].image";
    // The old pod may still be terminating.
    await until(
      async () =>
        (await fieldOf("pods -n storefront", images)) === "ghcr.io/comind-ops/storefront:0.2.0",
    );
  });

  it("is told when up ends, however long it wanted to watch", async () => {
    const watching = kubectl("get", "pods", "-A", "--watch");
    await ok("get", "nodes");
    running.signal("SIGINT");
    expect((await running.ended).code).toBe(130);
    await watching;
  });
});
