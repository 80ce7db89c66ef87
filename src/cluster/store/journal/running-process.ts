// Which process a file means by a number. Where the system tells when a process started, one that merely got the same number,
// as in a container that is started again, is not taken for it; one that has ended and is not collected yet is gone.

import { readFileSync } from "node:fs";

export interface RunningProcess {
  readonly pid: number;
  /** As the kernel counts it; empty where it does not tell. */
  readonly started: string;
}

/** `4711 8123`, for a file that says who holds something. */
export function thisProcess(): string {
  return `${process.pid} ${statusOf(process.pid).started}`.trim();
}

/** What such a file says; a text that names nobody gives a process that never runs. */
export function readProcess(text: string): RunningProcess {
  const [pid = "", started = ""] = text.trim().split(" ");
  return { pid: Number(pid), started };
}

export function isRunning({ pid, started }: RunningProcess): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const now = statusOf(pid);
  if (now.isGone || (now.started !== "" && started !== "" && now.started !== started)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** States of proc(5) of a process that has ended: zombie, dead. */
const ENDED: readonly string[] = ["Z", "X", "x"];

/** Fields 3 and 22 of proc(5)'s `stat`, counted after the name in brackets: the state, and ticks since boot at the start. */
function statusOf(pid: number): { readonly started: string; readonly isGone: boolean } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { started: fields[19] ?? "", isGone: ENDED.includes(fields[0] ?? "") };
  } catch {
    return { started: "", isGone: false };
  }
}
