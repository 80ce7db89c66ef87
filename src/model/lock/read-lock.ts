// Text of `keelson.lock` → lock. YAML, so JSON too; every finding carries the place in the file.

import { isMap, isScalar, LineCounter, parseDocument, visit, type Document } from "yaml";

import type { Diagnostic, Path, Span } from "../../core/index.ts";
import { sortDiagnostics } from "../../core/index.ts";
import type { Outcome } from "../contracts/emission.ts";
import { readValue } from "../schema/read-value.ts";
import { unreadableLock } from "./diagnostics.ts";
import { LOCK_FILE, lockSchema, type Lock } from "./lock.ts";

export function readLock(text: string, file: string = LOCK_FILE): Outcome<Lock> {
  const document = parseDocument(text, { lineCounter: new LineCounter(), logLevel: "silent" });
  const unreadable = [
    ...document.errors.map(({ message, pos: [start, end] }) => ({
      ...unreadableLock([], { file, reason: firstLine(message) }),
      span: { file, start, end },
    })),
    ...aliases(document, file),
  ];
  if (unreadable.length > 0) return { diagnostics: sortDiagnostics(unreadable) };
  const { value, diagnostics } = readValue(lockSchema, document.toJS());
  const placed = diagnostics.map((found) => ({
    ...found,
    span: spanOf(document, file, found.path),
  }));
  return { ...(value === undefined ? {} : { value }), diagnostics: sortDiagnostics(placed) };
}

function firstLine(message: string): string {
  return message.split("\n")[0]?.replace(/ at line .*$/, "") ?? message;
}

/** A lock never needs anchors, and a file of aliases can expand without end. */
function aliases(document: Document.Parsed, file: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  visit(document, {
    Alias(_key, { range, source }) {
      const [start, end] = range ?? [0, 0];
      const reason = `it uses an alias, *${source}`;
      found.push({ ...unreadableLock([], { file, reason }), span: { file, start, end } });
    },
  });
  return found;
}

/** Of the value, or of the nearest thing around it that is written down. */
function spanOf(document: Document.Parsed, file: string, path: Path): Span {
  for (let length = path.length; length >= 0; length -= 1) {
    const range = rangeAt(document, path.slice(0, length));
    if (range === undefined) continue;
    const near = length < path.length ? { near: true } : {};
    return { file, start: range[0], end: range[1], ...near };
  }
  return { file, start: 0, end: 0 };
}

function rangeAt(document: Document.Parsed, path: Path): readonly [number, number] | undefined {
  let node: unknown = document.contents;
  for (const element of path) {
    if (!isMap(node)) return undefined;
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === element);
    node = pair?.value ?? pair?.key;
  }
  const range: unknown = typeof node === "object" && node !== null && Reflect.get(node, "range");
  if (!Array.isArray(range)) return undefined;
  const [start, end]: unknown[] = range;
  return typeof start === "number" && typeof end === "number" ? [start, end] : undefined;
}
