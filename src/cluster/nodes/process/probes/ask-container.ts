// One attempt of a probe or a hook, whatever its kind. Mirrors pkg/kubelet/prober/prober.go and pkg/kubelet/lifecycle/handlers.go.

import type { Clock } from "../../../../core/index.ts";
import type { Container, LifecycleHandler, Probe } from "../../../../kubernetes/index.ts";
import type { Launch } from "../container-process.ts";
import { runCommand } from "../run-command.ts";
import { probeGrpc } from "./grpc-probe.ts";
import { probeHttp, probeTcp } from "./http-probe.ts";
import type { ProbeTarget } from "./http-probe.ts";
import { failure, SUCCESS } from "./probe-result.ts";
import type { ProbeResult } from "./probe-result.ts";

export interface AskedContainer {
  readonly container: Container;
  readonly clock: Clock;
  readonly podIP: string;
  /** Where a port of that address is on this machine. */
  reach(address: string, port: number): { readonly host: string; readonly port: number };
  /** The command in the container's place. */
  inPlace(command: readonly string[]): Launch;
}

export async function askContainer(
  asked: AskedContainer,
  probe: Probe & LifecycleHandler,
  timeoutMs: number,
): Promise<ProbeResult> {
  const { httpGet, tcpSocket, grpc, exec, sleep } = probe;
  const { clock, podIP } = asked;
  if (sleep !== undefined) {
    await clock.sleep(Math.min(sleep.seconds * 1000, timeoutMs));
    return SUCCESS;
  }
  if (exec !== undefined) return runProbe(asked, exec.command ?? [], timeoutMs);
  const named = httpGet ?? tcpSocket ?? grpc;
  if (named === undefined) return { outcome: "error", message: "missing probe handler" };
  const port = portOf(asked.container, named.port);
  if (port === undefined) {
    return { outcome: "error", message: `couldn't find port: ${JSON.stringify(named.port)}` };
  }
  const host = (httpGet ?? tcpSocket)?.host || podIP;
  const target: ProbeTarget = { ...asked.reach(host, port), timeoutMs, clock };
  if (grpc !== undefined) return probeGrpc(grpc.service ?? "", target);
  return httpGet === undefined ? probeTcp(target) : probeHttp(httpGet, target);
}

async function runProbe(
  { inPlace, clock }: AskedContainer,
  command: readonly string[],
  timeoutMs: number,
): Promise<ProbeResult> {
  const { exitCode, output } = await runCommand(inPlace(command), { clock, timeoutMs });
  if (exitCode === 0) return SUCCESS;
  return failure(output.trimEnd() === "" ? output : output.trimEnd());
}

function portOf({ ports = [] }: Container, port: number | string): number | undefined {
  const number = Number(port);
  if (Number.isInteger(number) && number > 0) return number;
  return ports.find(({ name }) => name === port)?.containerPort;
}
