// Runs a command in a container, or joins its process, over channels that are open: what it says goes to the client, and how it
// ended last. A client that goes away ends the command.

import { finished } from "node:stream/promises";
import type { Writable } from "node:stream";

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { NodeAgentHook } from "../../api/node-agent-hook.ts";
import type { CommandChannels } from "./command-channels.ts";
import type { CommandOptions } from "./command-options.ts";
import { exitStatus, failedStatus, SUCCEEDED } from "./command-status.ts";
import type { CommandStatus } from "./command-status.ts";

export interface Command {
  readonly agent: NodeAgentHook;
  readonly pod: KubernetesObject;
  readonly subresource: "exec" | "attach";
  readonly options: CommandOptions;
}

export async function runCommand(command: Command, channels: CommandChannels): Promise<void> {
  const status = await outcome(command, channels);
  const { stdout, stderr } = channels.streams;
  await Promise.all([stdout, stderr].map(endOutput));
  await channels.finish(status);
}

async function outcome(
  { agent, pod, subresource, options }: Command,
  { streams, gone }: CommandChannels,
): Promise<CommandStatus> {
  const { container, command, tty } = options;
  try {
    if (subresource === "exec") {
      const code = await agent.exec?.(pod, { container, command, tty }, streams, gone);
      return exitStatus(code ?? 0);
    }
    await agent.attach?.(pod, { container, tty }, streams, gone);
    return SUCCEEDED;
  } catch (error) {
    return failedStatus(error);
  }
}

/** Resolves when everything written is on its way, or cannot be any more. */
async function endOutput(output: Writable | undefined): Promise<void> {
  if (output === undefined || output.destroyed) return;
  output.end();
  await finished(output, { readable: false }).catch(() => undefined);
}
