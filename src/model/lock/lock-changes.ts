// What an update changes, entry by entry, for people to read before they commit.

import { canonicalJson, isRecord } from "../../core/index.ts";
import type { Lock } from "./lock.ts";

const SECTIONS = ["charts", "images", "ranges", "apps"] as const;

export interface LockChange {
  readonly section: (typeof SECTIONS)[number] | "catalogue";
  /** Name of the entry; empty for the catalogue's date. */
  readonly name: string;
  readonly outcome: "added" | "changed" | "removed";
  /** As a person reads it: a version, a reference, two ranges. */
  readonly before?: string;
  readonly after?: string;
}

export function lockChanges(before: Lock | undefined, after: Lock): LockChange[] {
  const catalogue = change("catalogue", "", before?.catalogue, after.catalogue);
  const entries = SECTIONS.flatMap((section) => {
    const [old, now] = [before?.[section] ?? {}, after[section]];
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted();
    return names.flatMap((name) => change(section, name, ownEntry(old, name), ownEntry(now, name)));
  });
  return [...catalogue, ...entries];
}

function change(
  section: LockChange["section"],
  name: string,
  before: unknown,
  after: unknown,
): LockChange[] {
  if (before !== undefined && after !== undefined) {
    if (canonicalJson(before) === canonicalJson(after)) return [];
    return [{ section, name, outcome: "changed", before: show(before), after: show(after) }];
  }
  if (after !== undefined) return [{ section, name, outcome: "added", after: show(after) }];
  return [{ section, name, outcome: "removed", before: show(before) }];
}

function ownEntry(entries: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

function show(entry: unknown): string {
  if (typeof entry === "string") return entry;
  if (!isRecord(entry)) return canonicalJson(entry);
  const { pods, services, version } = entry;
  if (typeof version === "string") return version;
  return [pods, services].filter((range) => typeof range === "string").join(", ");
}
