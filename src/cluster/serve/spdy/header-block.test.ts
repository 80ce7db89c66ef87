import { once } from "node:events";
import { constants, createDeflate, createInflate, deflateSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { createHeaderReader, createHeaderWriter } from "./header-block.ts";
import { HEADER_DICTIONARY } from "./header-dictionary.ts";

const HEADERS = new Map([
  ["streamtype", "error"],
  ["port", "8080"],
]);

function words(...texts: readonly string[]): Buffer {
  const count = (value: number): Buffer => Buffer.from([0, 0, value >> 8, value & 0xff]);
  const parts = texts.flatMap((text) => [count(text.length), Buffer.from(text)]);
  return Buffer.concat([count(texts.length / 2), ...parts]);
}

/** Several blocks of one connection, compressed as clients do. */
async function compressed(...blocks: readonly Buffer[]): Promise<readonly Buffer[]> {
  const deflate = createDeflate({ dictionary: HEADER_DICTIONARY, flush: constants.Z_SYNC_FLUSH });
  const results: Buffer[] = [];
  for (const block of blocks) {
    deflate.write(block);
    await once(deflate, "readable");
    results.push(deflate.read() as Buffer);
  }
  return results;
}

describe("header blocks", () => {
  it("are inflated with one state for a connection", async () => {
    const reader = createHeaderReader();
    const [first, second] = await compressed(
      words("streamtype", "error", "port", "8080"),
      words("StreamType", "data", "requestid", "1"),
    );
    expect(await reader.read(first ?? Buffer.alloc(0))).toEqual(HEADERS);
    expect([...(await reader.read(second ?? Buffer.alloc(0)))]).toEqual([
      ["streamtype", "data"],
      ["requestid", "1"],
    ]);
  });

  it("that we write are zlib's, each complete by itself", async () => {
    const writer = createHeaderWriter();
    const reader = createHeaderReader();
    for (const headers of [HEADERS, new Map(), HEADERS])
      expect(await reader.read(writer.write(headers))).toEqual(headers);
    const inflate = createInflate({ dictionary: HEADER_DICTIONARY });
    inflate.write(createHeaderWriter().write(HEADERS));
    await once(inflate, "readable");
    expect(inflate.read()).toEqual(words("streamtype", "error", "port", "8080"));
  });

  it.each([
    { name: "no zlib", bytes: () => Buffer.from("nonsense") },
    {
      name: "a count that is too high",
      bytes: async () => (await compressed(Buffer.from([0xff, 0xff, 0xff, 0xff])))[0],
    },
    {
      name: "a length that is too high",
      bytes: async () => (await compressed(Buffer.from([0, 0, 0, 1, 0, 0, 1, 0, 65])))[0],
    },
    { name: "nothing", bytes: () => Buffer.alloc(0) },
    {
      name: "much more than it looks",
      bytes: () => deflateSync(Buffer.alloc(10 * 1024 * 1024), { dictionary: HEADER_DICTIONARY }),
    },
  ])("are refused: $name", async ({ bytes }) => {
    const reader = createHeaderReader();
    const given = (await bytes()) ?? Buffer.alloc(0);
    await expect(reader.read(given)).rejects.toThrow();
  });
});
