// The log of one run of a container, on the disk in the format of the container runtime interface: one line each of
// `TIME stdout F TEXT`, F for a whole line and P for a part. Rotated at 10 MiB (the kubelet's `containerLogMaxSize`); as with
// the kubelet only the newest file is read.

import { closeSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import type { Clock, InstantMs } from "../../../core/index.ts";
import { nanoseconds } from "../container-log.ts";
import type { LogLine } from "../container-log.ts";
import type { OutputStream } from "./container-process.ts";
import { readText } from "./process-table.ts";

export interface LogFile {
  write(stream: OutputStream, chunk: Buffer): void;
  /** What is left of a line without end becomes a line. */
  close(): void;
  /** Hears of every line from now on; returns what to call to hear no more. */
  onLine(listener: (line: LogLine) => void): () => void;
  readonly path: string;
}

export const LOG_SIZE_MAX = 10 * 2 ** 20;
/** A longer line is cut in parts, as container runtimes do. */
const LINE_SIZE_MAX = 16 * 2 ** 10;
const NEWLINE = 0x0a;

export function openLogFile(path: string, clock: Clock, sizeMax: number = LOG_SIZE_MAX): LogFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let file = openSync(path, "a", 0o600);
  let sizeBytes = 0;
  let open = true;
  const rest: Record<OutputStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const listeners = new Set<(line: LogLine) => void>();

  const rotate = (): void => {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, "a", 0o600);
    sizeBytes = 0;
  };
  const put = (stream: OutputStream, text: Buffer, isWhole: boolean, at: InstantMs): void => {
    const head = Buffer.from(`${nanoseconds(at)} ${stream} ${isWhole ? "F" : "P"} `);
    const line = Buffer.concat([head, text, Buffer.of(NEWLINE)]);
    if (sizeBytes + line.length > sizeMax && sizeBytes > 0) rotate();
    writeSync(file, line);
    sizeBytes += line.length;
    const said = { at, text: text.toString(), ...(isWhole ? {} : { isPart: true }) };
    for (const listener of listeners) listener(said);
  };
  return {
    path,
    write(stream, chunk) {
      if (!open) return;
      const at = clock.now();
      let left = rest[stream].length === 0 ? chunk : Buffer.concat([rest[stream], chunk]);
      for (;;) {
        const end = left.indexOf(NEWLINE);
        const isWhole = end >= 0 && end <= LINE_SIZE_MAX;
        if (!isWhole && left.length <= LINE_SIZE_MAX) break;
        put(stream, left.subarray(0, isWhole ? end : LINE_SIZE_MAX), isWhole, at);
        left = left.subarray(isWhole ? end + 1 : LINE_SIZE_MAX);
      }
      rest[stream] = Buffer.from(left);
    },
    close() {
      if (!open) return;
      for (const stream of ["stdout", "stderr"] as const) {
        if (rest[stream].length > 0) put(stream, rest[stream], true, clock.now());
      }
      open = false;
      closeSync(file);
    },
    onLine(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The lines of a log, oldest first; none when it is not there. */
export function readLogFile(path: string): readonly LogLine[] {
  const text = readText(path);
  if (text === undefined) return [];
  return text.split("\n").flatMap((line) => {
    const parsed = /^(\S+) (?:stdout|stderr) ([FP]) (.*)$/s.exec(line);
    if (parsed === null) return [];
    const [, time = "", kind, content = ""] = parsed;
    return [
      { at: Date.parse(time), text: content, ...(kind === "P" ? { isPart: true as const } : {}) },
    ];
  });
}
