// The opaque token between two pages: the snapshot's revision and the last key seen, as base64url of JSON.
// Mirrors k8s.io/apiserver pkg/storage/continue.go in form.

import { isRecord } from "../../../core/index.ts";
import type { Revision } from "../../store/index.ts";
import { badRequest } from "../refusals.ts";

export interface ContinueToken {
  readonly revision: Revision;
  /** `namespace/name` of the last object of the page before. */
  readonly after: string;
}

const VERSION = "meta.k8s.io/v1";

export function formatContinue({ revision, after }: ContinueToken): string {
  const text = JSON.stringify({ v: VERSION, rv: revision, start: `${after}\u0000` });
  return Buffer.from(text, "utf8").toString("base64url");
}

export function parseContinue(token: string): ContinueToken {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRequest(`invalid continue token: continue key is not valid: ${syntaxFault(token)}`);
  }
  if (!isRecord(value) || value["v"] !== VERSION) {
    throw badRequest(
      "invalid continue token: continue key is not valid: server does not recognize this encoded version",
    );
  }
  const { rv, start } = value;
  if (typeof rv !== "number" || typeof start !== "string") {
    throw badRequest(
      "invalid continue token: continue key is not valid: incorrect encoded start resourceVersion",
    );
  }
  return { revision: rv, after: start.endsWith("\u0000") ? start.slice(0, -1) : start };
}

/** As Go words it when the very first byte is wrong already. */
function syntaxFault(token: string): string {
  const [first] = Buffer.from(token, "base64url");
  if (first === undefined) return "unexpected end of JSON input";
  const isPrintable = first > 0x20 && first < 0x7f;
  const shown = isPrintable
    ? String.fromCharCode(first)
    : `\\u${first.toString(16).padStart(4, "0")}`;
  return `invalid character '${shown}' looking for beginning of value`;
}
