// Sizes of the client's terminal, as JSON texts on a channel of their own: `{"Width":80,"Height":24}`, one after the other.

import type { Readable } from "node:stream";

import { isRecord } from "../../../core/index.ts";
import type { ExecStreams } from "../../api/node-agent-hook.ts";

/** A size has two short numbers. */
const TEXT_BYTES_MAX = 4096;

export function terminalSizes(channel: Readable): NonNullable<ExecStreams["onResize"]> {
  const listeners: Parameters<NonNullable<ExecStreams["onResize"]>>[0][] = [];
  let latest: { readonly width: number; readonly height: number } | undefined;
  let rest = "";
  channel.on("data", (chunk: Buffer) => {
    rest = (rest + chunk.toString("utf8")).slice(-TEXT_BYTES_MAX);
    const end = rest.lastIndexOf("}");
    if (end < 0) return;
    const texts = rest.slice(0, end + 1).match(/\{[^{}]*\}/g) ?? [];
    rest = rest.slice(end + 1);
    for (const size of texts.flatMap(readSize)) {
      latest = size;
      for (const listener of listeners) listener(size);
    }
  });
  return (listener) => {
    listeners.push(listener);
    // The first size may have come before the command was there to hear of it.
    if (latest !== undefined) listener(latest);
  };
}

function readSize(text: string): readonly { readonly width: number; readonly height: number }[] {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return [];
    const { Width: width, Height: height } = value;
    return isLength(width) && isLength(height) ? [{ width, height }] : [];
  } catch {
    return [];
  }
}

function isLength(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffff;
}
