// Validation of pods and pod templates. Mirrors ValidatePodCreate, ValidatePodSpec and ValidatePodTemplateSpec of kubernetes
// pkg/apis/core/validation/validation.go @v1.36. What changes of a pod is judged in pod-updates.ts.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { forbiddenField, unsupportedField } from "../field-error.ts";
import {
  validateContainers,
  validateEphemeralContainers,
  validateImageText,
  validateInitContainers,
} from "./containers.ts";
import { numberAt, recordAt, recordsAt, textAt, textsAt } from "./fields.ts";
import { validateAnnotations, validateLabels } from "./labels.ts";
import { MIRROR, validatePodAnnotations, validateProfileAnnotations } from "./pod-annotations.ts";
import { validatePodResources } from "./pod-resources.ts";
import { judgeSpecFields } from "./pod-spec-fields.ts";
import type { VolumeOwner } from "./pod-volumes.ts";
import { validatePodVolumes } from "./pod-volumes.ts";
import { validatePodClaims } from "./resource-claims.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { judgeEach, NO_CAUSES } from "./walk-fields.ts";

/** What a pod may do when its containers end. */
export const RESTART_POLICIES: readonly string[] = ["Always", "OnFailure", "Never"];

export function validatePod(pod: KubernetesObject): Causes {
  const { name, annotations = {} } = pod.metadata;
  const spec = recordAt(pod, "spec");
  return [
    ...validatePodAnnotations("metadata.annotations", annotations, spec),
    ...validateOnce("spec", spec, {
      kind: "pod",
      name,
      isMirror: annotations[MIRROR] !== undefined,
    }),
  ];
}

/** Of a pod that is yet to be. */
export function validateNewPod(pod: KubernetesObject): Causes {
  const spec = recordAt(pod, "spec");
  const isGated = recordsAt(spec, "schedulingGates").length > 0;
  const gated = "cannot be set until all schedulingGates have been cleared";
  return [
    ...(recordsAt(spec, "ephemeralContainers").length > 0
      ? [forbiddenField("spec.ephemeralContainers", "cannot be set on create")]
      : []),
    ...(isGated && textAt(spec, "nodeName") !== "" ? [forbiddenField("spec.nodeName", gated)] : []),
    ...validateProfileAnnotations("spec", pod.metadata.annotations ?? {}, { spec, owner: "pod" }),
  ];
}

export function validatePodTemplateObject(object: KubernetesObject): Causes {
  return validatePodTemplate("template", recordAt(object, "template"), RESTART_POLICIES);
}

export function validatePodTemplate(
  field: string,
  template: Scope,
  restartPolicies: readonly string[],
  /** Volumes the controller adds: a StatefulSet's claims. It also names its pods itself. */
  claims?: readonly string[],
): Causes {
  const metadata = recordAt(template, "metadata");
  const annotations = textsAt(metadata, "annotations");
  const own = recordAt(template, "spec");
  const spec = claims === undefined ? own : asInSet(own, claims);
  const at = `${field}.spec`;
  return [
    ...validateLabels(`${field}.labels`, textsAt(metadata, "labels")),
    ...validateAnnotations(`${field}.annotations`, annotations),
    ...validatePodAnnotations(`${field}.annotations`, annotations, spec),
    ...validateOnce(at, spec, { kind: "template", name: undefined, isMirror: false }),
    ...validateProfileAnnotations(at, annotations, { spec, owner: "template" }),
    ...(recordsAt(spec, "ephemeralContainers").length > 0
      ? [forbiddenField(`${at}.ephemeralContainers`, NOT_IN_TEMPLATES)]
      : []),
    ...narrowerPolicy(`${at}.restartPolicy`, textAt(spec, "restartPolicy"), restartPolicies),
  ];
}

/** What no pod may do has been told of already. */
function narrowerPolicy(field: string, policy: string, allowed: readonly string[]): Causes {
  const isNarrower = allowed.length < RESTART_POLICIES.length;
  if (!isNarrower || allowed.includes(policy)) return NO_CAUSES;
  return [unsupportedField(field, policy, allowed)];
}

