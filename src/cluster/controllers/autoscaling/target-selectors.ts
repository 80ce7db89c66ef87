// Which autoscalers have been seen to select which pods, so that two of them do not fight over the same ones.
// Mirrors hpaSelectors of kubernetes pkg/controller/podautoscaler/horizontal.go v1.36.

import { matchesLabels } from "../../../kubernetes/index.ts";
import type { LabelRequirements, Pod } from "../../../kubernetes/index.ts";
import { splitKey } from "../object-key.ts";

export interface TargetSelectors {
  set(autoscaler: string, selector: LabelRequirements): void;
  delete(autoscaler: string): void;
  /** Sorted keys of the autoscalers in a namespace that select one of the pods. */
  selecting(namespace: string, pods: readonly Pod[]): readonly string[];
}

export function createTargetSelectors(): TargetSelectors {
  const selectors = new Map<string, LabelRequirements>();
  return {
    set: (autoscaler, selector) => void selectors.set(autoscaler, selector),
    delete: (autoscaler) => void selectors.delete(autoscaler),
    selecting: (namespace, pods) =>
      [...selectors]
        .filter(([key]) => splitKey(key).namespace === namespace)
        .filter(([, selector]) =>
          pods.some(({ metadata }) => matchesLabels(selector, metadata.labels)),
        )
        .map(([key]) => key)
        .toSorted(),
  };
}

/** As Go prints a list of keys. */
export function printKeys(keys: readonly string[]): string {
  const printed = keys.map((key) => {
    const { name, namespace } = splitKey(key);
    return `{${name} ${namespace}}`;
  });
  return `[${printed.join(" ")}]`;
}
