// Essential validation of pods and pod templates. Mirrors kubernetes pkg/apis/core/validation/validation.go.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import {
  duplicateField,
  forbiddenField,
  invalidField,
  notFoundField,
  requiredField,
  unsupportedField,
} from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt, textsAt } from "./fields.ts";
import { validateAnnotations, validateLabels } from "./labels.ts";
import { nameFaults } from "./names.ts";
import { isGated, validateGates, validateNarrowing, withoutPlacement } from "./pod-gates.ts";
import { validateInitResizePolicies, validateResizePolicies } from "./resize-policies.ts";
import { validateResources } from "./resources.ts";

type Scope = Readonly<Record<string, unknown>>;

/** What a pod may do when its containers end. */
export const RESTART_POLICIES: readonly string[] = ["Always", "OnFailure", "Never"];

export function validatePod(pod: KubernetesObject): readonly StatusCause[] {
  return validatePodSpec("spec", recordAt(pod, "spec"), RESTART_POLICIES);
}

export function validatePodTemplate(
  field: string,
  template: Scope,
  restartPolicies: readonly string[],
  /** Volumes the controller adds: a StatefulSet's claims. */
  claims: readonly string[] = [],
): readonly StatusCause[] {
  const metadata = recordAt(template, "metadata");
  return [
    ...validateLabels(`${field}.labels`, textsAt(metadata, "labels")),
    ...validateAnnotations(`${field}.annotations`, textsAt(metadata, "annotations")),
    ...validatePodSpec(`${field}.spec`, recordAt(template, "spec"), restartPolicies, claims),
  ];
}

/** Frozen spec → the restart policies it has been found valid with: pods of one template share their spec. */
const knownValid = new WeakMap<object, readonly string[]>();

function validatePodSpec(
  field: string,
  spec: Scope,
  restartPolicies: readonly string[],
  claims: readonly string[] = [],
): readonly StatusCause[] {
  const isShared = Object.isFrozen(spec) && claims.length === 0;
  if (isShared && knownValid.get(spec) === restartPolicies) return [];
  const causes = podSpecFaults(field, spec, restartPolicies, claims);
  if (isShared && causes.length === 0) knownValid.set(spec, restartPolicies);
  return causes;
}

function podSpecFaults(
  field: string,
  spec: Scope,
  restartPolicies: readonly string[],
  claims: readonly string[],
): readonly StatusCause[] {
  const volumes = new Set<string>();
  const causes: StatusCause[] = [];
  recordsAt(spec, "volumes").forEach((volume, index) => {
    causes.push(...validateVolume(`${field}.volumes[${index}]`, volume, volumes));
  });
  claims.forEach((claim) => volumes.add(claim));
  const names = new Set<string>();
  const containers = recordsAt(spec, "containers");
  if (containers.length === 0) causes.push(requiredField(`${field}.containers`));
  const policy = textAt(spec, "restartPolicy");
  for (const list of ["containers", "initContainers"] as const) {
    recordsAt(spec, list).forEach((container, index) => {
      const at = `${field}.${list}[${index}]`;
      causes.push(...validateContainer(at, container, volumes));
      causes.push(...validateResizePolicies(at, container, policy));
      const name = textAt(container, "name");
      if (names.has(name)) causes.push(duplicateField(`${at}.name`, name));
      else if (name !== "" || list === "containers") names.add(name);
      if (list === "initContainers") causes.push(...validateInitResizePolicies(at, container));
    });
  }
  if (!restartPolicies.includes(policy)) {
    causes.push(unsupportedField(`${field}.restartPolicy`, policy, restartPolicies));
  }
  const grace = numberAt(spec, "terminationGracePeriodSeconds");
  if (grace !== undefined && grace < 0) {
    causes.push(
      invalidField(
        `${field}.terminationGracePeriodSeconds`,
        grace,
        "must be greater than or equal to 0",
      ),
    );
  }
  return causes;
}

function validateVolume(field: string, volume: Scope, names: Set<string>): readonly StatusCause[] {
  const name = textAt(volume, "name");
  if (name === "") return [requiredField(`${field}.name`)];
  if (names.has(name)) return [duplicateField(`${field}.name`, name)];
  names.add(name);
  return nameFaults(name, "label").map((fault) => invalidField(`${field}.name`, name, fault));
}

function validateContainer(
  field: string,
  container: Scope,
  volumes: ReadonlySet<string>,
): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const name = textAt(container, "name");
  if (name === "") causes.push(requiredField(`${field}.name`));
  else
    causes.push(
      ...nameFaults(name, "label").map((fault) => invalidField(`${field}.name`, name, fault)),
    );
  if (textAt(container, "image") === "") causes.push(requiredField(`${field}.image`));
  recordsAt(container, "ports").forEach((port, index) => {
    causes.push(...validatePort(`${field}.ports[${index}]`, port));
  });
  recordsAt(container, "env").forEach((variable, index) => {
    if (textAt(variable, "name") === "") causes.push(requiredField(`${field}.env[${index}].name`));
  });
  causes.push(
    ...validateMounts(`${field}.volumeMounts`, recordsAt(container, "volumeMounts"), volumes),
  );
  causes.push(...validateResources(`${field}.resources`, recordAt(container, "resources")));
  return causes;
}

function validateMounts(
  field: string,
  mounts: readonly Scope[],
  volumes: ReadonlySet<string>,
): readonly StatusCause[] {
  const paths = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const at = `${field}[${index}]`;
    const causes: StatusCause[] = [];
    const volume = textAt(mount, "name");
    if (volume === "") causes.push(requiredField(`${at}.name`));
    else if (!volumes.has(volume)) causes.push(notFoundField(`${at}.name`, volume));
    const path = textAt(mount, "mountPath");
    if (path === "") causes.push(requiredField(`${at}.mountPath`));
    if (paths.has(path)) causes.push(invalidField(`${at}.mountPath`, path, "must be unique"));
    paths.add(path);
    return causes;
  });
}

function validatePort(field: string, port: Scope): readonly StatusCause[] {
  const number = numberAt(port, "containerPort");
  if (number === undefined || number === 0) return [requiredField(`${field}.containerPort`)];
  return number < 1 || number > 65_535
    ? [invalidField(`${field}.containerPort`, number, "must be between 1 and 65535, inclusive")]
    : [];
}

const POD_UPDATE_TEXT =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
  "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** Images, the deadline and added tolerations; scheduling gates may go. Nothing else of a pod's spec changes. */
export function validatePodUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
): readonly StatusCause[] {
  const spec = recordAt(next, "spec");
  const before = recordAt(old, "spec");
  if (spec === before) return [];
  const causes: StatusCause[] = [...validateGates(spec, before)];
  const tolerations = recordsAt(before, "tolerations");
  const kept = recordsAt(spec, "tolerations");
  if (tolerations.some((one) => !kept.some((other) => deepEqual(one, other)))) {
    causes.push(
      forbiddenField(
        "spec.tolerations",
        "existing toleration can not be modified except its tolerationSeconds",
      ),
    );
  }
  const gated = isGated(before);
  if (gated) causes.push(...validateNarrowing(spec, before));
  const fixed = (part: Scope): Scope =>
    gated ? withoutPlacement(withoutMutable(part)) : withoutMutable(part);
  if (deepEqual(fixed(spec), fixed(before))) return causes;
  return [...causes, forbiddenField("spec", POD_UPDATE_TEXT)];
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
