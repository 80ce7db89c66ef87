// The pods an autoscaler sizes, found by its target's selector, unless they belong to another autoscaler as well.
// Mirrors validateAndParseSelector of kubernetes pkg/controller/podautoscaler/horizontal.go v1.36.

import {
  informerOf,
  matchesLabels,
  parseLabelSelector,
  POD,
  SelectorSyntaxError,
} from "../../../kubernetes/index.ts";
import type { ControllerContext, Pod } from "../../../kubernetes/index.ts";
import type { ConditionUpdate } from "../conditions.ts";
import { objectKey } from "../object-key.ts";
import type { HorizontalPodAutoscaler } from "../policy-kinds.ts";
import { report } from "./report.ts";
import { createTargetSelectors, printKeys } from "./target-selectors.ts";

export interface TargetPods {
  /** The pods, or the condition that says why they cannot be told. */
  podsOf(autoscaler: HorizontalPodAutoscaler, selector: string): readonly Pod[] | ConditionUpdate;
  forget(autoscaler: HorizontalPodAutoscaler): void;
}

export function createTargetPods(context: ControllerContext): TargetPods {
  const pods = informerOf(context, POD);
  const selectors = createTargetSelectors();
  return {
    podsOf(autoscaler, selector) {
      const refuse = (reason: string, message: string, event = { reason, message }) => {
        report(context, autoscaler, { type: "ScalingActive", message, event });
        return { type: "ScalingActive", status: "False" as const, reason, message };
      };
      if (selector === "") {
        const event = { reason: "SelectorRequired", message: "selector is required" };
        return refuse("InvalidSelector", "the HPA target's scale is missing a selector", event);
      }
      const { namespace = "" } = autoscaler.metadata;
      try {
        const requirements = parseLabelSelector(selector);
        selectors.set(objectKey(autoscaler), requirements);
        const found = pods
          .list(namespace)
          .filter(({ metadata }) => matchesLabels(requirements, metadata.labels));
        const selecting = selectors.selecting(namespace, found);
        if (selecting.length <= 1) return found;
        const who = printKeys(selecting);
        return refuse(
          "AmbiguousSelector",
          `pods by selector ${selector} are controlled by multiple HPAs: ${who}`,
        );
      } catch (error) {
        if (!(error instanceof SelectorSyntaxError)) throw error;
        const why = `couldn't convert selector into a corresponding internal selector object: ${error.message}`;
        return refuse("InvalidSelector", why);
      }
    },
    forget: (autoscaler) => selectors.delete(objectKey(autoscaler)),
  };
}

export function isPods(found: readonly Pod[] | ConditionUpdate): found is readonly Pod[] {
  return Array.isArray(found);
}
