// The one merge law of overrides: records merge deeply, lists and plain values replace, a changed `kind` replaces the whole,
// and `null` removes what was inherited. Nothing is changed in place.

import type { Path, PathElement } from "../core/index.ts";
import { isRecord, setOwn } from "../core/index.ts";

/** `base` with `override` laid over it; `undefined` when nothing is left. */
export function merge(base: unknown, override: unknown): unknown {
  if (override === undefined) return base;
  if (override === null) return undefined;
  if (!isRecord(override)) return override;
  return mergeRecords(replaces(base, override) ? {} : base, override);
}

function mergeRecords(base: unknown, override: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  const inherited = isRecord(base) ? base : {};
  for (const key of Object.keys(inherited)) {
    if (!Object.hasOwn(override, key)) setOwn(merged, key, inherited[key]);
    else assign(merged, key, merge(inherited[key], override[key]));
  }
  for (const key of Object.keys(override)) {
    if (!Object.hasOwn(inherited, key)) assign(merged, key, merge(undefined, override[key]));
  }
  return merged;
}

function assign(target: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== undefined) setOwn(target, key, value);
}

/** Whether nothing of `base` is left once `override` lies over it. */
function replaces(base: unknown, override: unknown): boolean {
  if (!isRecord(base) || !isRecord(override)) return override !== undefined;
  return Object.hasOwn(override, "kind") && own(base, "kind") !== override["kind"];
}

function own(value: unknown, key: PathElement): unknown {
  if (typeof value !== "object" || value === null || typeof key === "object") return undefined;
  return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

/** Where a value of the merged whole was written: the same path, or that path below the override. */
export type OriginOf = (path: Path) => Path;

/** `at` is where the override itself stands (`overrides.prod`). */
export function originsOf(base: unknown, override: unknown, at: Path): OriginOf {
  return (path) => (cameFromOverride(base, override, path) ? [...at, ...path] : path);
}

/** The side that reaches further along the path; the base where both do, unless the override replaced what is there. */
function cameFromOverride(base: unknown, override: unknown, path: Path): boolean {
  let inherited = base;
  let laidOver = override;
  for (const element of path) {
    if (laidOver === undefined) return false;
    if (replaces(inherited, laidOver)) return true;
    inherited = own(inherited, element);
    laidOver = own(laidOver, element);
  }
  return laidOver !== undefined && replaces(inherited, laidOver);
}

/** Each place where an override says `null`, shortest first. */
export function removedPaths(override: unknown, path: Path = []): readonly Path[] {
  if (override === null) return [path];
  if (!isRecord(override)) return [];
  return Object.keys(override).flatMap((key) => removedPaths(override[key], [...path, key]));
}
