// The health protocol of gRPC (grpc.health.v1.Health/Check) over HTTP/2 without TLS. Mirrors k8s.io/kubernetes pkg/probe/grpc.

import { connect } from "node:http2";

import { connectionMessage, failure, SUCCESS, withTimeout } from "./probe-result.ts";
import type { ProbeResult } from "./probe-result.ts";
import type { ProbeTarget } from "./http-probe.ts";

const SERVING_STATES = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"] as const;
const UNIMPLEMENTED = "12";

export function probeGrpc(service: string, target: ProbeTarget): Promise<ProbeResult> {
  const { host, port, timeoutMs, clock } = target;
  const address = `${host}:${port}`;
  const session = connect(`http://${address}`);
  const answered = new Promise<ProbeResult>((resolve) => {
    session.once("error", (error) => {
      const why = connectionMessage(error, address);
      resolve(failure(`failed to connect service ${JSON.stringify(address)}: ${why}`));
    });
    const stream = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      "user-agent": "kube-probe/1.36",
      te: "trailers",
    });
    const chunks: Buffer[] = [];
    let status: string | undefined;
    stream.on("response", (headers) => (status ??= headerText(headers["grpc-status"])));
    stream.on("trailers", (headers) => (status ??= headerText(headers["grpc-status"])));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.once("error", (error) =>
      resolve(failure(`error: health rpc probe failed: ${error.message}`)),
    );
    stream.once("end", () => resolve(readAnswer(status, Buffer.concat(chunks))));
    stream.end(checkRequest(service));
  });
  return withTimeout(clock, timeoutMs, answered, () =>
    failure(
      `timeout: failed to connect service ${JSON.stringify(address)} within ${timeoutMs / 1000}s: context deadline exceeded`,
    ),
  ).finally(() => session.destroy());
}

function headerText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function readAnswer(status: string | undefined, body: Buffer): ProbeResult {
  if (status === UNIMPLEMENTED) {
    return failure(
      "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)",
    );
  }
  if (status !== undefined && status !== "0") {
    return failure(`error: health rpc probe failed: rpc error: code = ${status}`);
  }
  // A frame has a head of five bytes; the message has one field, `status`, of number 1 and type varint.
  const said = body.length >= 7 && body[5] === 0x08 ? SERVING_STATES[body[6] ?? 0] : "UNKNOWN";
  if (said === "SERVING") return SUCCESS;
  return failure(`service unhealthy (responded with "${said ?? "UNKNOWN"}")`);
}

/** `HealthCheckRequest{service}` in the frame of a gRPC message. */
function checkRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const field = name.length === 0 ? [] : [Buffer.of(0x0a), varint(name.length), name];
  const message = Buffer.concat(field);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.of(...bytes, left);
    bytes.push((left & 0x7f) | 0x80);
  }
}
