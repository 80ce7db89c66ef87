// exec and attach over WebSocket, against real processes; what stock kubectl makes of them is in tests/conformance/clients.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createRealClock } from "../../../core/index.ts";
import { createProcessAgent } from "../testing/process-agent.ts";
import { runPod } from "../testing/running-pod.ts";
import { startServedCluster } from "../testing/served-cluster.ts";
import type { ServedCluster } from "../testing/served-cluster.ts";
import { openWebSocket, upgrade } from "../testing/stream-client.ts";

const agent = createProcessAgent();
let cluster: ServedCluster;

beforeAll(async () => {
  cluster = await startServedCluster({ nodeAgent: agent });
  await runPod(cluster, { name: "web" });
  await runPod(cluster, { name: "two", containers: ["app", "side"] });
  await runPod(cluster, { name: "simulated" });
  const spec = { nodeName: "n", containers: [{ name: "app", image: "i" }] };
  const waiting = { apiVersion: "v1", kind: "Pod", metadata: { name: "waiting" }, spec };
  await cluster.send("POST", PODS, waiting);
});
afterAll(() => cluster.served.close());

const PODS = "/api/v1/namespaces/default/pods";
const [STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSE] = [0, 1, 2, 3, 4, 255] as const;

function exec(script: string, more = "stdout=1&stderr=1"): string {
  const command = ["sh", "-c", script].map((one) => `command=${encodeURIComponent(one)}`);
  return `${PODS}/web/exec?${command.join("&")}&${more}`;
}

async function until(condition: () => boolean): Promise<void> {
  const clock = createRealClock({ keepAlive: true });
  while (!condition()) await clock.sleep(5);
}

describe("a command", () => {
  it.each([
    { protocols: ["v5.channel.k8s.io", "v4.channel.k8s.io"], chosen: "v5.channel.k8s.io" },
    { protocols: ["v9.channel.k8s.io", "v4.channel.k8s.io"], chosen: "v4.channel.k8s.io" },
    { protocols: ["v4.base64.channel.k8s.io"], chosen: "v4.base64.channel.k8s.io" },
  ])("is heard by channel, and its code told last: $chosen", async ({ protocols, chosen }) => {
    const heard = await openWebSocket(cluster, exec("echo out; echo err >&2; exit 3"), protocols);
    expect(heard.protocol).toBe(chosen);
    expect(await heard.closed).toBe(1000);
    expect([heard.on(STDOUT), heard.on(STDERR)]).toEqual(["out\n", "err\n"]);
    expect(JSON.parse(heard.on(ERROR))).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      reason: "NonZeroExitCode",
      message: "command terminated with non-zero exit code: exit status 3",
      details: { causes: [{ reason: "ExitCode", message: "3" }] },
    });
  });

  it.each([
    { protocols: ["channel.k8s.io"] },
    { protocols: ["base64.channel.k8s.io"] },
    { protocols: [] },
  ])("before version 4 ends in words: $protocols", async ({ protocols }) => {
    const failed = await openWebSocket(cluster, exec("exit 3"), protocols);
    await failed.closed;
    expect(failed.on(ERROR)).toBe("command terminated with non-zero exit code: exit status 3");
    const succeeded = await openWebSocket(cluster, exec("true"), protocols);
    await succeeded.closed;
    expect(succeeded.on(ERROR)).toBe("");
  });

  it("reads to the end of the input, which version 5 tells", async () => {
    const heard = await openWebSocket(cluster, exec("cat; echo done", "stdin=1&stdout=1"));
    heard.send(STDIN, "one ");
    heard.send(STDIN, "two ");
    heard.send(CLOSE, "\0");
    await heard.closed;
    expect(heard.on(STDOUT)).toBe("one two done\n");
    expect(JSON.parse(heard.on(ERROR))).toMatchObject({ status: "Success" });
  });

  it("takes more than waits in memory, at its own pace", async () => {
    const heard = await openWebSocket(cluster, exec("sleep 0.2; wc -c", "stdin=1&stdout=1"));
    for (let sent = 0; sent < 24; sent += 1) heard.send(STDIN, "x".repeat(1024 * 1024));
    heard.send(CLOSE, "\0");
    await heard.closed;
    expect(Number(heard.on(STDOUT))).toBe(24 * 1024 * 1024);
  });

  it("hears of the terminal's size, and has one output", async () => {
    const path = exec("read line; echo $line >&2", "stdin=1&stdout=1&stderr=1&tty=1");
    const heard = await openWebSocket(cluster, path);
    heard.send(RESIZE, '{"Width":80,"Height":24}');
    heard.send(RESIZE, "nonsense}{");
    heard.send(RESIZE, '"Width":100,"Height":30}');
    await until(() => agent.sizes.length === 2);
    expect(agent.sizes).toEqual(["80x24", "100x30"]);
    heard.send(STDIN, "said\n");
    await heard.closed;
    expect([heard.on(STDOUT), heard.on(STDERR)]).toEqual(["said\n", ""]);
  });

  it("ends when its client goes", async () => {
    const before = agent.running.size;
    const heard = await openWebSocket(cluster, exec("exec sleep 600"));
    await until(() => agent.running.size === before + 1);
    heard.socket.terminate();
    await until(() => agent.running.size === before);
  });

  it("that cannot be started says so", async () => {
    const heard = await openWebSocket(cluster, `${PODS}/web/exec?command=/absent&stdout=1`);
    await heard.closed;
    expect(JSON.parse(heard.on(ERROR))).toMatchObject({
      status: "Failure",
      message: "Internal error occurred: spawn /absent ENOENT",
    });
  });

  it("joins the process of a container", async () => {
    const heard = await openWebSocket(cluster, `${PODS}/web/attach?stdin=1&stdout=1`);
    heard.send(STDIN, "hello");
    heard.send(CLOSE, "\0");
    await heard.closed;
    expect(heard.on(STDOUT)).toBe("hello");
  });
});

