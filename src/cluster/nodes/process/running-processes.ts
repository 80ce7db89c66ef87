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
  /** The folder is this runtime's from now on. */
  claim(): void;
  add(process: Omit<RecordedProcess, "startTime">): void;
  remove(pid: number): void;
  /** Writes no more: what ends later is found to have ended by the next runtime. */
  close(): void;
}

interface ProcessRecord {
  /** The runtime that writes it. */
  readonly owner: { readonly pid: number; readonly startTime: string };
  readonly processes: readonly RecordedProcess[];
}

export function recordRunningProcesses(folder: string): RunningProcesses {
  const running = new Map<number, RecordedProcess>();
  const owner = { pid: process.pid, startTime: startTimeOf(process.pid) ?? "" };
  let isClosed = false;
  const save = (): void => {
    if (isClosed) return;
    const path = recordPath(folder);
    const record: ProcessRecord = { owner, processes: [...running.values()] };
    writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };
  return {
    claim: save,
    add(started) {
      running.set(started.pid, { ...started, startTime: startTimeOf(started.pid) ?? "" });
      save();
    },
    remove(pid) {
      if (running.delete(pid)) save();
    },
    close() {
      isClosed = true;
    },
  };
}

const TERM_MS = 2_000;
const POLL_MS = 20;

/** Ends what a former runtime of this folder left behind; rejects when that runtime still runs. */
export async function endLeftOvers(folder: string, clock: Clock): Promise<readonly LeftOver[]> {
  const { owner, processes } = readRecord(folder);
  if (owner !== undefined && owner.pid !== process.pid && isSame(owner)) {
    throw new Error(`${folder} is in use by process ${owner.pid}; end it first`);
  }
  const left = processes.filter(isLeft);
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const process of left) {
      const { pid, run } = process;
      if (isSame(process)) signalGroup(pid, signal);
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
  return isSame(process) || pidsWithVariable(RUN_VARIABLE, process.run).length > 0;
}

/** The number is not another process' by now. */
function isSame({ pid, startTime }: ProcessRecord["owner"]): boolean {
  return startTime !== "" && startTimeOf(pid) === startTime;
}

function recordPath(folder: string): string {
  return join(folder, "running.json");
}

function readRecord(folder: string): {
  readonly owner?: ProcessRecord["owner"];
  readonly processes: readonly RecordedProcess[];
} {
  try {
    const record: unknown = JSON.parse(readText(recordPath(folder)) ?? "{}");
    if (!isRecord(record)) return { processes: [] };
    const { owner, processes } = record;
    return {
      ...(isIdentity(owner) ? { owner } : {}),
      processes: Array.isArray(processes) ? processes.filter(isRecorded) : [],
    };
  } catch {
    // Torn by a crash of the whole machine, which ended the processes too.
    return { processes: [] };
  }
}

function isIdentity(value: unknown): value is ProcessRecord["owner"] {
  return (
    isRecord(value) && Number.isInteger(value["pid"]) && typeof value["startTime"] === "string"
  );
}

function isRecorded(row: unknown): row is RecordedProcess {
  if (!isRecord(row)) return false;
  const texts = [row["run"], row["pod"], row["container"]];
  return isIdentity(row) && texts.every((text) => typeof text === "string");
}
