// Validation of StatefulSets. Mirrors ValidateStatefulSetSpec and ValidateStatefulSetUpdate of kubernetes
// pkg/apis/apps/validation/validation.go @v1.36.

import { deepEqual } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { validateClaimSpec } from "./claims.ts";
import { recordAt, recordsAt, textAt, textsAt } from "./fields.ts";
import { intOrPercent, isZero, notAboveAll, notNegative } from "./int-or-percent.ts";
import { validateAnnotations, validateLabels } from "./labels.ts";
import { validateName } from "./names.ts";
import { RESTART_POLICIES, validatePodTemplate } from "./pods.ts";
import { pointerTo, printStruct } from "./print-struct.ts";
import { printSelector } from "./selectors.ts";
import {
  hasSelectorFaults,
  validateEndlessPods,
  validateTemplateLabels,
  validateWorkloadSelector,
} from "./workload-templates.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

/** The causes of what a set had from the beginning, and of what may change. */
export function validateNewStatefulSet(set: KubernetesObject): Causes {
  const spec = recordAt(set, "spec");
  return validateSpec(spec, {
    claims: recordsAt(spec, "volumeClaimTemplates").flatMap((claim, index) =>
      validateClaimSpec(`spec.volumeClaimTemplates[${index}].spec`, recordAt(claim, "spec")),
    ),
    serviceName: validateServiceName(textAt(spec, "serviceName")),
    template: templateFaults(spec),
  });
}

/** Neither claims nor the service's name change, so that they stay as they were accepted; so do templates of bad sets. */
export function validateStatefulSetUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  const template = templateFaults(spec);
  const wasBad = template.length > 0 && validateKept(before, templateFaults(before)).length > 0;
  return [...validateKept(spec, wasBad ? [] : template), ...changeFaults(spec, before)];
}

function validateKept(spec: Scope, template: Causes): Causes {
  return validateSpec(spec, { claims: [], serviceName: [], template });
}

interface PartFaults {
  readonly claims: Causes;
  readonly serviceName: Causes;
  readonly template: Causes;
}

function validateSpec(spec: Scope, parts: PartFaults): Causes {
  return [
    ...validateManagement(textAt(spec, "podManagementPolicy")),
    ...validateUpdateStrategy(recordAt(spec, "updateStrategy")),
    ...validateRetention(spec),
    ...parts.claims,
    ...notNegative(spec, "replicas"),
    ...notNegative(spec, "minReadySeconds"),
    ...notNegative(recordAt(spec, "ordinals"), "start", "spec.ordinals.start"),
    ...parts.serviceName,
    ...validateWorkloadSelector(spec, "statefulset"),
    ...validateTemplate(spec, parts.template),
    ...validateEndlessPods(spec, "StatefulSet"),
  ];
}

function validateServiceName(name: string): Causes {
  return name === "" ? [] : validateName("spec.serviceName", name, "label");
}

function validateManagement(policy: string): Causes {
  const field = "spec.podManagementPolicy";
  if (policy === "") return [requiredField(field)];
  if (policy === "OrderedReady" || policy === "Parallel") return [];
  return [invalidField(field, policy, "must be 'OrderedReady' or 'Parallel'")];
}

const ROLLING = { Partition: 0, MaxUnavailable: null } as const;
const STRATEGY = { Type: "", RollingUpdate: pointerTo(ROLLING) } as const;

function validateUpdateStrategy(strategy: Scope): Causes {
  const field = "spec.updateStrategy";
  const type = textAt(strategy, "type");
  const rolling = recordAt(strategy, "rollingUpdate");
  const isSet = strategy["rollingUpdate"] !== undefined;
  if (type === "") return [requiredField(field)];
  if (type === "RollingUpdate")
    return isSet ? validateRolling(`${field}.rollingUpdate`, rolling) : [];
  if (type === "OnDelete") {
    const why = "only allowed for updateStrategy 'RollingUpdate'";
    const shown = printStruct(ROLLING, rolling);
    return isSet ? [invalidField(`${field}.rollingUpdate`, shown, why)] : [];
  }
  const shown = printStruct(STRATEGY, strategy);
  return [invalidField(field, shown, "must be 'RollingUpdate' or 'OnDelete'")];
}

function validateRolling(field: string, rolling: Scope): Causes {
  const { maxUnavailable } = rolling;
  const at = `${field}.maxUnavailable`;
  const partition = notNegative(rolling, "partition", `${field}.partition`);
  if (maxUnavailable === undefined) return partition;
  return [
    ...partition,
    ...intOrPercent(at, maxUnavailable),
    ...(isZero(maxUnavailable) ? [invalidField(at, maxUnavailable, "cannot be 0")] : []),
    ...notAboveAll(at, maxUnavailable),
  ];
}

const RETENTIONS = ["Retain", "Delete"];

function validateRetention(spec: Scope): Causes {
  const field = "spec.persistentVolumeClaimRetentionPolicy";
  if (spec["persistentVolumeClaimRetentionPolicy"] === undefined) return [];
  const policy = recordAt(spec, "persistentVolumeClaimRetentionPolicy");
  return ["whenDeleted", "whenScaled"].flatMap((when) => {
    const asked = textAt(policy, when);
    return RETENTIONS.includes(asked)
      ? []
      : [unsupportedField(`${field}.${when}`, asked, RETENTIONS)];
  });
}

/** What the set's controller writes itself is not looked at: the names of hosts and the volumes of claims. */
function templateFaults(spec: Scope): Causes {
  const { subdomain: _subdomain, hostname: _hostname, ...pods } = recordAt(template(spec), "spec");
  const claims = recordsAt(spec, "volumeClaimTemplates").map((claim) =>
    textAt(recordAt(claim, "metadata"), "name"),
  );
  const isPlain = _subdomain === undefined && _hostname === undefined;
  const checked = isPlain ? template(spec) : { ...template(spec), spec: pods };
  return validatePodTemplate("spec.template", checked, RESTART_POLICIES, claims);
}

function template(spec: Scope): Scope {
  return recordAt(spec, "template");
}

function validateTemplate(spec: Scope, faults: Causes): Causes {
  if (hasSelectorFaults(spec)) {
    return [invalidField("spec.selector", printSelector(spec["selector"]), "")];
  }
  const metadata = recordAt(template(spec), "metadata");
  return [
    ...validateTemplateLabels(spec),
    ...faults,
    ...validateLabels("spec.template.labels", textsAt(metadata, "labels")),
    ...validateAnnotations("spec.template.annotations", textsAt(metadata, "annotations")),
  ];
}

const MUTABLE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];
const FIXED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
  "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

function changeFaults(spec: Scope, before: Scope): Causes {
  const fields = new Set([...Object.keys(spec), ...Object.keys(before)]);
  const isSame = [...fields].every(
    (field) => MUTABLE.includes(field) || isSameField(spec[field], before[field]),
  );
  return isSame ? [] : [forbiddenField("spec", FIXED)];
}

/** An empty list or text is one that is not set. */
function isSameField(a: unknown, b: unknown): boolean {
  return deepEqual(a, b) || (isEmpty(a) && isEmpty(b));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