describe("what a client may do wrong", () => {
  it.each([
    { name: "a message that is too long", send: Buffer.alloc(17 * 1024 * 1024), code: 1009 },
  ])("ends its connection alone: $name", async ({ send, code }) => {
    const heard = await openWebSocket(cluster, exec("exec cat", "stdin=1&stdout=1"));
    heard.socket.send(send);
    expect(await heard.closed).toBe(code);
    await until(() => agent.running.size === 0);
  });

  it.each([
    { name: "no message", send: "" },
    { name: "an unknown channel", send: "\x63lost" },
    { name: "a channel that is not its to write", send: "\x01lost" },
    { name: "the end of a channel that is not there", send: "\xff\x63" },
    { name: "half a close signal", send: "\xff" },
  ])("is passed over: $name", async ({ send }) => {
    const heard = await openWebSocket(cluster, exec("cat", "stdin=1&stdout=1"));
    heard.socket.send(Buffer.from(send, "latin1"));
    heard.send(STDIN, "said");
    heard.send(CLOSE, "\0");
    heard.send(CLOSE, "\0");
    await heard.closed;
    expect(heard.on(STDOUT)).toBe("said");
  });

  it("is cut in the middle of a frame that is none", async () => {
    const { socket } = await upgrade(cluster, "GET", exec("exec cat", "stdin=1"), WEBSOCKET);
    socket?.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    await new Promise((resolve) => socket?.once("close", resolve).resume());
    await until(() => agent.running.size === 0);
  });
});

const WEBSOCKET = {
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-protocol": "v4.channel.k8s.io",
};
const SPDY = { upgrade: "SPDY/3.1", "x-stream-protocol-version": "v4.channel.k8s.io" };

