// Bodies of requests: JSON, a form, a form with a file. Every size is bounded.

import type { IncomingMessage } from "node:http";

import { HttpError } from "./exchange.ts";

const FIELDS_BYTES_MAX = 64 * 1024;
export const PICTURE_BYTES_MAX = 5 * 1024 * 1024;

export async function readFields(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>>> {
  const type = mediaType(request);
  const text = (await readBytes(request, FIELDS_BYTES_MAX)).toString("utf8");
  if (type === "application/x-www-form-urlencoded")
    return Object.fromEntries(new URLSearchParams(text));
  if (type === "application/json") return parseObject(text);
  throw new HttpError(415, "send application/json or a form");
}

/** The file of a form's field `picture`. */
export async function readPicture(request: IncomingMessage): Promise<Buffer> {
  if (mediaType(request) !== "multipart/form-data")
    throw new HttpError(415, "send multipart/form-data with a field picture");
  // The form's own parts need a little room.
  const bytes = await readBytes(request, PICTURE_BYTES_MAX + FIELDS_BYTES_MAX);
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData().catch(() => {
    throw new HttpError(400, "the form cannot be read");
  });
  const picture = form.get("picture");
  if (picture === null || typeof picture === "string" || picture.size === 0)
    throw new HttpError(400, "choose a picture first");
  if (picture.size > PICTURE_BYTES_MAX) throw tooLarge(PICTURE_BYTES_MAX);
  return Buffer.from(await picture.arrayBuffer());
}

/** What the bytes say, whatever the client claims; undefined for anything that is no picture. */
export function pictureType(bytes: Buffer): string | undefined {
  const starts = (...head: number[]): boolean => head.every((byte, index) => bytes[index] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47)) return "image/png";
  if (starts(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (starts(0x47, 0x49, 0x46, 0x38)) return "image/gif";
  const isRiff = starts(0x52, 0x49, 0x46, 0x46);
  return isRiff && bytes.subarray(8, 12).toString("latin1") === "WEBP" ? "image/webp" : undefined;
}

async function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Without an encoding set, chunks are buffers.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > bytesMax) throw tooLarge(bytesMax);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new HttpError(400, "the body is no JSON object");
}

function mediaType({ headers }: IncomingMessage): string {
  return (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function tooLarge(bytesMax: number): HttpError {
  return new HttpError(413, `at most ${bytesMax} bytes`);
}
