// Stock kubectl of every minor version on this machine, with streams into pods that run processes: commands and their codes,
// input, terminals, forwarded ports, copies both ways. Up to 1.29 it speaks SPDY, then WebSocket, and SPDY inside it for ports.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createProcessAgent } from "../../../src/cluster/serve/testing/process-agent.ts";
import { runPod } from "../../../src/cluster/serve/testing/running-pod.ts";
import { startServedCluster } from "../../../src/cluster/serve/testing/served-cluster.ts";
import type { ServedCluster } from "../../../src/cluster/serve/testing/served-cluster.ts";
import { findTool, printSkip } from "../../skip.ts";
import { findKubectls } from "./kubectl-binaries.ts";

const found = await findKubectls();
if (found.length === 0) printSkip("kubectl streams", "no kubectl on the PATH");
const isFullWalk = process.env["KEELSON_KUBECTL_WALK"] === "full";
/** The oldest and the newest, and those between where the protocol changes. */
const kubectls = found.filter(
  ({ minor }, index) =>
    isFullWalk || index === 0 || index === found.length - 1 || minor === 30 || minor === 31,
);
const script = await findTool("script");

const server = createServer((request, response) => response.end(`served ${request.url}`));
let cluster: ServedCluster;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "keelson-streams-"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cluster = await startServedCluster({ nodeAgent: createProcessAgent() });
  await runPod(cluster, { name: "web", port: portOf() });
  writeFileSync(join(home, "kubeconfig"), cluster.served.kubeconfig);
});
afterAll(async () => {
  server.close();
  await cluster.served.close();
  rmSync(home, { recursive: true, force: true });
});

function portOf(): number {
  return (server.address() as AddressInfo).port;
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, HOME: home, KUBECONFIG: join(home, "kubeconfig"), TERM: "dumb" };
}

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(file: string, args: readonly string[], input = ""): Promise<Said> {
  return new Promise((resolve) => {
    const options = { env: environment(), cwd: home, timeout: 30_000 };
    const child = execFile(file, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 128);
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

describe.each(kubectls.map(({ path, minor }) => ({ name: `kubectl 1.${minor}`, path })))(
  "$name",
  ({ path }) => {
    it("runs commands, and ends with their code", async () => {
      const shell = ["exec", "web", "--", "sh", "-c", "echo out; echo err >&2; exit 3"];
      const { code, stdout, stderr } = await run(path, shell);
      expect([code, stdout]).toEqual([3, "out\n"]);
      expect(stderr.split("\n").toSorted()).toEqual([
        "",
        "command terminated with exit code 3",
        "err",
      ]);
    });

    it("hands on its input, to the end", async () => {
      const text = "line\n".repeat(100_000);
      const { code, stdout } = await run(path, ["exec", "-i", "web", "--", "cat"], text);
      expect(code).toBe(0);
      expect(stdout.length).toBe(text.length);
    });

    it.skipIf(script === undefined)("gives a command its terminal", async () => {
      const command = `${path} exec -it web -- sh -c 'read line; echo "heard $line"; exit 4'`;
      const said = await run(script ?? "", ["-qec", command, "/dev/null"], "hello\n");
      expect(said.stdout).toContain("heard hello");
      expect(said.code).toBe(4);
    });

    it("joins a running process", async () => {
      const { code, stdout } = await run(path, ["attach", "-i", "web"], "hello\n");
      expect([code, stdout]).toEqual([0, "hello\n"]);
    });

    it("copies both ways", async () => {
      const sent = join(home, "sent");
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
      writeFileSync(sent, bytes);
      const folder = mkdtempSync(join(home, "pod-"));
      expect((await run(path, ["cp", sent, `web:${folder}/there`])).code).toBe(0);
      expect(readFileSync(join(folder, "there")).equals(bytes)).toBe(true);
      expect((await run(path, ["cp", `web:${folder}/there`, "back"])).code).toBe(0);
      expect(readFileSync(join(home, "back")).equals(bytes)).toBe(true);
    });

    it("forwards a port to several connections", async () => {
      const child = spawn(path, ["port-forward", "pod/web", `:${portOf()}`], {
        env: environment(),
        stdio: ["ignore", "pipe", "inherit"],
      });
      try {
        const [line] = (await once(child.stdout, "data")) as [Buffer];
        const [, port] = /127\.0\.0\.1:(\d+)/.exec(String(line)) ?? [];
        const ask = async (url: string): Promise<string> =>
          (await fetch(`http://127.0.0.1:${port}${url}`)).text();
        expect(await Promise.all(["/a", "/b", "/c"].map(ask))).toEqual([
          "served /a",
          "served /b",
          "served /c",
        ]);
      } finally {
        child.kill("SIGKILL");
      }
    });

    it("reads through the proxy", async () => {
      const at = `/api/v1/namespaces/default/pods/web:${portOf()}/proxy/a?b=c`;
      expect((await run(path, ["get", "--raw", at])).stdout).toBe("served /a?b=c");
    });
  },
);

it.skipIf(found.length === 0)("is understood at once: no kubectl falls back", async () => {
  const { text } = await cluster.get("/metrics");
  const streams = text
    .split("\n")
    .filter((line) => /subresource="(exec|attach|portforward)"/.test(line))
    .map((line) => /code="(\d+)".*subresource="(\w+)"/.exec(line)?.slice(1).join(" ") ?? line);
  expect(streams.toSorted()).toEqual(["101 attach", "101 exec", "101 portforward"]);
});
