// Where built-in kinds are stored when they are served in more than one version or group.

import type { KindFacts } from "../../kubernetes/index.ts";
import { apiVersionOf } from "./resource.ts";

interface BuiltinStorage {
  /** `group/plural`. */
  readonly storeResource: string;
  readonly storageVersion: string;
}

const SHARED: Readonly<Record<string, BuiltinStorage>> = {
  "autoscaling/horizontalpodautoscalers": {
    storeResource: "autoscaling/horizontalpodautoscalers",
    storageVersion: "autoscaling/v2",
  },
  "events.k8s.io/events": { storeResource: "/events", storageVersion: "v1" },
};

export function builtinStorage(facts: KindFacts): BuiltinStorage {
  const storeResource = `${facts.group}/${facts.resource}`;
  return SHARED[storeResource] ?? { storeResource, storageVersion: apiVersionOf(facts) };
}
