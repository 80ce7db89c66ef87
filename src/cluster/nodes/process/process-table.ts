// What the system knows of processes: whether one still is the one that was started, and which descend from it.
// Linux answers from /proc (proc(5)); elsewhere `ps` does.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** User and system time of it and of the children it has waited for. */
  readonly cpuMs: number;
}

/** Ticks of /proc are hundredths of a second on every Linux (USER_HZ). */
const TICK_MS = 10;

/** Tells a process from a later one with the same number; undefined when there is none. */
export function startTimeOf(pid: number): string | undefined {
  const fields = statOf(pid);
  if (fields !== undefined) return fields[19];
  if (process.platform === "linux") return undefined;
  return ps(["-o", "lstart=", "-p", String(pid)])?.trim() || undefined;
}

export function readProcess(pid: number): ProcessRow | undefined {
  const fields = statOf(pid);
  if (fields === undefined || fields[0] === "Z") return undefined;
  const number = (index: number): number => Number(fields[index]);
  const ticks = number(11) + number(12) + number(13) + number(14);
  return { pid, parent: number(1), group: number(2), cpuMs: ticks * TICK_MS };
}

/** Fields of /proc/PID/stat from the third on: the command's name may hold anything but the last bracket. */
function statOf(pid: number): readonly string[] | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Every process that is there. */
export function listProcesses(): readonly ProcessRow[] {
  if (process.platform === "linux") {
    return allPids().flatMap((pid) => readProcess(pid) ?? []);
  }
  const text = ps(["-axo", "pid=,ppid=,pgid=,time="]) ?? "";
  return text.split("\n").flatMap((line) => {
    const [pid, parent, group, time] = line.trim().split(/\s+/);
    if (pid === undefined || time === undefined) return [];
    const row = { pid: Number(pid), parent: Number(parent), group: Number(group) };
    return [{ ...row, cpuMs: parseCpuTime(time) }];
  });
}

/** Those of them that are there. */
export function readProcesses(pids: readonly number[]): readonly ProcessRow[] {
  if (process.platform === "linux") return pids.flatMap((pid) => readProcess(pid) ?? []);
  return listProcesses().filter(({ pid }) => pids.includes(pid));
}

/** The process and what it and its children started from their main threads: most of a tree, for little. */
export function descendantsOf(root: number): readonly number[] {
  const found = [root];
  for (const pid of found) {
    const children = readText(`/proc/${pid}/task/${pid}/children`)?.trim() ?? "";
    if (children !== "") found.push(...children.split(" ").map(Number));
  }
  return found;
}

/** Those that have a variable of this value in the environment they were started with; Linux only. */
export function pidsWithVariable(name: string, value: string): readonly number[] {
  if (process.platform !== "linux") return [];
  const wanted = `${name}=${value}`;
  return allPids().filter((pid) => readText(`/proc/${pid}/environ`)?.split("\0").includes(wanted));
}

function allPids(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** `[[days-]hours:]minutes:seconds[.hundredths]`. */
function parseCpuTime(text: string): number {
  const [clock = "", days = "0"] = text.split("-").toReversed();
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}

/** A process may end while it is read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

export function ps(options: readonly string[]): string | undefined {
  try {
    return execFileSync("ps", options, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

/** Sends to every process of the group; false when there is none left. */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

export function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
