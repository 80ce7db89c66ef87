// Header blocks: pairs of names and values behind zlib. What a client sends is really inflated, with one state for all blocks
// of a connection; what we send is zlib's stored form, because answers have no headers worth compressing and a compressor
// would hold 256 KiB for every connection.

import { constants, createInflate } from "node:zlib";
import type { Inflate } from "node:zlib";

import { SpdyError } from "./frame.ts";
import type { HeaderBlock } from "./frame.ts";
import { HEADER_DICTIONARY, HEADER_DICTIONARY_ADLER } from "./header-dictionary.ts";

/** Of one block, inflated. A stream of Kubernetes has four short headers. */
const BLOCK_BYTES_MAX = 64 * 1024;
const STORED_BYTES_MAX = 0xffff;

export interface HeaderReader {
  /** Rejects with SpdyError when the block is malformed or too long. */
  read(compressed: Buffer): Promise<HeaderBlock>;
  close(): void;
}

export function createHeaderReader(): HeaderReader {
  const inflate = createInflate({
    dictionary: HEADER_DICTIONARY,
    flush: constants.Z_SYNC_FLUSH,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  let broken: Error | undefined;
  inflate.on("error", (error) => (broken = error));
  return {
    async read(compressed) {
      if (broken !== undefined) throw new SpdyError(broken.message);
      return parseBlock(await inflateBlock(inflate, compressed));
    },
    close: () => inflate.close(),
  };
}

function inflateBlock(inflate: Inflate, compressed: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const settle = (act: () => void): void => {
      inflate.off("data", onData);
      inflate.off("error", onError);
      inflate.off("close", onClose);
      act();
    };
    const fail = (why: string): void => settle(() => reject(new SpdyError(why)));
    const onError = (error: Error): void => fail(error.message);
    const onClose = (): void => fail("no header block, or one too long");
    const onData = (part: Buffer): void => {
      size += part.length;
      parts.push(part);
      // Small input can be huge output.
      if (size > BLOCK_BYTES_MAX) inflate.destroy();
    };
    inflate.on("data", onData);
    inflate.once("error", onError);
    inflate.once("close", onClose);
    inflate.write(compressed, () => {
      if (size > BLOCK_BYTES_MAX) fail("header block too long");
      else settle(() => resolve(Buffer.concat(parts)));
    });
  });
}

function parseBlock(block: Buffer): HeaderBlock {
  let at = 0;
  const readCount = (): number => {
    if (at + 4 > block.length) throw new SpdyError("header block too short");
    const count = block.readUInt32BE(at);
    at += 4;
    return count;
  };
  const readText = (): string => {
    const length = readCount();
    if (at + length > block.length) throw new SpdyError("header block too short");
    const text = block.toString("latin1", at, at + length);
    at += length;
    return text;
  };
  const headers = new Map<string, string>();
  for (let left = readCount(); left > 0; left -= 1)
    headers.set(readText().toLowerCase(), readText());
  return headers;
}

export interface HeaderWriter {
  /** A block as it goes over the wire. At most 64 KiB. */
  write(headers: HeaderBlock): Buffer;
}

export function createHeaderWriter(): HeaderWriter {
  // CMF, FLG with the bit for a dictionary, and which one: RFC 1950 section 2.2.
  const start = Buffer.from([0x78, 0xbb, 0, 0, 0, 0]);
  start.writeUInt32BE(HEADER_DICTIONARY_ADLER, 2);
  let isFirst = true;
  return {
    write(headers) {
      const stored = storedBlock(formatBlock(headers));
      const bytes = isFirst ? Buffer.concat([start, stored]) : stored;
      isFirst = false;
      return bytes;
    },
  };
}

/** An empty stored block: Go's inflater hands out what it holds only when it meets one. */
const FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff]);

/** RFC 1951 section 3.2.4. */
function storedBlock(bytes: Buffer): Buffer {
  if (bytes.length > STORED_BYTES_MAX) throw new SpdyError("header block too long");
  const head = Buffer.alloc(5);
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(STORED_BYTES_MAX - bytes.length, 3);
  return Buffer.concat([head, bytes, FLUSH]);
}

function formatBlock(headers: HeaderBlock): Buffer {
  const texts = [...headers].flat().map((text) => Buffer.from(text, "latin1"));
  return Buffer.concat([
    countBytes(headers.size),
    ...texts.flatMap((text) => [countBytes(text.length), text]),
  ]);
}

function countBytes(count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(count);
  return bytes;
}
