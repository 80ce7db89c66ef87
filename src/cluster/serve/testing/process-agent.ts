// A node agent for tests of streams: commands are real processes of this machine, ports are ports of its loopback address, and
// the process of a container is one `cat` that attached clients talk to.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

import type { ExecStreams, NodeAgentHook } from "../../api/node-agent-hook.ts";

export interface ProcessAgent extends NodeAgentHook {
  /** Commands that have not ended. */
  readonly running: ReadonlySet<ChildProcess>;
  /** What terminals have said of their size. */
  readonly sizes: readonly string[];
}

/** Pods whose name starts with `simulated` run nothing. */
export function createProcessAgent(): ProcessAgent {
  const running = new Set<ChildProcess>();
  const sizes: string[] = [];
  const run = async (
    [file = "", ...args]: readonly string[],
    streams: ExecStreams,
    stopped: AbortSignal,
  ): Promise<number> => {
    const child = spawn(file, args, { stdio: "pipe" });
    running.add(child);
    streams.onResize?.(({ width, height }) => sizes.push(`${width}x${height}`));
    stopped.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
    child.stdin.on("error", () => undefined);
    if (streams.stdin === undefined) child.stdin.end();
    else streams.stdin.pipe(child.stdin);
    pipeOut(child, streams);
    const [code] = (await once(child, "close").finally(() => running.delete(child))) as [
      number | null,
    ];
    return code ?? 137;
  };
  return {
    running,
    sizes,
    logs: () => Promise.resolve(),
    runs: ({ metadata }) => !metadata.name.startsWith("simulated"),
    exec: (_pod, { command }, streams, stopped) => run(command, streams, stopped),
    attach: async (_pod, _options, streams, stopped) => void (await run(["cat"], streams, stopped)),
    async connect(_pod, port) {
      const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
      await once(socket, "connect");
      return socket;
    },
  };
}

function pipeOut({ stdout, stderr }: ChildProcess, streams: ExecStreams): void {
  if (streams.stdout === undefined) stdout?.resume();
  else stdout?.pipe(streams.stdout, { end: false });
  const errors = streams.stderr ?? streams.stdout;
  if (errors === undefined) stderr?.resume();
  else stderr?.pipe(errors, { end: false });
}
