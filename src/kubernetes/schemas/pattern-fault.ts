// Patterns of schemas are written for Go's RE2: what it says against one. Mirrors regexp.Compile, as apiextensions-apiserver
// pkg/apiserver/schema/validation.go asks it. Only the reader is loaded for it, not the expression language around.

import { RegexError } from "../cel/regex/regex-error.ts";
import { readPattern } from "../cel/regex/syntax.ts";

const known = new Map<string, string | undefined>();
/** Definitions share most of their patterns; the bound is for clients that invent them. */
const KNOWN_MAX = 10_000;

/** Undefined for a regular expression; otherwise Go's sentence. */
export function patternFault(pattern: string): string | undefined {
  if (known.has(pattern)) return known.get(pattern);
  const fault = findFault(pattern);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(pattern, fault);
  return fault;
}

function findFault(pattern: string): string | undefined {
  try {
    readPattern(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return `error parsing regexp: ${error.message}`;
    throw error;
  }
}
