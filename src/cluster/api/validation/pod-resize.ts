// What may change when a running pod is resized. Mirrors kubernetes pkg/apis/core/validation/validation.go (ValidatePodResize).

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField } from "../field-error.ts";
import { qosClassOf } from "../strategies/pod-qos.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { validateResources } from "./resources.ts";

type Scope = Readonly<Record<string, unknown>>;

const LISTS = ["containers", "initContainers"] as const;
const MIRROR = "kubernetes.io/config.mirror";

export function validatePodResize(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  if (deepEqual(spec, before)) return [];
  if (old.metadata.annotations?.[MIRROR] !== undefined)
    return [forbiddenField("", "static pods cannot be resized")];
  if (textAt(recordAt(before, "os"), "name") === "windows")
    return [forbiddenField("", "windows pods cannot be resized")];
  const causes = [...resourceFaults(spec), ...qualityFaults(next, old)];
  const moved = LISTS.flatMap((list) => orderFaults(list, spec, before));
  if (moved.length > 0) return [...causes, ...moved];
  return [
    ...causes,
    ...LISTS.flatMap((list) => removedFaults(list, spec, before)),
    ...otherFaults(spec, before),
  ];
}

function resourceFaults(spec: Scope): readonly StatusCause[] {
  return LISTS.flatMap((list) =>
    recordsAt(spec, list).flatMap((container, index) =>
      validateResources(`spec.${list}[${index}].resources`, recordAt(container, "resources")),
    ),
  );
}

function qualityFaults(next: KubernetesObject, old: KubernetesObject): readonly StatusCause[] {
  const before = textAt(recordAt(old, "status"), "qosClass") || qosClassOf(old);
  if (before === qosClassOf(next)) return [];
  const why = "Pod QOS Class may not change as a result of resizing";
  return [invalidField("spec", before, why)];
}

function orderFaults(list: string, spec: Scope, before: Scope): readonly StatusCause[] {
  const [after, known] = [recordsAt(spec, list), recordsAt(before, list)];
  if (after.length !== known.length)
    return [forbiddenField("spec", `${list} may not be added or removed on resize`)];
  const why = `${list} may not be renamed or reordered on resize`;
  return known.flatMap(({ name }, index) =>
    after[index]?.["name"] === name ? [] : [forbiddenField(`spec.${list}[${index}].name`, why)],
  );
}

function removedFaults(list: string, spec: Scope, before: Scope): readonly StatusCause[] {
  const after = recordsAt(spec, list);
  return recordsAt(before, list).flatMap((container, index) =>
    (["requests", "limits"] as const).flatMap((part) => {
      const now = resourcesOf(after[index] ?? {}, part);
      const isGone = Object.keys(resourcesOf(container, part)).some((name) => !(name in now));
      const field = `spec.${list}[${index}].resources.${part}`;
      return isGone ? [forbiddenField(field, `resource ${part} cannot be removed`)] : [];
    }),
  );
}

function resourcesOf(container: Scope, part: string): Scope {
  return recordAt(recordAt(container, "resources"), part);
}

/** Of containers, CPU and memory; of those that have ended before the others start, nothing. */
function otherFaults(spec: Scope, before: Scope): readonly StatusCause[] {
  const same =
    deepEqual(fixedPart(spec, "containers"), fixedPart(before, "containers")) &&
    deepEqual(fixedPart(spec, "initContainers"), fixedPart(before, "initContainers"));
  if (same) return [];
  return [forbiddenField("spec", "only cpu and memory resources are mutable")];
}

function fixedPart(spec: Scope, list: string): readonly unknown[] {
  return recordsAt(spec, list).map((container) => {
    const isSidecar = container["restartPolicy"] === "Always";
    if (list === "initContainers" && !isSidecar) return container;
    return ["requests", "limits"].map((part) => {
      const { cpu: _cpu, memory: _memory, ...others } = resourcesOf(container, part);
      return others;
    });
  });
}
