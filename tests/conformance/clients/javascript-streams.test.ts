// The official JavaScript client's streams into pods that run processes: Exec, Attach and PortForward, all over WebSocket.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { PassThrough, Readable, Writable } from "node:stream";

import { Attach, Exec, KubeConfig, PortForward } from "@kubernetes/client-node";
import type { V1Status } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createProcessAgent } from "../../../src/cluster/serve/testing/process-agent.ts";
import { runPod } from "../../../src/cluster/serve/testing/running-pod.ts";
import { startServedCluster } from "../../../src/cluster/serve/testing/served-cluster.ts";
import type { ServedCluster } from "../../../src/cluster/serve/testing/served-cluster.ts";

const namespace = "default";
/** Says hello and repeats what it hears. */
const upstream = createServer((socket) => {
  socket.write("hello ");
  socket.pipe(socket);
});
let cluster: ServedCluster;
let config: KubeConfig;

beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  cluster = await startServedCluster({ nodeAgent: createProcessAgent() });
  await runPod(cluster, { name: "web" });
  config = new KubeConfig();
  config.loadFromString(cluster.served.kubeconfig);
});
afterAll(async () => {
  upstream.close();
  await cluster.served.close();
});

class Sink extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

async function execute(command: readonly string[], stdin: Readable | null) {
  const [out, err] = [new Sink(), new Sink()];
  const status = await new Promise<V1Status>((resolve, reject) => {
    new Exec(config)
      .exec(namespace, "web", "app", [...command], out, err, stdin, false, resolve)
      .catch(reject);
  });
  return { out: out.text, err: err.text, status };
}

describe("Exec", () => {
  it("hears both outputs and how the command ended", async () => {
    const said = await execute(["sh", "-c", "echo out; echo err >&2; exit 7"], null);
    expect(said).toMatchObject({
      out: "out\n",
      err: "err\n",
      status: { reason: "NonZeroExitCode", details: { causes: [{ message: "7" }] } },
    });
  });

  it("says what is to be read", async () => {
    const said = await execute(["cat"], Readable.from([Buffer.from("one "), Buffer.from("two")]));
    expect(said).toMatchObject({ out: "one two", status: { status: "Success" } });
  });
});

it("Attach joins the process of a container", async () => {
  const [out, input] = [new Sink(), new PassThrough()];
  const socket = await new Attach(config).attach(namespace, "web", "app", out, null, input, false);
  input.end("hello");
  await new Promise((resolve) => (socket.onclose = resolve));
  expect(out.text).toBe("hello");
});

it("PortForward carries a connection", async () => {
  const forward = new PortForward(config);
  const { port } = upstream.address() as AddressInfo;
  const local = createServer((socket: Socket) => {
    void forward.portForward(namespace, "web", [port], socket, null, socket);
  });
  local.listen(0, "127.0.0.1");
  await once(local, "listening");
  const client = connect({ host: "127.0.0.1", port: (local.address() as AddressInfo).port });
  client.write("world");
  let heard = "";
  while (heard !== "hello world") {
    const [part] = (await once(client, "data")) as [Buffer];
    heard += String(part);
  }
  client.destroy();
  local.close();
});
