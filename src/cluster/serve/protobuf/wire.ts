// The wire format as the API server reads it: bytes that are no message are a bad request.

import { readWireFields, WireFormatError, type WireField } from "../../../core/index.ts";
import { badRequest } from "../../api/refusals.ts";

export type { WireField };

/** Throws StatusError 400 for bytes that are no message. */
export function readFields(message: Buffer): readonly WireField[] {
  try {
    return readWireFields(message);
  } catch (error) {
    if (!(error instanceof WireFormatError)) throw error;
    throw badRequest("the body of the request is not a valid protobuf message");
  }
}
