// The strategy of every built-in resource, by `group/plural`, and the one of custom resources.

import { deepEqual } from "../../../core/index.ts";
import type { KindFacts } from "../../../kubernetes/index.ts";
import { PLAIN_STRATEGY } from "../strategy.ts";
import type { Strategy } from "../strategy.ts";
import { APPS_STRATEGIES } from "./apps.ts";
import { BATCH_STRATEGIES } from "./batch.ts";
import { CORE_STRATEGIES } from "./core.ts";
import { OTHER_STRATEGIES } from "./others.ts";

const BUILTIN: Readonly<Record<string, Partial<Strategy>>> = {
  ...CORE_STRATEGIES,
  ...APPS_STRATEGIES,
  ...BATCH_STRATEGIES,
  ...OTHER_STRATEGIES,
};

export function strategyOf(_facts: KindFacts, storeResource: string): Strategy {
  return { ...PLAIN_STRATEGY, ...BUILTIN[storeResource] };
}

/** Custom resources: any change outside metadata (and status, when it is a subresource) is a new generation. */
export function customStrategy(_facts: KindFacts): Strategy {
  return {
    ...PLAIN_STRATEGY,
    generation: "spec",
    unconditionalUpdate: false,
    statusLeavesMetadata: true,
  };
}

/** True when everything outside metadata and `except` is the same. */
export function sameOutside(a: object, b: object, except: readonly string[]): boolean {
  // Read by name only.
  const [left, right] = [a as Fields, b as Fields];
  for (const key in left) {
    if (except.includes(key) || left[key] === right[key]) continue;
    if (!deepEqual(left[key], right[key])) return false;
  }
  for (const key in right) {
    if (right[key] !== undefined && left[key] === undefined && !except.includes(key)) return false;
  }
  return true;
}

type Fields = Readonly<Record<string, unknown>>;
