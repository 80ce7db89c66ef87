// One OTLP/HTTP request: JSON or protobuf, perhaps compressed, and the answer in the sender's own form.

import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";

import { WireFormatError } from "../../core/index.ts";
import { decodeOtlp, OtlpFormatError } from "./decode-otlp.ts";
import type { OtlpMessage } from "./otlp-messages.ts";
import { readOtlpLogs, readOtlpMetrics, readOtlpSpans } from "./read-otlp.ts";
import type { TelemetryAnswer } from "./telemetry-server.ts";
import type { TelemetryStore } from "./telemetry-store.ts";

const JSON_TYPE = "application/json";
const PROTOBUF_TYPE = "application/x-protobuf";
/** Compressed or not. Batches are smaller than one megabyte by default. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

interface Signal {
  readonly message: OtlpMessage;
  /** Name of the count of rejected items in the answer. */
  readonly rejected: string;
  /** Returns how many items made no sense. */
  readonly take: (request: unknown, store: TelemetryStore) => number;
}

const SIGNALS: Readonly<Record<string, Signal>> = {
  "/v1/traces": {
    message: "TraceRequest",
    rejected: "rejectedSpans",
    take: (request, store) => {
      const { records, rejected } = readOtlpSpans(request);
      store.addSpans(records);
      return rejected;
    },
  },
  "/v1/metrics": {
    message: "MetricsRequest",
    rejected: "rejectedDataPoints",
    take: (request, store) => {
      const { records, rejected } = readOtlpMetrics(request);
      store.addMetrics(records);
      return rejected;
    },
  },
  "/v1/logs": {
    message: "LogsRequest",
    rejected: "rejectedLogRecords",
    take: (request, store) => {
      const { records, rejected } = readOtlpLogs(request);
      store.addLogs(records);
      return rejected;
    },
  },
};

/** A request that is refused, with its HTTP status. */
class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Undefined for a path that takes nothing. */
export async function receiveOtlp(
  request: IncomingMessage,
  path: string,
  store: TelemetryStore,
): Promise<TelemetryAnswer | undefined> {
  const signal = SIGNALS[path];
  if (signal === undefined) return undefined;
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  try {
    const read = readerOf(type, signal.message);
    const body = await decompress(await readBody(request), request.headers["content-encoding"]);
    const rejected = signal.take(read(body), store);
    return accepted(type, signal.rejected, rejected);
  } catch (error) {
    return refused(type, error);
  }
}

function readerOf(type: string, message: OtlpMessage): (body: Buffer) => unknown {
  if (type === PROTOBUF_TYPE) return (body) => decodeOtlp(body, message);
  if (type === JSON_TYPE) return (body): unknown => JSON.parse(body.toString("utf8"));
  throw new RefusedError(415, `expected ${JSON_TYPE} or ${PROTOBUF_TYPE}`);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Without an encoding set, chunks are buffers.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function decompress(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  const limit = { maxOutputLength: BODY_BYTES_MAX };
  try {
    switch (encoding ?? "identity") {
      case "identity":
        return body;
      case "gzip":
        return await promisify(gunzip)(body, limit);
      case "deflate":
        return await promisify(inflate)(body, limit);
      default:
        throw new RefusedError(415, "expected gzip, deflate or no compression");
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    if (code.startsWith("Z_")) throw new RefusedError(400, "the body is not compressed as it says");
    throw error;
  }
}

/** Protobuf's empty message says that all is well; a count of rejected items is said in JSON only. */
function accepted(type: string, name: string, rejected: number): TelemetryAnswer {
  if (type === PROTOBUF_TYPE) return { status: 200, type, body: Buffer.alloc(0) };
  const message = "ids or times are missing or malformed";
  const partialSuccess = { [name]: String(rejected), errorMessage: message };
  const answer = rejected === 0 ? {} : { partialSuccess };
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(answer) };
}

/** The body is a google.rpc.Status, whose second field is the message. */
function refused(type: string, error: unknown): TelemetryAnswer {
  const { status, message } = describeRefusal(error);
  if (type !== PROTOBUF_TYPE) return { status, type: JSON_TYPE, body: JSON.stringify({ message }) };
  const bytes = Buffer.from(message.slice(0, 127), "latin1");
  return { status, type, body: Buffer.concat([Buffer.from([0x12, bytes.length]), bytes]) };
}

function describeRefusal(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof RefusedError) return error;
  const isMalformed =
    error instanceof SyntaxError ||
    error instanceof OtlpFormatError ||
    error instanceof WireFormatError;
  if (isMalformed) return { status: 400, message: error.message };
  throw error;
}

function tooLarge(): RefusedError {
  return new RefusedError(413, `at most ${BODY_BYTES_MAX} bytes`);
}