describe("before the upgrade", () => {
  it.each([
    {
      name: "a simulated pod",
      path: `${PODS}/simulated/exec?command=ls&stdout=1`,
      status: 501,
      message:
        "pods/exec needs a process, and pod default/simulated is simulated: nothing runs in it",
    },
    {
      name: "an absent pod",
      path: `${PODS}/absent/exec?command=ls&stdout=1`,
      status: 404,
      message: 'pods "absent" not found',
    },
    {
      name: "a container that does not run",
      path: `${PODS}/waiting/exec?command=ls&stdout=1`,
      status: 500,
      message: 'container not found ("app")',
    },
    {
      name: "a container nobody declared",
      path: `${PODS}/web/exec?command=ls&stdout=1&container=other`,
      status: 400,
      message: "container other is not valid for pod web",
    },
    {
      name: "one of several containers, unnamed",
      path: `${PODS}/two/exec?command=ls&stdout=1`,
      status: 400,
      message: "a container name must be specified for pod two, choose one of: [app side]",
    },
    {
      name: "no stream",
      path: `${PODS}/web/exec?command=ls`,
      status: 400,
      message: "you must specify at least 1 of stdin, stdout, stderr",
    },
    {
      name: "a pod that forwards no port yet",
      path: `${PODS}/waiting/portforward?ports=80`,
      status: 500,
      message: "pod default/waiting is not running",
    },
  ])("refuses $name, by WebSocket and SPDY alike", async ({ path, status, message }) => {
    for (const [method, headers] of [
      ["GET", WEBSOCKET],
      ["POST", SPDY],
    ] as const) {
      const refused = await upgrade(cluster, method, path, headers);
      expect(refused.status).toBe(status);
      expect("text" in refused && JSON.parse(refused.text)).toMatchObject({
        kind: "Status",
        message,
      });
    }
  });

  it.each([
    { name: "no upgrade", headers: {}, status: 400, message: "Upgrade request required" },
    {
      name: "an upgrade to something else",
      headers: { upgrade: "h2c" },
      status: 400,
      message: "Upgrade request required",
    },
    {
      name: "SPDY that speaks nothing known",
      headers: { ...SPDY, "x-stream-protocol-version": "v9" },
      status: 403,
      message:
        "unable to upgrade: unable to negotiate protocol: client supports [v9], server accepts [v4.channel.k8s.io v3.channel.k8s.io v2.channel.k8s.io channel.k8s.io]",
    },
    {
      name: "WebSocket that speaks nothing known",
      method: "GET",
      headers: { ...WEBSOCKET, "sec-websocket-protocol": "v9" },
      status: 400,
      message: "unable to upgrade: none of the subprotocols [v9] is served",
    },
    {
      name: "another method",
      method: "PUT",
      headers: SPDY,
      status: 405,
      message: "the server does not allow this method on the requested resource",
    },
  ])("refuses $name", async ({ method = "POST", headers, status, message }) => {
    const refused = await upgrade(cluster, method, exec("true"), headers);
    expect(refused.status).toBe(status);
    expect("text" in refused && JSON.parse(refused.text)).toMatchObject({ message });
  });

  it.each([
    { name: "a version nobody speaks", headers: { "sec-websocket-version": "99" }, status: 400 },
    { name: "no key", headers: { "sec-websocket-key": "" }, status: 400 },
  ])("is a handshake, or ends: $name", async ({ headers, status }) => {
    const refused = await upgrade(cluster, "GET", exec("true"), { ...WEBSOCKET, ...headers });
    expect(refused.status).toBe(status);
    expect((await cluster.get("/readyz")).status).toBe(200);
  });

  it("answers requests whose upgrade nobody wants as any other", async () => {
    const answer = await upgrade(cluster, "GET", `${PODS}/web`, { upgrade: "h2c" });
    expect(answer.status).toBe(200);
    expect("text" in answer && JSON.parse(answer.text)).toMatchObject({ kind: "Pod" });
  });
});

it("counts streams as the API server does", async () => {
  const heard = await openWebSocket(cluster, exec("true"));
  await heard.closed;
  const { text } = await cluster.get("/metrics");
  expect(text).toMatch(
    /apiserver_request_total\{code="101",.*resource="pods",scope="resource",subresource="exec",verb="CONNECT"/,
  );
});
