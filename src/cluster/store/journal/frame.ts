// How records lie in a file: in frames, one for each write to the disk. A frame is one line with checksum, length and time,
// then its records, one line of JSON each:
//
//   #9a0f3c21 118 1764195356000
//   {"put":["/configmaps","default","a"],"object":{…}}
//
// No record starts with `#`, so the next intact frame can be found behind a damaged one.

import { crc32 } from "node:zlib";

export interface Frame {
  /** Milliseconds since the epoch on the cluster's clock. */
  readonly time: number;
  readonly records: readonly unknown[];
}

/** What is wrong at the end of the readable part. */
export type Damage =
  /** A write that did not finish: nobody was told it is durable. */
  | "torn"
  /** The frame is all there and is not what was written, or intact frames follow. */
  | "corrupt";

export interface FrameScan {
  readonly frames: readonly Frame[];
  /** Bytes that are good. */
  readonly endBytes: number;
  readonly damage?: Damage;
}

const HASH = "#".charCodeAt(0);
const NEWLINE = "\n".charCodeAt(0);
/** `#` + 8 digits + length + time: more than any header has. */
const HEADER_BYTES_MAX = 64;
/** What a disk writes at once; a missing one reads as zeros (etcd server/storage/wal/decoder.go isTornEntry). */
const SECTOR_BYTES = 512;

export function encodeFrame(lines: readonly string[], time: number): Uint8Array {
  const payload = lines.join("\n") + "\n";
  // Up, so that time read from it is never before a write.
  const rest = ` ${Buffer.byteLength(payload)} ${Math.ceil(time)}\n${payload}`;
  return Buffer.from(`#${checksum(rest)}${rest}`);
}

/** Every frame from the start to the end, or to the first that cannot be read. */
export function scanFrames(bytes: Uint8Array): FrameScan {
  const frames: Frame[] = [];
  let at = 0;
  while (at < bytes.length) {
    const found = readFrame(bytes, at);
    if (found === undefined) return { frames, endBytes: at, damage: judge(bytes, at) };
    frames.push(found.frame);
    at = found.end;
  }
  return { frames, endBytes: at };
}

interface Bounds {
  readonly sum: string;
  readonly time: number;
  readonly payload: number;
  readonly end: number;
}

function readFrame(
  bytes: Uint8Array,
  at: number,
): { readonly frame: Frame; readonly end: number } | undefined {
  const bounds = readHeader(bytes, at);
  if (bounds === undefined || bounds.end > bytes.length) return undefined;
  const { sum, time, payload, end } = bounds;
  if (checksum(bytes.subarray(at + 1 + sum.length, end)) !== sum) return undefined;
  const text = textOf(bytes, payload, end - 1);
  // What passes the checksum was written by `encodeFrame`.
  const records = text.split("\n").map((line): unknown => JSON.parse(line));
  return { frame: { time, records }, end };
}

function readHeader(bytes: Uint8Array, at: number): Bounds | undefined {
  const limit = Math.min(bytes.length, at + HEADER_BYTES_MAX);
  const newline = bytes.subarray(at, limit).indexOf(NEWLINE);
  if (newline === -1) return undefined;
  const header = /^#([0-9a-f]{8}) (\d+) (\d+)$/.exec(textOf(bytes, at, at + newline));
  if (header === null) return undefined;
  const [, sum = "", size = "", time = ""] = header;
  const payload = at + newline + 1;
  return { sum, time: Number(time), payload, end: payload + Number(size) };
}

/** A write in progress is the last thing in a file, and is short or has holes. */
function judge(bytes: Uint8Array, at: number): Damage {
  if (hasIntactFrame(bytes, at + 1)) return "corrupt";
  const bounds = readHeader(bytes, at);
  if (bounds === undefined) {
    const isShort = bytes.length - at < HEADER_BYTES_MAX && !bytes.subarray(at).includes(NEWLINE);
    return isShort || hasHole(bytes, at, bytes.length) ? "torn" : "corrupt";
  }
  const isShort = bounds.end > bytes.length;
  return isShort || hasHole(bytes, at, bounds.end) ? "torn" : "corrupt";
}

function hasIntactFrame(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.indexOf(HASH, from); at !== -1; at = bytes.indexOf(HASH, at + 1)) {
    if (readFrame(bytes, at) !== undefined) return true;
  }
  return false;
}

/** The part of some sector that belongs to the frame is all zeros. */
function hasHole(bytes: Uint8Array, start: number, end: number): boolean {
  for (let from = start; from < end;) {
    const to = Math.min(end, (Math.floor(from / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    if (bytes.subarray(from, to).every((byte) => byte === 0)) return true;
    from = to;
  }
  return false;
}

function checksum(data: string | Uint8Array): string {
  return crc32(data).toString(16).padStart(8, "0");
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}
