// What containers use of CPU and memory, read from the system: of a process and everything that descends from it. Memory is
// what cgroups would count as in use, roughly: each process' own pages, and what is shared once.

import type { Clock, InstantMs, Timer } from "../../../core/index.ts";
import type { Container } from "../../../kubernetes/index.ts";
import type { ContainerUsage } from "../load/pod-usage.ts";
import { amount } from "../load/pod-usage.ts";
import { descendantsOf, listProcesses, ps, readProcesses, readText } from "./process-table.ts";
import type { ProcessRow } from "./process-table.ts";

export interface MeteredRun {
  readonly container: Container;
  readonly pid: number;
  readonly startedAt: InstantMs;
  /** It uses more memory than its limit. */
  onOutOfMemory(): void;
}

export interface UsageMeter {
  /** Runs are measured while they are here. */
  add(run: MeteredRun): void;
  remove(pid: number): void;
  /** Undefined before the process has been measured. */
  usageOf(pid: number): ContainerUsage | undefined;
  stop(): void;
}

interface Sample {
  readonly at: InstantMs;
  readonly cpuMs: number;
  readonly memory: number;
}

/** As often as metrics-server asks (`--metric-resolution`). */
const SAMPLE_MS = 15_000;
/** Limits of memory are kept by looking this often. */
const LIMIT_MS = 1_000;

export function createUsageMeter(clock: Clock): UsageMeter {
  const runs = new Map<number, MeteredRun>();
  const samples = new Map<number, readonly [before: Sample, last: Sample]>();
  const members = new Map<number, readonly number[]>();
  let timer: Timer | undefined;
  let dueAt = 0;

  const measure = (): void => {
    const now = clock.now();
    const isSample = now >= dueAt;
    if (isSample) {
      dueAt = now + SAMPLE_MS;
      const rows = listProcesses();
      for (const pid of runs.keys()) members.set(pid, treeOf(rows, pid));
    }
    for (const run of runs.values()) {
      const limit = memoryLimit(run);
      if (!isSample && limit === undefined) continue;
      const sample = sampleOf(run.pid);
      if (isSample) keep(run, sample);
      if (limit !== undefined && sample.memory > limit) run.onOutOfMemory();
    }
  };
  /** Of those known from the last look at everything, and of children since then. */
  const sampleOf = (pid: number): Sample => {
    const pids = new Set([...(members.get(pid) ?? []), ...descendantsOf(pid)]);
    return sampleProcesses([...pids], clock.now());
  };
  const keep = ({ pid, startedAt }: MeteredRun, sample: Sample): void => {
    const before = samples.get(pid)?.[1] ?? { at: startedAt, cpuMs: 0, memory: 0 };
    samples.set(pid, [before, sample]);
  };
  const schedule = (): void => {
    timer?.cancel();
    timer = undefined;
    if (runs.size === 0) return;
    const isLimited = [...runs.values()].some((run) => memoryLimit(run) !== undefined);
    const waitMs = isLimited ? LIMIT_MS : Math.max(0, dueAt - clock.now());
    timer = clock.setTimer(waitMs, () => {
      measure();
      schedule();
    });
  };
  return {
    add(run) {
      runs.set(run.pid, run);
      schedule();
    },
    remove(pid) {
      runs.delete(pid);
      samples.delete(pid);
      members.delete(pid);
      schedule();
    },
    usageOf(pid) {
      const run = runs.get(pid);
      if (run === undefined) return undefined;
      if (!samples.has(pid)) keep(run, sampleOf(pid));
      const [before, last] = samples.get(pid) ?? [];
      if (before === undefined || last === undefined) return undefined;
      const cpu = Math.max(0, last.cpuMs - before.cpuMs) / Math.max(1, last.at - before.at);
      return { name: run.container.name, cpu, memory: last.memory };
    },
    stop() {
      timer?.cancel();
      runs.clear();
    },
  };
}

function memoryLimit({ container }: MeteredRun): number | undefined {
  return amount(container.resources?.limits?.["memory"]);
}

/** The process, what descends from it, and what belongs to its group without descending from it any more. */
function treeOf(rows: readonly ProcessRow[], root: number): readonly number[] {
  const members = new Set([root]);
  let size = 0;
  while (members.size > size) {
    size = members.size;
    for (const { pid, parent, group } of rows) {
      if (group === root || members.has(parent)) members.add(pid);
    }
  }
  return [...members];
}

function sampleProcesses(pids: readonly number[], at: InstantMs): Sample {
  const rows = readProcesses(pids);
  const cpuMs = rows.reduce((sum, row) => sum + row.cpuMs, 0);
  const sizes = rows.map(({ pid }) => memoryOf(pid));
  const own = sizes.reduce((sum, { own: bytes }) => sum + bytes, 0);
  return { at, cpuMs, memory: own + Math.max(0, ...sizes.map(({ shared }) => shared)) };
}

/** In bytes. */
function memoryOf(pid: number): { readonly own: number; readonly shared: number } {
  if (process.platform !== "linux") {
    return { own: Number(ps(["-o", "rss=", "-p", String(pid)]) ?? 0) * 1024, shared: 0 };
  }
  const text = readText(`/proc/${pid}/status`) ?? "";
  const kib = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0);
  return { own: kib("RssAnon") * 1024, shared: (kib("RssShmem") + kib("RssFile")) * 1024 };
}
