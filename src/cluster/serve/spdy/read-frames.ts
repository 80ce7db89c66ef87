// Bytes of a connection → frames, one at a time, so that whoever takes them sets the pace. Data is handed on as it arrives;
// only control frames are held, and those are short.

import { FRAME_TYPES, SPDY_VERSION, SpdyError } from "./frame.ts";
import type { Frame } from "./frame.ts";
import type { HeaderReader } from "./header-block.ts";

/** Of a control frame; the format allows 16 MiB. */
const CONTROL_BYTES_MAX = 64 * 1024;
const FRAME_HEAD_BYTES = 8;
const CONTROL_BIT = 0x8000_0000;
const ID_MASK = 0x7fff_ffff;
const LENGTH_MASK = 0xff_ffff;
const LAST_FLAG = 1;

/** Ends when the bytes do; throws SpdyError for what is no frame. */
export async function* readFrames(
  source: AsyncIterable<Buffer>,
  headers: HeaderReader,
): AsyncGenerator<Frame, void, undefined> {
  const input = createInput(source);
  for (;;) {
    const head = await input.take(FRAME_HEAD_BYTES);
    if (head === undefined) return;
    const first = head.readUInt32BE(0);
    const second = head.readUInt32BE(4);
    const length = second & LENGTH_MASK;
    const isLast = ((second >>> 24) & LAST_FLAG) !== 0;
    if ((first & CONTROL_BIT) === 0) {
      yield* dataPieces(input, { streamId: first & ID_MASK, isLast, length });
      continue;
    }
    if (((first >>> 16) & 0x7fff) !== SPDY_VERSION) throw new SpdyError("not SPDY version 3");
    if (length > CONTROL_BYTES_MAX) throw new SpdyError("control frame too long");
    const body = await input.take(length);
    if (body === undefined) return;
    yield await controlFrame(first & 0xffff, isLast, body, headers);
  }
}

async function* dataPieces(
  input: Input,
  frame: { readonly streamId: number; readonly isLast: boolean; readonly length: number },
): AsyncGenerator<Frame, void, undefined> {
  const { streamId, isLast } = frame;
  if (streamId === 0) throw new SpdyError("data on stream 0");
  if (frame.length === 0) yield { kind: "data", streamId, isLast, bytes: Buffer.alloc(0) };
  let left = frame.length;
  while (left > 0) {
    const bytes = await input.some(left);
    if (bytes === undefined) return;
    left -= bytes.length;
    yield { kind: "data", streamId, isLast: isLast && left === 0, bytes };
  }
}

async function controlFrame(
  type: number,
  isLast: boolean,
  body: Buffer,
  headers: HeaderReader,
): Promise<Frame> {
  switch (type) {
    case FRAME_TYPES.SYN_STREAM:
      // Behind the id: the stream it belongs to, a priority and a slot, which nobody uses.
      return { kind: "syn-stream", ...(await withHeaders(body, 10)), isLast };
    case FRAME_TYPES.SYN_REPLY:
      return { kind: "syn-reply", ...(await withHeaders(body, 4)), isLast };
    case FRAME_TYPES.HEADERS:
      return { kind: "headers", ...(await withHeaders(body, 4)), isLast };
    case FRAME_TYPES.RST_STREAM:
      return { kind: "rst-stream", streamId: idAt(body, 0), status: idAt(body, 4) };
    case FRAME_TYPES.PING:
      return { kind: "ping", id: idAt(body, 0) };
    case FRAME_TYPES.GOAWAY:
      return { kind: "go-away", lastStreamId: idAt(body, 0) };
    case FRAME_TYPES.SETTINGS:
      return { kind: "settings" };
    case FRAME_TYPES.WINDOW_UPDATE:
      return { kind: "window-update" };
    default:
      throw new SpdyError(`unknown control frame ${type}`);
  }

  async function withHeaders(bytes: Buffer, at: number) {
    const streamId = idAt(bytes, 0) & ID_MASK;
    if (streamId === 0 || bytes.length < at) throw new SpdyError("malformed control frame");
    return { streamId, headers: await headers.read(bytes.subarray(at)) };
  }
}

function idAt(body: Buffer, at: number): number {
  if (at + 4 > body.length) throw new SpdyError("control frame too short");
  return body.readUInt32BE(at);
}

interface Input {
  /** Exactly that many bytes; undefined when the source ends before. */
  take(count: number): Promise<Buffer | undefined>;
  /** At least one byte and at most `count`. */
  some(count: number): Promise<Buffer | undefined>;
}

function createInput(source: AsyncIterable<Buffer>): Input {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const fill = async (): Promise<boolean> => {
    const next = await chunks.next();
    if (next.done === true) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  };
  const cut = (count: number): Buffer => {
    const bytes = held.subarray(0, count);
    held = held.subarray(count);
    return bytes;
  };
  return {
    async take(count) {
      while (held.length < count) if (!(await fill())) return undefined;
      return cut(count);
    },
    async some(count) {
      while (held.length === 0) if (!(await fill())) return undefined;
      return cut(count);
    },
  };
}
