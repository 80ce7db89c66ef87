// The record of what runs, on the disk, so that nothing outlives a runtime that crashed: the next one finds the groups that
// are left and ends them. A process is the recorded one when its start time is, too; numbers are used again.

import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isRecord } from "../../../core/index.ts";
import type { Clock } from "../../../core/index.ts";
import type { LeftOver } from "./local-process.ts";
import {
  pidsWithVariable,
  readText,
  signalGroup,
  signalProcess,
  startTimeOf,
} from "./process-table.ts";

export interface RecordedProcess extends LeftOver {
  readonly startTime: string;
  /** The value of RUN_VARIABLE, which every process of the container inherits. */
  readonly run: string;
}

/** Names the run of a container, in the environment of all its processes. */
export const RUN_VARIABLE = "KEELSON_RUN";

export interface RunningProcesses {
  add(process: Omit<RecordedProcess, "startTime">): void;
  remove(pid: number): void;
}

export function recordRunningProcesses(folder: string): RunningProcesses {
  const running = new Map<number, RecordedProcess>();
  const save = (): void => {
    const path = recordPath(folder);
    writeFileSync(`${path}.new`, JSON.stringify([...running.values()]), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  return {
    add(started) {
      running.set(started.pid, { ...started, startTime: startTimeOf(started.pid) ?? "" });
      save();
    },
    remove(pid) {
      if (running.delete(pid)) save();
    },
  };
}

const TERM_MS = 2_000;
const POLL_MS = 20;

/** Ends what a former runtime of this folder left behind; resolves when nothing of it runs any more. */
export async function endLeftOvers(folder: string, clock: Clock): Promise<readonly LeftOver[]> {
  const left = readRecord(folder).filter(isLeft);
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const process of left) {
      const { pid, run } = process;
      if (isLeader(process)) signalGroup(pid, signal);
      for (const member of pidsWithVariable(RUN_VARIABLE, run)) signalProcess(member, signal);
    }
  };
  signalAll("SIGTERM");
  const deadline = clock.now() + TERM_MS;
  while (left.some(isLeft) && clock.now() < deadline) await clock.sleep(POLL_MS);
  signalAll("SIGKILL");
  return left.map(({ pid, pod, container }) => ({ pid, pod, container }));
}

/** The leader goes on, or others of its run go on without it. */
function isLeft(process: RecordedProcess): boolean {
  return isLeader(process) || pidsWithVariable(RUN_VARIABLE, process.run).length > 0;
}

function isLeader({ pid, startTime }: RecordedProcess): boolean {
  return startTime !== "" && startTimeOf(pid) === startTime;
}

function recordPath(folder: string): string {
  return join(folder, "running.json");
}

function readRecord(folder: string): readonly RecordedProcess[] {
  const text = readText(recordPath(folder));
  if (text === undefined) return [];
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) ? rows.filter(isRecorded) : [];
  } catch {
    return [];
  }
}

function isRecorded(row: unknown): row is RecordedProcess {
  return (
    isRecord(row) &&
    Number.isInteger(row["pid"]) &&
    ["startTime", "run", "pod", "container"].every((field) => typeof row[field] === "string")
  );
}
