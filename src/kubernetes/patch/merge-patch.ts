// JSON merge patch: records merge, null removes, anything else replaces. Source: RFC 7396 section 2.

import { isRecord, setOwn } from "../../core/index.ts";

/** Unchanged parts are shared with the target, and the target itself comes back when nothing changed. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const base = isRecord(target) ? target : {};
  let result: Record<string, unknown> | undefined = isRecord(target) ? undefined : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === undefined) continue;
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    if (change === null) {
      if (before === undefined && !Object.hasOwn(base, key)) continue;
      result ??= { ...base };
      delete result[key];
      continue;
    }
    const after = applyMergePatch(before, change);
    if (after === before) continue;
    result ??= { ...base };
    setOwn(result, key, after);
  }
  return result ?? base;
}
