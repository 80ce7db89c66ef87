// Pods as real processes of this machine: their life from start to end, seen through the API. The clock runs fast, so that
// back-offs and periods of seconds pass in a moment.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { POD } from "../../../kubernetes/index.ts";
import type { Pod } from "../../../kubernetes/index.ts";
import { readProcess } from "./process-table.ts";
import { startProcessCluster } from "./testing/process-cluster.ts";
import type { ProcessCluster } from "./testing/process-cluster.ts";

let cluster: ProcessCluster;
const heard: string[] = [];
const folder = mkdtempSync(join(tmpdir(), "keelson-process-"));

beforeAll(async () => {
  cluster = await startProcessCluster({
    folder,
    onLogLine: ({ pod, container, text }) =>
      heard.push(`${pod.metadata.name}/${container}: ${text}`),
  });
});

afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

const IDLE = "setInterval(() => {}, 1e6);";
const ready = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
const phaseIs = (phase: string) => (pod: Pod) => pod.status?.phase === phase;
const restarted = (count: number) => (pod: Pod) =>
  (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) >= count && ready(pod);

describe("life", () => {
  test("runs, says which it is, and logs", async () => {
    const env = [{ name: "WHO", value: "world" }];
    await cluster.run("hello", { script: `console.log('hello', process.env.WHO); ${IDLE}`, env });
    const pod = await cluster.until("hello", ready);
    expect(pod.metadata.annotations?.["keelson.dev/agent"]).toBe("process");
    expect(pod.status?.podIP).toMatch(/^127\./);
    await cluster.untilLog("hello", "hello world\n");
    expect(heard).toContain("hello/c: hello world");
    await cluster.untilEvent("hello", "Normal Started: Container started");
  });

  test("a container without local form leaves the pod to the simulation", async () => {
    await cluster.run("other", { script: "", image: "nginx:1" });
    const pod = await cluster.until("other", ready);
    expect(pod.metadata.annotations?.["keelson.dev/agent"]).toBe("simulated");
  });

  test("ends with the exit code of its process", async () => {
    const spec = { restartPolicy: "Never" } as const;
    await cluster.run("good", { script: "console.log('done')", spec });
    await cluster.run("bad", { script: "process.exit(3)", spec });
    const good = await cluster.until("good", phaseIs("Succeeded"));
    const bad = await cluster.until("bad", phaseIs("Failed"));
    const endOf = (pod: Pod) => pod.status?.containerStatuses?.[0]?.state?.terminated;
    expect(endOf(good)).toMatchObject({ exitCode: 0, reason: "Completed" });
    expect(endOf(bad)).toMatchObject({ exitCode: 3, reason: "Error" });
    expect(await cluster.log("good")).toBe("done\n");
  });

  test("is ended when its time is over", async () => {
    await cluster.run("overdue", { script: IDLE, spec: { activeDeadlineSeconds: 2 } });
    const { status } = await cluster.until("overdue", phaseIs("Failed"));
    expect(status).toMatchObject({
      reason: "DeadlineExceeded",
      containerStatuses: [{ state: { terminated: { exitCode: 143, reason: "Error" } } }],
    });
  });

  test("its last words are in the status", async () => {
    const spec = { restartPolicy: "Never" } as const;
    const write = `require("node:fs").writeFileSync(process.env.FILE, "because")`;
    const env = [{ name: "FILE", value: "$(KEELSON_ROOT)/dev/termination-log" }];
    await cluster.run("words", { script: write, env, spec });
    const terminationMessagePolicy = "FallbackToLogsOnError";
    const fail = "console.log('why'); process.exitCode = 1";
    await cluster.run("log-words", { script: fail, terminationMessagePolicy, spec });
    const wordsOf = (pod: Pod) => pod.status?.containerStatuses?.[0]?.state?.terminated?.message;
    expect(wordsOf(await cluster.until("words", phaseIs("Succeeded")))).toBe("because");
    expect(wordsOf(await cluster.until("log-words", phaseIs("Failed")))).toBe("why\n");
  });

  test("a process killed by hand is seen, started again, backed off and told", async () => {
    await cluster.run("victim", { script: `console.log('pid', process.pid); ${IDLE}` });
    const pidOf = (pod: Pod) =>
      Number(pod.status?.containerStatuses?.[0]?.containerID?.split("//")[1]);
    process.kill(pidOf(await cluster.until("victim", ready)), "SIGKILL");
    const again = await cluster.until("victim", restarted(1));
    expect(again.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: "Error",
    });
    await cluster.untilLog("victim", `pid ${pidOf(again)}`);
    process.kill(pidOf(again), "SIGKILL");
    const waiting = await cluster.until(
      "victim",
      ({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === "CrashLoopBackOff",
    );
    expect(waiting.status?.containerStatuses?.[0]?.state?.waiting?.message).toMatch(
      /^back-off 10s restarting failed container=c pod=victim_default\(/,
    );
    await cluster.until("victim", restarted(2));
    await cluster.untilEvent("victim", "Warning BackOff: Back-off restarting failed container c");
    expect(await cluster.log("victim", { previous: true })).toBe(`pid ${pidOf(again)}\n`);
  });

  test("deleting it ends the whole process group, with the grace it is given", async () => {
    const script = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); ${IDLE}"]);
      process.on("SIGTERM", () => process.exit(0));
      console.log("child", child.pid);
      ${IDLE}`;
    await cluster.run("group", { script });
    await cluster.until("group", ready);
    await cluster.untilLog("group", "child");
    const child = Number((await cluster.log("group")).split(" ")[1]);
    await cluster.api.delete({ ...POD, name: "group", namespace: "default" });
    await cluster.untilGone("group");
    expect(readProcess(child)).toBeUndefined();
    await cluster.untilEvent("group", "Normal Killing: Stopping container c");
  });
});
