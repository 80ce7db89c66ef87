// `application/vnd.kubernetes.protobuf`: four magic bytes, then a runtime.Unknown that names the kind and holds the
// message. Mirrors k8s.io/apimachinery pkg/runtime/serializer/protobuf.

import { badRequest } from "../../api/refusals.ts";
import { decodeMessage } from "./decode-message.ts";
import { messageOfKind } from "./message-types.ts";
import { readFields } from "./wire.ts";

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** The body as JSON would have brought it. Throws StatusError 400. */
export function decodeProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  let raw: Buffer = Buffer.alloc(0);
  let typeMeta: Buffer = Buffer.alloc(0);
  for (const { number, value } of readFields(body.subarray(MAGIC.length))) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 1) typeMeta = value;
    if (number === 2) raw = value;
  }
  const { apiVersion, kind } = readTypeMeta(typeMeta);
  const type = messageOfKind(apiVersion, kind);
  if (type === undefined) {
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    );
  }
  return { kind, apiVersion, ...decodeMessage(raw, type) };
}

function readTypeMeta(bytes: Buffer): { readonly apiVersion: string; readonly kind: string } {
  let apiVersion = "";
  let kind = "";
  for (const { number, value } of readFields(bytes)) {
    if (!Buffer.isBuffer(value)) continue;
    if (number === 1) apiVersion = value.toString("utf8");
    if (number === 2) kind = value.toString("utf8");
  }
  return { apiVersion, kind };
}
