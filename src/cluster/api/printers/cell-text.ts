// Pieces of cells that many kinds share: lists cut after a few items, labels, selectors, containers, flags.

import { isRecord } from "../../../core/index.ts";
import { formatLabelRequirements, labelRequirements } from "../../../kubernetes/index.ts";
import type { LabelSelector } from "../../../kubernetes/index.ts";
import { recordAt, recordsAt, textAt } from "../validation/fields.ts";

export type Scope = Readonly<Record<string, unknown>>;

export const NONE = "<none>";
export const UNSET = "<unset>";

export function orNone(value: string): string {
  return value === "" ? NONE : value;
}

/** The first `max` items, then how many there are besides. */
export function joinFirst(items: readonly string[], max: number, separator = ","): string {
  const shown = items.slice(0, max).join(separator);
  return items.length > max ? `${shown} + ${items.length - max} more...` : shown;
}

/** `a=1,b=2`, sorted by key. */
export function labelsText(labels: unknown): string {
  if (!isRecord(labels)) return NONE;
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  return orNone(pairs.toSorted().join(","));
}

export function selectorText(selector: unknown): string {
  if (!isRecord(selector)) return NONE;
  // Decoding has checked the shape.
  return orNone(formatLabelRequirements(labelRequirements(selector as LabelSelector)));
}

export function containerNames(podSpec: Scope): string {
  return recordsAt(podSpec, "containers")
    .map((container) => textAt(container, "name"))
    .join(",");
}

export function containerImages(podSpec: Scope): string {
  return recordsAt(podSpec, "containers")
    .map((container) => textAt(container, "image"))
    .join(",");
}

export function podSpecOf(workload: Scope): Scope {
  return recordAt(recordAt(recordAt(workload, "spec"), "template"), "spec");
}

/** A scalar that may be absent, as Go prints it. */
export function scalarText(value: unknown, absent: string): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : absent;
}

/** `True`, `False` or `<unset>`. */
export function flagText(value: unknown): string {
  if (typeof value !== "boolean") return UNSET;
  return value ? "True" : "False";
}

export function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** `RWO,RWX`, each mode once. */
export function accessModesText(modes: unknown): string {
  const short = textList(modes).map((mode) => SHORT_MODES[mode] ?? "");
  return [...new Set(short)].filter((mode) => mode !== "").join(",");
}

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};
