// What may change of a pod once it is there. Mirrors ValidatePodUpdate of kubernetes pkg/apis/core/validation/validation.go @v1.36,
// with one difference: the server also shows what changed.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { validateImageText } from "./containers.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { APP_ARMOR, MIRROR, validatePodAnnotations } from "./pod-annotations.ts";
import { isGated, validateGates, validateNarrowing, withoutPlacement } from "./pod-gates.ts";
import { validateTolerations } from "./tolerations.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

const POD_UPDATE_TEXT =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
const DEADLINE = "spec.activeDeadlineSeconds";
const SECONDS_MAX = 2_147_483_647;

/** Images, the deadline and added tolerations; scheduling gates may go. Nothing else of a pod's spec changes. */
export function validatePodUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  const annotations = annotationFaults(next, old, spec);
  if (spec === before) return annotations;
  for (const list of ["containers", "initContainers"]) {
    if (recordsAt(spec, list).length !== recordsAt(before, list).length) {
      const why = "pod updates may not add or remove containers";
      return [...annotations, forbiddenField(`spec.${list}`, why)];
    }
  }
  const images = ["containers", "initContainers"].flatMap((list) => imageFaults(list, spec));
  const deadline = deadlineFaults(spec, before);
  const causes = [...annotations, ...images, ...deadline];
  // A deadline that is set wrongly is the last thing looked at.
  if (deadline.length > 0 && spec["activeDeadlineSeconds"] !== undefined) return causes;
  return [
    ...causes,
    ...tolerationFaults(spec, before),
    ...validateGates(spec, before),
    ...fixedFaults(spec, before),
  ];
}

/** Of a pod of which only the metadata changes. */
export function validatePodMetadata(next: KubernetesObject, old: KubernetesObject): Causes {
  const { annotations } = next.metadata;
  if (annotations === old.metadata.annotations) return NO_CAUSES;
  const spec = recordAt(next, "spec");
  return [
    ...validatePodAnnotations("metadata.annotations", annotations ?? {}, spec),
    ...annotationFaults(next, old, spec),
  ];
}

/** What the node agent goes by is decided when the pod is made; then the server looks at what it has looked at before. */
function annotationFaults(next: KubernetesObject, old: KubernetesObject, spec: Scope): Causes {
  const [now, before] = [next.metadata.annotations ?? {}, old.metadata.annotations ?? {}];
  const fixed = (name: string): string | undefined => {
    if (name === MIRROR) return "mirror pod annotation";
    return name.startsWith(APP_ARMOR) ? "AppArmor annotations" : undefined;
  };
  const faults = (names: readonly string[], verb: string): Causes =>
    names.toSorted().flatMap((name) => {
      const what = fixed(name);
      const field = `metadata.annotations[${name}]`;
      return what === undefined ? NO_CAUSES : [forbiddenField(field, `may not ${verb} ${what}`)];
    });
  const changed = Object.keys(before).filter((name) => now[name] !== before[name]);
  const added = Object.keys(now).filter((name) => before[name] === undefined);
  return [
    ...faults(changed, "remove or update"),
    ...faults(added, "add"),
    ...validatePodAnnotations("metadata.annotations", now, spec),
  ];
}

function imageFaults(list: string, spec: Scope): Causes {
  return recordsAt(spec, list).flatMap((container, index) => {
    const at = `spec.${list}[${index}]`;
    return textAt(container, "image") === ""
      ? [requiredField(`${at}.image`)]
      : validateImageText(at, container);
  });
}

/** It comes, or comes sooner. */
function deadlineFaults(spec: Scope, before: Scope): Causes {
  const [now, old] = [
    numberAt(spec, "activeDeadlineSeconds"),
    numberAt(before, "activeDeadlineSeconds"),
  ];
  if (now === undefined) {
    const gone = "must not update from a positive integer to nil value";
    return old === undefined ? NO_CAUSES : [invalidField(DEADLINE, undefined, gone)];
  }
  if (now < 0 || now > SECONDS_MAX) {
    return [invalidField(DEADLINE, now, `must be between 0 and ${SECONDS_MAX}, inclusive`)];
  }
  if (old === undefined || old >= now) return NO_CAUSES;
  return [invalidField(DEADLINE, now, "must be less than or equal to previous value")];
}

/** They may be added to, and last longer or shorter. */
function tolerationFaults(spec: Scope, before: Scope): Causes {
  const untimed = ({ tolerationSeconds: _seconds, ...rest }: Scope): Scope => rest;
  const kept = recordsAt(spec, "tolerations");
  const isLost = recordsAt(before, "tolerations").some(
    (one) => !kept.some((other) => deepEqual(untimed(one), untimed(other))),
  );
  if (!isLost) return validateTolerations("spec.tolerations", kept);
  const why = "existing toleration can not be modified except its tolerationSeconds";
  return [forbiddenField("spec.tolerations", why)];
}

function fixedFaults(spec: Scope, before: Scope): Causes {
  const gated = isGated(before);
  const fixed = (part: Scope): Scope =>
    gated ? withoutPlacement(withoutMutable(part)) : withoutMutable(part);
  const grace = before["terminationGracePeriodSeconds"];
  const isMended = Number(grace) < 0 && spec["terminationGracePeriodSeconds"] === 1;
  const after = isMended ? { ...spec, terminationGracePeriodSeconds: grace } : spec;
  const isSame = deepEqual(fixed(after), fixed(before));
  return [
    ...(gated ? validateNarrowing(spec, before) : NO_CAUSES),
    ...(isSame ? [] : [forbiddenField("spec", POD_UPDATE_TEXT)]),
  ];
}

function withoutMutable(spec: Scope): Scope {
  const {
    tolerations: _tolerations,
    activeDeadlineSeconds: _deadline,
    schedulingGates: _gates,
    containers: _containers,
    initContainers: _initContainers,
    ...rest
  } = spec;
  const withoutImage = (container: Scope): Scope => ({ ...container, image: "" });
  return {
    ...rest,
    containers: recordsAt(spec, "containers").map(withoutImage),
    initContainers: recordsAt(spec, "initContainers").map(withoutImage),
  };
}
