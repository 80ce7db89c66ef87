// The agent that runs pods as processes of this machine: their life, logs, streams and usage, on the real clock.

import { invariant } from "../../../core/index.ts";
import type { Clock } from "../../../core/index.ts";
import { statusError } from "../../../kubernetes/index.ts";
import type { KubernetesObject, Pod } from "../../../kubernetes/index.ts";
import { PROCESS } from "../node-agent.ts";
import type { NodeAgent } from "../node-agent.ts";
import { commandIn } from "./container-launch.ts";
import type { LiveRun } from "./container-runner.ts";
import type { ProcessAgentOptions } from "./local-process.ts";
import { podFolders } from "./pod-folders.ts";
import { createProcessKubelet } from "./process-kubelet.ts";
import { writeProcessLog } from "./process-log.ts";
import { createProcessNode } from "./process-node.ts";
import type { ProcessNode } from "./process-node.ts";
import { attachRun, connectTo, execCommand } from "./process-streams.ts";

/** Processes run in real time, so the clock must not be one that waits for somebody. */
export function processAgent(options: ProcessAgentOptions, clock: Clock): NodeAgent {
  invariant(!("advanceTo" in clock), "processes run in real time, not under a virtual clock");
  const node = createProcessNode(options, clock);
  return {
    name: PROCESS,
    controller: (context) => createProcessKubelet(context, node),
    start: node.start,
    stop: node.stop,
    usage: (pod) => node.usage(pod),
    async restart({ metadata }, message) {
      const { runners = [] } = node.workers.get(metadata.uid ?? "") ?? {};
      await Promise.all(
        runners.filter(({ role }) => role === "main").map((runner) => runner.restart(message)),
      );
    },
    logs(pod, logOptions, onChunk, stopped) {
      const folders = podFolders(options.folder, pod);
      const live = (container: string) => node.runnerOf(pod, container)?.live;
      return writeProcessLog({ clock, folders, live }, pod, logOptions, onChunk, stopped);
    },
    exec(object, { container, command, tty }, streams, stopped) {
      const { pod, run } = liveRun(node, object, container);
      const { container: spec } = run.runner;
      const launch = commandIn(run.launch, pod, spec, command, options);
      const onStarted = (pid: number) => node.onCommand(pod, container, pid, run.process.run);
      return execCommand(launch, tty, streams, { stopped, onStarted });
    },
    attach(object, { container }, streams, stopped) {
      return attachRun(liveRun(node, object, container).run, streams, stopped);
    },
    connect(object, port) {
      const { status } = object as Pod;
      return connectTo(options.network.reach(status?.podIP ?? "127.0.0.1", port), port);
    },
  };
}

/** The API asks for objects of kind Pod only. */
function liveRun(node: ProcessNode, object: KubernetesObject, container: string) {
  const pod = object as Pod;
  const runner = node.runnerOf(pod, container);
  const live: LiveRun | undefined = runner?.live;
  if (runner === undefined || live === undefined) {
    throw statusError("BadRequest", `container not found (${JSON.stringify(container)})`);
  }
  return { pod, run: { ...live, runner } };
}
