// `pods/x/log`: what the node a pod runs on has kept of its output, as text, followed when asked.
// Mirrors kubernetes pkg/registry/core/pod/strategy.go (LogLocation).

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { recordAt, textAt } from "../api/validation/fields.ts";
import type { LogOptions } from "../api/node-agent-hook.ts";
import { get } from "../api/verbs/get.ts";
import type { AnswerStream } from "./exchange.ts";
import { containerOf } from "./pod-container.ts";
import { readFlag, readInteger, readText } from "./query.ts";
import { targetOf } from "./resource-target.ts";
import type { ResourceRequest } from "./server-context.ts";

const TEXT_TYPE = "text/plain";

export async function answerLog(request: ResourceRequest): Promise<void> {
  const { server, exchange } = request;
  const pod = get(server.api, targetOf(request));
  const options = readOptions(exchange.query, pod);
  if (textAt(recordAt(pod, "spec"), "nodeName") === "") {
    exchange.answer(200, { "content-type": TEXT_TYPE }, "");
    return;
  }
  await streamLog(request, pod, options);
}

/** The head goes out with the first text, so that a node can refuse until then. */
async function streamLog(
  { server, exchange }: ResourceRequest,
  pod: KubernetesObject,
  options: LogOptions,
): Promise<void> {
  const stopped = new AbortController();
  let stream: AnswerStream | undefined;
  const open = (): AnswerStream => {
    if (stream !== undefined) return stream;
    stream = exchange.stream(200, { "content-type": TEXT_TYPE });
    stream.onClose(() => stopped.abort());
    return stream;
  };
  try {
    const write = (text: string): void => open().write(text);
    await server.api.nodeAgent.logs(pod, options, write, stopped.signal);
    open().end();
  } catch (error) {
    if (stream === undefined) throw error;
    stream.end();
  }
}

function readOptions(query: URLSearchParams, pod: KubernetesObject): LogOptions {
  return {
    container: containerOf(pod, readText(query, "container")),
    follow: readFlag(query, "follow") === true,
    previous: readFlag(query, "previous") === true,
    timestamps: readFlag(query, "timestamps") === true,
    sinceSeconds: readInteger(query, "sinceSeconds"),
    tailLines: readInteger(query, "tailLines"),
    limitBytes: readInteger(query, "limitBytes"),
  };
}
