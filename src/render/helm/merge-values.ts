// Lays one set of chart values over another. Mirrors Helm's CoalesceTables (https://helm.sh/docs/chart_template_guide/values_files/):
// maps merge, everything else replaces, `null` removes.

import { isRecord } from "../../core/index.ts";

export type Values = Readonly<Record<string, unknown>>;

export function mergeValues(under: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isRecord(value) && isRecord(below) ? mergeValues(below, value) : value;
  }
  return merged;
}
