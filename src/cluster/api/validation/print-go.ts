// Values as Go prints them inside error messages. Maps of strings are JSON with sorted keys there.

import { canonicalJson } from "../../../core/index.ts";

export function printGo(value: unknown): string {
  return canonicalJson(value);
}
