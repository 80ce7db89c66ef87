// Matching a spec's selector against labels, compiled once per selector object: the scheduler and the workload
// controllers ask far more often than selectors change.

import { labelRequirements, matchesLabels } from "../label-selector.ts";
import type { LabelRequirements, LabelSelector } from "../label-selector.ts";

export type Labels = Readonly<Record<string, string>>;

const NO_LABELS: Labels = {};
const compiled = new WeakMap<LabelSelector, LabelRequirements>();

/** An absent selector matches nothing, an empty one everything. */
export function matchesSelector(
  selector: LabelSelector | undefined,
  labels: Labels = NO_LABELS,
): boolean {
  if (selector === undefined) return false;
  let requirements = compiled.get(selector);
  if (requirements === undefined) {
    requirements = labelRequirements(selector);
    compiled.set(selector, requirements);
  }
  return matchesLabels(requirements, labels);
}

/** Every wanted label is there with that value: the map form of `nodeSelector` and of a Service's selector. */
export function matchesLabelMap(wanted: Labels, labels: Labels = NO_LABELS): boolean {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
}
