// JSON patch: add, remove, replace, move, copy and test by JSON pointer. Sources: RFC 6902, RFC 6901.
// Works on a copy of the touched spine only, so a large object is not cloned for a small change.

import { deepEqual, isRecord, setOwn } from "../../core/index.ts";

/** The patch itself is malformed. */
export class JsonPatchSyntaxError extends Error {
  override readonly name = "JsonPatchSyntaxError";
}

/** An operation does not fit the document, or a test failed. */
export class JsonPatchError extends Error {
  override readonly name = "JsonPatchError";
}

/** Kubernetes refuses longer patches (apiserver handlers/patch.go). */
export const JSON_PATCH_OPERATIONS_MAX = 10_000;

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

export function applyJsonPatch(document: unknown, operations: readonly unknown[]): unknown {
  return operations.map(readOperation).reduce(applyOperation, document);
}

function readOperation(value: unknown): Operation {
  if (!isRecord(value) || typeof value["op"] !== "string" || typeof value["path"] !== "string") {
    throw new JsonPatchSyntaxError("every operation needs op and path");
  }
  return value as unknown as Operation;
}

function applyOperation(document: unknown, operation: Operation): unknown {
  const { op, path } = operation;
  const target = parsePointer(path);
  if (target.length === 0 && (op === "add" || op === "replace")) return operation.value;
  switch (op) {
    case "add":
      return edit(document, target, path, (parent, key) => add(parent, key, operation.value, path));
    case "replace":
      read(document, target, `replace operation does not apply: doc is missing key: ${path}`);
      return edit(document, target, path, (parent, key) => put(parent, key, operation.value));
    case "remove":
      return remove(document, target, path);
    case "test":
      return test(document, target, operation);
    case "copy": {
      const value = read(document, parsePointer(operation.from ?? ""), missing("copy", operation));
      return edit(document, target, path, (parent, key) => add(parent, key, value, path));
    }
    case "move": {
      const source = parsePointer(operation.from ?? "");
      const value = read(document, source, missing("move", operation));
      const without = remove(document, source, operation.from ?? "");
      return edit(without, target, path, (parent, key) => add(parent, key, value, path));
    }
    default:
      throw new JsonPatchError(`unexpected kind: ${op}`);
  }
}

function missing(op: string, { from = "" }: Operation): string {
  return `${op} operation does not apply: doc is missing from path: ${from}: missing value`;
}

export function parsePointer(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw new JsonPatchError(`invalid JSON pointer: ${pointer}`);
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function child(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function read(document: unknown, path: readonly string[], message: string): unknown {
  const value = path.reduce(child, document);
  if (value === undefined) throw new JsonPatchError(message);
  return value;
}

function test(document: unknown, path: readonly string[], operation: Operation): unknown {
  const value = path.reduce(child, document);
  const wanted = operation.value ?? null;
  if (deepEqual(value ?? null, wanted)) return document;
  throw new JsonPatchError(`testing value ${operation.path} failed: test failed`);
}

/** Rebuilds the spine down to the parent of `path` and lets `change` make the new parent. */
function edit(
  node: unknown,
  path: readonly string[],
  pointer: string,
  change: (parent: unknown, key: string) => unknown,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined)
    throw new JsonPatchError("the whole document can only be added or replaced");
  if (rest.length === 0) return change(node, key);
  const inner = child(node, key);
  if (inner === undefined) {
    throw new JsonPatchError(
      `add operation does not apply: doc is missing path: "${pointer}": missing value`,
    );
  }
  return put(node, key, edit(inner, rest, pointer, change));
}

function put(parent: unknown, key: string, value: unknown): unknown {
  if (Array.isArray(parent)) return parent.with(Number(key), value);
  if (!isRecord(parent)) throw new JsonPatchError(`cannot set ${key} in a scalar`);
  const copy = { ...parent };
  setOwn(copy, key, value);
  return copy;
}

function add(parent: unknown, key: string, value: unknown, pointer: string): unknown {
  if (!Array.isArray(parent)) return put(parent, key, value);
  const index = key === "-" ? parent.length : Number(key);
  if (!Number.isInteger(index) || index < 0 || index > parent.length) {
    throw new JsonPatchError(
      `add operation does not apply: doc is missing path: "${pointer}": Unable to access invalid index: ${key}: invalid index referenced`,
    );
  }
  return parent.toSpliced(index, 0, value);
}

function remove(document: unknown, path: readonly string[], pointer: string): unknown {
  read(
    document,
    path,
    `remove operation does not apply: doc is missing path: ${pointer}: missing value`,
  );
  return edit(document, path, pointer, (parent, key) => {
    if (Array.isArray(parent)) return parent.toSpliced(Number(key), 1);
    const copy = { ...(parent as Record<string, unknown>) };
    delete copy[key];
    return copy;
  });
}
