// Turns a pod's priority class into its priority and its right to preempt. Mirrors plugin/pkg/admission/priority.

import { admissionForbidden, isFor } from "../../kubernetes/index.ts";
import type { AdmissionPlugin, KubernetesObject, PodSpec } from "../../kubernetes/index.ts";
import { SYSTEM_PRIORITY_CLASSES } from "../api/validation/classes.ts";
import { deriveOnce } from "../store/index.ts";
import type { DeriveOnce } from "../store/index.ts";

interface PriorityClass extends KubernetesObject {
  readonly value: number;
  readonly globalDefault?: boolean;
  readonly preemptionPolicy?: string;
}

const PRIORITY_CLASS = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" };

/** Known whether their objects are there or not. */
const SYSTEM_CLASSES: Readonly<Record<string, number>> = Object.fromEntries(
  SYSTEM_PRIORITY_CLASSES.map(({ name, value }) => [name, value]),
);

export const podPriority: AdmissionPlugin = {
  name: "Priority",
  handles: (subject) => subject.operation === "CREATE" && isFor(subject, "pods"),
  mutate(request) {
    const { object, live } = request;
    if (object === undefined) return object;
    // Decoding has given the object the shape of its kind.
    const spec = object["spec"] as PodSpec & { readonly priorityClassName?: string };
    const classes = live.list(PRIORITY_CLASS) as readonly PriorityClass[];
    const chosen = choose(spec.priorityClassName, classes);
    if (chosen === undefined) {
      const why = `no PriorityClass with name ${spec.priorityClassName} was found`;
      throw admissionForbidden(request, why);
    }
    const { className, value, policy } = chosen;
    if (spec.priority !== undefined && spec.priority !== value) {
      const why = `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
      throw admissionForbidden(request, why);
    }
    const derive = (): PodSpec => ({
      ...spec,
      ...(className === undefined ? {} : { priorityClassName: className }),
      priority: value,
      preemptionPolicy: spec.preemptionPolicy ?? policy,
    });
    return { ...object, spec: specOnce(spec, [className, value, policy], derive) };
  },
};

/** The other half of the same plug-in. */
export const globalDefaultPriority: AdmissionPlugin = {
  name: "Priority",
  handles: (subject) =>
    (subject.operation === "CREATE" || subject.operation === "UPDATE") &&
    isFor(subject, "priorityclasses.scheduling.k8s.io"),
  validate(request) {
    const { object, live } = request;
    if (object?.["globalDefault"] !== true) return;
    const classes = live.list(PRIORITY_CLASS) as readonly PriorityClass[];
    const other = classes.find(
      ({ globalDefault, metadata }) =>
        globalDefault === true && metadata.name !== object.metadata.name,
    );
    if (other === undefined) return;
    const why = `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`;
    throw admissionForbidden(request, why);
  },
};

const specOnce: DeriveOnce<PodSpec> = deriveOnce();

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
