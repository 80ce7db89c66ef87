// Joins a client's stream with a port of a pod: bytes both ways until either end is through, and words on the error stream when
// the port cannot be reached. Mirrors the kubelet's pkg/kubelet/cri/streaming/portforward.

import { finished } from "node:stream/promises";
import type { Duplex, Readable, Writable } from "node:stream";

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { NodeAgentHook } from "../../api/node-agent-hook.ts";

export interface PortTarget {
  readonly agent: NodeAgentHook;
  readonly pod: KubernetesObject;
  readonly port: number;
}

export interface ClientStream {
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
}

/** Resolves when the connection to the pod is over and the client has been told all. */
export async function joinPort(target: PortTarget, client: ClientStream): Promise<void> {
  const { input, output, errors } = client;
  const connection = await connect(target).catch((error: unknown) => {
    errors.write(refusalOf(target, error));
  });
  if (connection !== undefined) await join(connection, input, output);
  await Promise.all([output, errors].map(ended));
  // What the client still says has no listener any more.
  input.resume();
}

async function connect({ agent, pod, port }: PortTarget): Promise<Duplex> {
  if (agent.connect === undefined) throw new Error("the pod runs no process");
  return agent.connect(pod, port);
}

/** In the kubelet's words. */
function refusalOf({ pod, port }: PortTarget, error: unknown): string {
  const { name, uid = "" } = pod.metadata;
  const why = error instanceof Error ? error.message : String(error);
  return `error forwarding port ${port} to pod ${name}, uid ${uid}: ${why}`;
}

/** The pod's end decides: a client that has said all may still be waiting for the answer. */
async function join(connection: Duplex, input: Readable, output: Writable): Promise<void> {
  connection.on("error", () => undefined);
  const cut = (): void => void connection.destroy();
  // A client that is gone reads no answer.
  output.once("close", cut);
  if (output.destroyed) cut();
  input.pipe(connection);
  connection.pipe(output, { end: false });
  await finished(connection, { writable: false }).catch(() => undefined);
  output.off("close", cut);
  connection.destroy();
}

/** Everything written is on its way, or cannot be any more. */
async function ended(output: Writable): Promise<void> {
  output.end();
  await finished(output, { readable: false }).catch(() => undefined);
}
