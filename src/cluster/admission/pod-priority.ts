// Turns a pod's priority class into its priority and its right to preempt. Mirrors plugin/pkg/admission/priority.

import { statusError } from "../../kubernetes/index.ts";
import type { AdmissionPlugin, KubernetesObject, PodSpec } from "../../kubernetes/index.ts";

interface PriorityClass extends KubernetesObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

/** The classes every cluster has, objects or not (pkg/apis/scheduling). */
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

/** `classes` reads the priority classes as they are stored now. */
export function podPriority(classes: () => readonly KubernetesObject[]): AdmissionPlugin {
  return {
    name: "Priority",
    mutate({ facts, operation, subresource, name, object }) {
      const isNewPod = operation === "CREATE" && subresource === "" && facts.kind === "Pod";
      if (!isNewPod || facts.group !== "" || object === undefined) return object;
      // Decoding has given the object the shape of its kind.
      const spec = object["spec"] as PodSpec & { readonly priorityClassName?: string };
      const chosen = choose(spec.priorityClassName, classes() as readonly PriorityClass[]);
      if (chosen === undefined) {
        const message = `pods "${name}" is forbidden: no PriorityClass with name ${spec.priorityClassName} was found`;
        throw statusError("Forbidden", message, { name, kind: "pods" });
      }
      const { className, value, policy } = chosen;
      if (spec.priority !== undefined && spec.priority !== value) {
        const message = `pods "${name}" is forbidden: the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
        throw statusError("Forbidden", message, { name, kind: "pods" });
      }
      return {
        ...object,
        spec: {
          ...spec,
          ...(className === undefined ? {} : { priorityClassName: className }),
          priority: value,
          preemptionPolicy: spec.preemptionPolicy ?? policy,
        },
      };
    },
  };
}

interface Chosen {
  readonly className: string | undefined;
  readonly value: number;
  readonly policy: string;
}

const PREEMPTS = "PreemptLowerPriority";

/** Undefined when the named class does not exist. */
function choose(wanted: string | undefined, classes: readonly PriorityClass[]): Chosen | undefined {
  const named = wanted === undefined || wanted === "" ? undefined : wanted;
  const system = named === undefined ? undefined : SYSTEM_CLASSES[named];
  if (system !== undefined) return { className: named, value: system, policy: PREEMPTS };
  const found =
    named === undefined
      ? classes.find(({ globalDefault }) => globalDefault === true)
      : classes.find(({ metadata }) => metadata.name === named);
  if (found !== undefined) {
    const { value, preemptionPolicy = PREEMPTS } = found;
    return { className: found.metadata.name, value, policy: preemptionPolicy };
  }
  return named === undefined ? { className: undefined, value: 0, policy: PREEMPTS } : undefined;
}
