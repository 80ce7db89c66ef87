// Fields of a pod's spec beside its volumes and containers, in the order in which the server looks at them. Mirrors ValidatePodSpec of
// kubernetes pkg/apis/core/validation/validation.go @v1.36.

import { duplicateField, invalidField, notFoundField } from "../field-error.ts";
import { validateAffinity } from "./affinities.ts";
import { validateHostNetworkPorts } from "./container-ports.ts";
import { recordAt, recordsAt, textAt, textsAt } from "./fields.ts";
import { qualifiedNameFaults, validateLabels } from "./labels.ts";
import type { NameRule } from "./names.ts";
import { validateName } from "./names.ts";
import { containersOf, hasContainer } from "./pod-containers.ts";
import { validateDnsConfig, validateHostAliases, validateHostnameOverride } from "./pod-dns.ts";
import { validateOperatingSystem, validateOwnUsers } from "./pod-os.ts";
import { validateLimits } from "./resources.ts";
import { validatePodSecurity } from "./security-contexts.ts";
import { validateTolerations } from "./tolerations.ts";
import { validateTopologySpread } from "./topology-spread.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { invalidAll, judgeEach, NO_CAUSES, validateChoice, validateRange } from "./walk-fields.ts";
import { validateHostProcess } from "./windows-options.ts";

const RESTART = ["Always", "OnFailure", "Never"];
const DNS = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const PREEMPTION = ["PreemptLowerPriority", "Never"];
const SECONDS = { min: 1, max: 2_147_483_647 };

export function judgeSpecFields(field: string, spec: Scope, owner: "pod" | "template"): Causes {
  return [
    ...validateHostNetworkPorts(field, spec, owner),
    ...validateChoice(`${field}.restartPolicy`, spec["restartPolicy"], RESTART),
    ...validateChoice(`${field}.dnsPolicy`, spec["dnsPolicy"], DNS),
    ...validateLabels(`${field}.nodeSelector`, textsAt(spec, "nodeSelector")),
    ...validatePodSecurity(field, spec),
    ...validateAffinity(field, spec),
    ...validateDnsConfig(field, spec),
    ...judgeEach(field, spec, "readinessGates", (at, gate) =>
      qualified(`${at}.conditionType`, textAt(gate, "conditionType")),
    ),
    ...validateSchedulingGates(field, spec),
    ...validateTopologySpread(field, spec),
    ...validateHostProcess(field, spec),
    ...validateOwnUsers(field, spec),
    ...validateHostnameOverride(field, spec),
    ...judgeNames(field, spec, PLACE_NAMES),
    ...validateRange(`${field}.activeDeadlineSeconds`, spec["activeDeadlineSeconds"], SECONDS),
    ...judgeNames(field, spec, HOST_NAMES),
    ...(spec["tolerations"] === undefined
      ? NO_CAUSES
      : validateTolerations(`${field}.tolerations`, recordsAt(spec, "tolerations"))),
    ...validateHostAliases(field, spec),
    ...judgeNames(field, spec, CLASS_NAMES),
    ...preemptionFaults(`${field}.preemptionPolicy`, spec["preemptionPolicy"]),
    ...validateLimits(`${field}.overhead`, recordAt(spec, "overhead")),
    ...validateOperatingSystem(field, spec),
    ...validateFileSources(field, spec),
  ];
}

type Names = readonly (readonly [name: string, rule: NameRule])[];

const PLACE_NAMES: Names = [
  ["serviceAccountName", "subdomain"],
  ["nodeName", "subdomain"],
];
const HOST_NAMES: Names = [
  ["hostname", "label"],
  ["subdomain", "label"],
];
const CLASS_NAMES: Names = [
  ["priorityClassName", "subdomain"],
  ["runtimeClassName", "subdomain"],
];

/** An empty name is none, but of a class, which is then asked for by no name. */
function judgeNames(field: string, spec: Scope, names: Names): Causes {
  let causes = NO_CAUSES;
  for (const [name, rule] of names) {
    const text = spec[name];
    const isSet = typeof text === "string" && (text !== "" || name === "runtimeClassName");
    if (isSet) causes = [...causes, ...validateName(`${field}.${name}`, text, rule)];
  }
  return causes;
}

function qualified(field: string, name: string): Causes {
  return invalidAll(field, name, qualifiedNameFaults(name));
}

function validateSchedulingGates(field: string, spec: Scope): Causes {
  if (spec["schedulingGates"] === undefined) return NO_CAUSES;
  const seen = new Set<string>();
  return judgeEach(field, spec, "schedulingGates", (at, gate) => {
    const name = textAt(gate, "name");
    const isTwice = seen.has(name);
    seen.add(name);
    return [...qualified(at, name), ...(isTwice ? [duplicateField(at, name)] : [])];
  });
}

function preemptionFaults(field: string, policy: unknown): Causes {
  return policy === undefined ? NO_CAUSES : validateChoice(field, policy, PREEMPTION);
}

/** Files of variables are those of an emptyDir. */
function validateFileSources(field: string, spec: Scope): Causes {
  if (!hasContainer(spec, readsFiles)) return NO_CAUSES;
  return containersOf(field, spec).flatMap(({ at, part }) =>
    judgeEach(at, part, "env", (place, variable) => {
      const file = recordAt(recordAt(variable, "valueFrom"), "fileKeyRef");
      if (Object.keys(file).length === 0) return NO_CAUSES;
      const name = textAt(file, "volumeName");
      return fileSourceFaults(`${place}.valueFrom.fileKeyRef.volumeName`, name, spec);
    }),
  );
}

function readsFiles(container: Scope): boolean {
  const variables = container["env"];
  if (!Array.isArray(variables)) return false;
  return variables.some(
    (variable: Scope) => recordAt(variable, "valueFrom")["fileKeyRef"] !== undefined,
  );
}

function fileSourceFaults(field: string, name: string, spec: Scope): Causes {
  const volume = recordsAt(spec, "volumes").findLast((one) => textAt(one, "name") === name);
  if (volume === undefined) return [notFoundField(field, name)];
  if (volume["emptyDir"] !== undefined) return NO_CAUSES;
  return [invalidField(field, name, "referenced volume must be of type emptyDir")];
}
