// Frames → bytes, for the kinds a server sends. A client of tests builds its SYN_STREAM here as well.

import { FRAME_TYPES, SPDY_VERSION } from "./frame.ts";
import type { HeaderBlock } from "./frame.ts";
import type { HeaderWriter } from "./header-block.ts";

export function synStream(streamId: number, headers: HeaderBlock, writer: HeaderWriter): Buffer {
  const unused = Buffer.alloc(6);
  return control(FRAME_TYPES.SYN_STREAM, word(streamId), unused, writer.write(headers));
}

export function synReply(streamId: number, writer: HeaderWriter): Buffer {
  return control(FRAME_TYPES.SYN_REPLY, word(streamId), writer.write(new Map()));
}

export function rstStream(streamId: number, status: number): Buffer {
  return control(FRAME_TYPES.RST_STREAM, word(streamId), word(status));
}

export function ping(id: number): Buffer {
  return control(FRAME_TYPES.PING, word(id));
}

export function goAway(lastStreamId: number): Buffer {
  return control(FRAME_TYPES.GOAWAY, word(lastStreamId), word(0));
}

/** The head of a data frame of `length` bytes, fewer than 16 MiB. */
export function dataHead(streamId: number, length: number, isLast: boolean): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(streamId, 0);
  head.writeUInt32BE(length + (isLast ? 0x0100_0000 : 0), 4);
  return head;
}

function control(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8000 + SPDY_VERSION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