const NOT_IN_TEMPLATES = "ephemeral containers not allowed in pod template";

function asInSet(spec: Scope, claims: readonly string[]): Scope {
  const { hostname: _hostname, subdomain: _subdomain, ...rest } = spec;
  const added = claims.map((claimName) => ({
    name: claimName,
    persistentVolumeClaim: { claimName },
  }));
  const kept = recordsAt(spec, "volumes").filter(({ name }) => !claims.some((one) => one === name));
  return { ...rest, volumes: [...added, ...kept] };
}

interface Owner extends VolumeOwner {
  /** Whether the pod is one that a node agent has without the API. */
  readonly isMirror: boolean;
}

/** Frozen spec → of what it has been found valid: pods of one template share their spec. */
const knownValid = new WeakMap<object, Owner["kind"]>();

function validateOnce(field: string, spec: Scope, owner: Owner): Causes {
  const isShared = Object.isFrozen(spec) && !dependsOnName(spec, owner);
  if (isShared && knownValid.get(spec) === owner.kind) return NO_CAUSES;
  const causes = [...podSpecFaults(field, spec, owner), ...podOnlyFaults(field, spec, owner)];
  if (isShared && causes.length === 0) knownValid.set(spec, owner.kind);
  return causes;
}

/** Claims for volumes are called by the pod, and mirrors have no claims for devices. */
function dependsOnName(spec: Scope, { kind, isMirror }: Owner): boolean {
  const hasClaims =
    kind === "pod" && recordsAt(spec, "volumes").some(({ ephemeral }) => ephemeral !== undefined);
  return hasClaims || isMirror;
}

function podSpecFaults(field: string, spec: Scope, owner: Owner): Causes {
  const { known, causes } = validatePodVolumes(field, spec, owner);
  const claims = claimNames(spec);
  const scope = {
    volumes: known,
    claims,
    restartPolicy: textAt(spec, "restartPolicy"),
    grace: numberAt(spec, "terminationGracePeriodSeconds"),
    hostUsers: spec["hostUsers"] !== false,
  };
  return [
    ...causes,
    ...(owner.isMirror ? mirrorClaims(spec) : validatePodClaims(field, spec)),
    ...validateContainers(field, spec, scope),
    ...validateInitContainers(field, spec, scope),
    ...validateEphemeralContainers(field, spec, scope),
    ...validatePodResources(field, spec, claims),
    ...judgeSpecFields(field, spec, owner.kind),
  ];
}

const NO_CLAIMS: ReadonlySet<string> = new Set();

function claimNames(spec: Scope): ReadonlySet<string> {
  if (spec["resourceClaims"] === undefined) return NO_CLAIMS;
  const names = recordsAt(spec, "resourceClaims").map((claim) => textAt(claim, "name"));
  return new Set(names.filter((name) => name !== ""));
}

/** Each of them is refused, and none is told of by its path: `[]` is how the server writes an empty one. */
function mirrorClaims(spec: Scope): Causes {
  const why = "static pods do not support resource claims";
  return recordsAt(spec, "resourceClaims").map(() => forbiddenField("[]", why));
}

function podOnlyFaults(field: string, spec: Scope, { kind }: Owner): Causes {
  if (kind !== "pod") return NO_CAUSES;
  return [
    ...(textAt(spec, "serviceAccountName") === "" ? tokensWithoutAccount(field, spec) : []),
    ...["containers", "initContainers"].flatMap((list) =>
      judgeEach(field, spec, list, validateImageText),
    ),
  ];
}

function tokensWithoutAccount(field: string, spec: Scope): Causes {
  const why = "must not be specified when serviceAccountName is not set";
  return judgeEach(field, spec, "volumes", (at, volume) =>
    judgeEach(`${at}.projected`, recordAt(volume, "projected"), "sources", (place, source) =>
      source["serviceAccountToken"] === undefined
        ? NO_CAUSES
        : [forbiddenField(`${place}.serviceAccountToken`, why)],
    ),
  );
}
