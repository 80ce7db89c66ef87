// What a request for a command or for the streams of a container asks for, and what admission is shown of it.
// Mirrors kubernetes pkg/registry/core/pod/strategy.go (ExecLocation, AttachLocation) and the kubelet's
// pkg/kubelet/cri/streaming/remotecommand (NewOptions).

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ExecOptions } from "../../api/node-agent-hook.ts";
import { badRequest } from "../../api/refusals.ts";
import { containerOf } from "../pod-container.ts";
import { readFlag, readText } from "../query.ts";

export interface CommandOptions extends ExecOptions {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

export function readCommandOptions(query: URLSearchParams, pod: KubernetesObject): CommandOptions {
  const tty = readFlag(query, "tty") === true;
  const options = {
    container: containerOf(pod, readText(query, "container")),
    command: query.getAll("command"),
    tty,
    stdin: readFlag(query, "stdin") === true,
    stdout: readFlag(query, "stdout") === true,
    // A terminal has one output.
    stderr: readFlag(query, "stderr") === true && !tty,
  };
  if (options.stdin || options.stdout || options.stderr) return options;
  throw badRequest("you must specify at least 1 of stdin, stdout, stderr");
}
