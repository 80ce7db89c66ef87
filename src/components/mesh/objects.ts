// Fields of a mesh's own objects, read from what was emitted or found on a cluster.

import { isRecord } from "../../core/index.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Absent selectors take every pod. */
export function isSelected(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const wanted = isRecord(selector) ? selector["matchLabels"] : undefined;
  return Object.entries(isRecord(wanted) ? wanted : {}).every(
    ([key, value]) => labels[key] === value,
  );
}

export function recordsAt(value: unknown, key: string): readonly Fields[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

export function textsAt(value: unknown, key: string): readonly string[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === "string") : [];
}
