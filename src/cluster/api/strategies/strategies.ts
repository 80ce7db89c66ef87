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
export function sameOutside(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  except: readonly string[],
): boolean {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (except.includes(key) || a[key] === b[key]) continue;
    if (!deepEqual(a[key], b[key])) return false;
  }
  return true;
}
