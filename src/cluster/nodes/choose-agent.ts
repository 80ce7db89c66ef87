// Which agent runs a pod: processes when every container of it has a local form, simulation otherwise. Said once, in the
// pod's annotation, it stays; who writes the annotation into a pod decides.

import type { Container, Pod } from "../../kubernetes/index.ts";
import { AGENT, PROCESS, SIMULATED } from "./node-agent.ts";
import type { FindLocalProcess } from "./process/local-process.ts";

/** Without `find` no process can be started, whatever a pod says. */
export function chooseAgent(
  pod: Pod,
  find: FindLocalProcess | undefined,
): typeof PROCESS | typeof SIMULATED {
  if (find === undefined) return SIMULATED;
  const said = pod.metadata.annotations?.[AGENT];
  if (said === PROCESS || said === SIMULATED) return said;
  const isLocal = (container: Container): boolean => find(pod, container) !== undefined;
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers].every(isLocal)
    ? PROCESS
    : SIMULATED;
}
