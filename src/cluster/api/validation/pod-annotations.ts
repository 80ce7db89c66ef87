// Annotations that mean something to a pod. Mirrors ValidatePodSpecificAnnotations, validateSeccompAnnotationsAndFields and
// validateAppArmorAnnotationsAndFieldsMatchOnCreate of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { forbiddenField, invalidField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import { containersOf } from "./pod-containers.ts";
import { validateDescendingPath } from "./relative-paths.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

export const MIRROR = "kubernetes.io/config.mirror";
const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
export const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
const LOCAL = "localhost/";

type Annotations = Readonly<Record<string, string>>;

/** `field` is that of the annotations. */
export function validatePodAnnotations(
  field: string,
  annotations: Annotations,
  spec: Scope,
): Causes {
  const names = Object.keys(annotations).toSorted();
  if (names.length === 0) return NO_CAUSES;
  return [
    ...mirrorFaults(field, annotations, spec),
    ...costFaults(`${field}[${DELETION_COST}]`, annotations[DELETION_COST]),
    ...names
      .filter((name) => name === SECCOMP_POD || name.startsWith(SECCOMP_CONTAINER))
      .toSorted((a, b) => Number(b === SECCOMP_POD) - Number(a === SECCOMP_POD))
      .flatMap((name) => seccompFaults(`${field}.${name}`, annotations[name] ?? "")),
    ...names
      .filter((name) => name.startsWith(APP_ARMOR))
      .flatMap((name) => appArmorFaults(`${field}[${name}]`, annotations[name] ?? "", name, spec)),
  ];
}

function mirrorFaults(field: string, annotations: Annotations, spec: Scope): Causes {
  const value = annotations[MIRROR];
  if (value === undefined || textAt(spec, "nodeName") !== "") return NO_CAUSES;
  const why = "must set spec.nodeName if mirror pod annotation is set";
  return [invalidField(`${field}[${MIRROR}]`, value, why)];
}

/** Without a plus sign and without zeros before it. */
function costFaults(field: string, cost: string | undefined): Causes {
  if (cost === undefined) return NO_CAUSES;
  const isInteger = /^(-\d+|0|[1-9]\d*)$/.test(cost);
  const isShort = Number(cost) >= -(2 ** 31) && Number(cost) < 2 ** 31;
  return isInteger && isShort ? NO_CAUSES : [invalidField(field, cost, "must be a 32bit integer")];
}

function seccompFaults(field: string, profile: string): Causes {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return NO_CAUSES;
  if (profile.startsWith(LOCAL)) return validateDescendingPath(field, profile.slice(LOCAL.length));
  return [invalidField(field, profile, "must be a valid seccomp profile")];
}

function appArmorFaults(field: string, profile: string, name: string, spec: Scope): Causes {
  const container = name.slice(APP_ARMOR.length);
  const isThere = containersOf("", spec).some(({ part }) => part["name"] === container);
  const isProfile =
    ["", "runtime/default", "unconfined"].includes(profile) || profile.startsWith(LOCAL);
  const why = `invalid AppArmor profile name: ${JSON.stringify(profile)}`;
  return [
    ...(isThere ? [] : [invalidField(field, container, "container not found")]),
    ...(isProfile ? [] : [invalidField(field, profile, why)]),
  ];
}

/**
 * Where annotations and fields say something of the same profile they say the same. A container of a pod that says nothing of
 * AppArmor itself goes by its annotation; that of a template still has to agree with what the pod says.
 */
export function validateProfileAnnotations(
  /** That of the spec. */
  field: string,
  annotations: Annotations,
  { spec, owner }: { readonly spec: Scope; readonly owner: "pod" | "template" },
): Causes {
  if (Object.keys(annotations).length === 0) return NO_CAUSES;
  const own = recordAt(spec, "securityContext");
  const isWindows = textAt(recordAt(spec, "os"), "name") === "windows";
  const containers = containersOf(field, spec);
  const inherited = owner === "template" ? own["appArmorProfile"] : undefined;
  const seccomp = (at: string, context: Scope, annotation: string | undefined): Causes =>
    mismatch(`${at}.securityContext.seccompProfile`, "seccomp", {
      annotation,
      profile: context["seccompProfile"],
    });
  return [
    ...seccomp(field, own, annotations[SECCOMP_POD]),
    ...containers.flatMap(({ at, part }) =>
      seccomp(at, recordAt(part, "securityContext"), annotations[keyOf(SECCOMP_CONTAINER, part)]),
    ),
    ...(isWindows ? [] : containers).flatMap(({ at, part }) =>
      mismatch(`${at}.securityContext.appArmorProfile`, "apparmor", {
        annotation: annotations[keyOf(APP_ARMOR, part)],
        profile: recordAt(part, "securityContext")["appArmorProfile"] ?? inherited,
      }),
    ),
  ];
}

function keyOf(prefix: string, container: Scope): string {
  return `${prefix}${textAt(container, "name")}`;
}

interface Said {
  readonly annotation: string | undefined;
  readonly profile: unknown;
}

function mismatch(
  field: string,
  kind: "seccomp" | "apparmor",
  { annotation, profile }: Said,
): Causes {
  if (annotation === undefined || profile === undefined) return NO_CAUSES;
  // Decoding has established that a profile is a record.
  const { type, localhostProfile } = profile as Scope;
  const types: Readonly<Record<string, boolean>> = {
    Unconfined: annotation === "unconfined",
    RuntimeDefault:
      annotation === "runtime/default" || (kind === "seccomp" && annotation === "docker/default"),
    Localhost: annotation.startsWith(LOCAL),
  };
  if (types[String(type)] === false) {
    return [forbiddenField(`${field}.type`, `${kind} type in annotation and field must match`)];
  }
  if (type !== "Localhost" || annotation.slice(LOCAL.length) === localhostProfile) return NO_CAUSES;
  const why = `${kind} profile in annotation and field must match`;
  return [forbiddenField(`${field}.localhostProfile`, why)];
}
