// A document as it is sent, with the hash that names its bytes.

import { createHash } from "node:crypto";

export interface Tagged {
  readonly text: string;
  /** Upper-case hexadecimal SHA-512. */
  readonly hash: string;
}

export function tag(document: unknown): Tagged {
  const text = JSON.stringify(document);
  return { text, hash: createHash("sha512").update(text).digest("hex").toUpperCase() };
}
