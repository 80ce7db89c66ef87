// What pods of an operating system have not, and what pods with users of their own have not. Mirrors validateOS, validateLinux,
// validateWindows and validateHostUsers of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import { forbiddenField, requiredField, unsupportedField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { containersOf } from "./pod-containers.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

const SYSTEMS = ["linux", "windows"];
const NOT_IN_LINUX = "windows options cannot be set for a linux pod";
const NOT_IN_WINDOWS = "cannot be set for a windows pod";

/** Parts of a pod's spec that Windows knows nothing of, in the order in which the server looks at them. */
const POD_PARTS = [
  "securityContext.appArmorProfile",
  "securityContext.seLinuxOptions",
  "hostUsers",
  "hostPID",
  "hostIPC",
  "securityContext.seccompProfile",
  "securityContext.fsGroup",
  "securityContext.fsGroupChangePolicy",
  "securityContext.sysctls",
  "shareProcessNamespace",
  "securityContext.runAsUser",
  "securityContext.runAsGroup",
  "securityContext.supplementalGroups",
  "securityContext.supplementalGroupsPolicy",
  "securityContext.seLinuxChangePolicy",
];
const CONTAINER_PARTS = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
].map((part) => `securityContext.${part}`);

export function validateOperatingSystem(field: string, spec: Scope): Causes {
  const os = spec["os"];
  if (!isRecord(os)) return NO_CAUSES;
  const name = textAt(os, "name");
  if (name === "") return [requiredField(`${field}.os.name`)];
  if (!SYSTEMS.includes(name)) return [unsupportedField(`${field}.os`, name, SYSTEMS)];
  const [own, parts, why] =
    name === "linux"
      ? [["securityContext.windowsOptions"], ["securityContext.windowsOptions"], NOT_IN_LINUX]
      : [POD_PARTS, CONTAINER_PARTS, NOT_IN_WINDOWS];
  return [
    ...presentParts(field, spec, own, why),
    ...containersOf(field, spec).flatMap(({ at, part }) => presentParts(at, part, parts, why)),
  ];
}

function presentParts(field: string, owner: Scope, parts: readonly string[], why: string): Causes {
  return parts
    .filter((part) => isPresent(owner, part))
    .map((part) => forbiddenField(`${field}.${part}`, why));
}

/** Flags that are false, and lists without anything, are as good as absent where the server keeps no pointer. */
function isPresent(owner: Scope, part: string): boolean {
  const [head = "", tail] = part.split(".");
  const value = tail === undefined ? owner[head] : recordAt(owner, head)[tail];
  if (part === "hostPID" || part === "hostIPC") return value === true;
  if (part === "securityContext.sysctls") return Array.isArray(value) && value.length > 0;
  return value !== undefined;
}

const WHY = "when `hostUsers` is false";
/** Flag → how the server spells it here. */
const SHARED: Readonly<Record<string, string>> = {
  hostNetwork: "hostNetwork",
  hostPID: "HostPID",
  hostIPC: "HostIPC",
};

/** Users of its own go with nothing that is the host's. */
export function validateOwnUsers(field: string, spec: Scope): Causes {
  if (spec["hostUsers"] !== false) return NO_CAUSES;
  return [
    ...Object.entries(SHARED)
      .filter(([flag]) => spec[flag] === true)
      .map(([, name]) => forbiddenField(`${field}.${name}`, WHY)),
    ...containersOf(field, spec)
      .filter(({ part }) => recordsAt(part, "volumeDevices").length > 0)
      .map(({ at }) => forbiddenField(`${at}.volumeDevices`, WHY)),
  ];
}
