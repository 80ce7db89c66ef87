// Validation of PersistentVolumes. Mirrors ValidatePersistentVolumeSpec and ValidatePersistentVolumeUpdate of kubernetes
// pkg/apis/core/validation/validation.go, and pkg/volume/validation/pv_validation.go @v1.36.

import {
  deepEqual,
  parseQuantity,
  plainText,
  quantityValue,
  ZERO_QUANTITY,
} from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField, unsupportedField } from "../field-error.ts";
import { validateAccessModes } from "./access-modes.ts";
import { listAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import { hasBadValues, validateNodeSelector } from "./node-selectors.ts";
import type { NodeSelectorOptions } from "./node-selectors.ts";
import { pointerTo, printStruct } from "./print-struct.ts";
import { sourceChange } from "./volume-source-change.ts";
import { MOUNTABLE, validateVolumeSources } from "./volume-sources.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const RECLAIM_POLICIES = ["Delete", "Recycle", "Retain"];
const VOLUME_MODES = ["Block", "Filesystem"];
const MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";
const STRICT: NodeSelectorOptions = { allowBadValues: false };

export function validateNewVolume(volume: KubernetesObject): Causes {
  return [...validateSpec(volume, STRICT), ...validateMountOptions(volume)];
}

/**
 * The rules of its spec are gone through twice, by the server's strategy and by the update itself. What was wrong before is let
 * through: earlier versions stored volumes of drivers whose names are none, and controllers still have to write them.
 */
export function validateVolumeUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const affinity = recordAt(recordAt(old, "spec"), "nodeAffinity");
  const options = { allowBadValues: hasBadValues(recordAt(affinity, "required")) };
  const known = validateSpec(old, options);
  const causes = validateSpec(next, options).filter(
    (cause) => !known.some((other) => deepEqual(other, cause)),
  );
  return [...causes, ...validateMountOptions(next), ...causes, ...changeFaults(next, old)];
}

function validateSpec(volume: KubernetesObject, options: NodeSelectorOptions): Causes {
  const spec = recordAt(volume, "spec");
  const storageClass = textAt(spec, "storageClassName");
  return [
    ...validateAccessModes("spec.accessModes", listAt(spec, "accessModes")),
    ...validateCapacity(spec["capacity"], recordAt(spec, "capacity")),
    ...oneOf(spec, "persistentVolumeReclaimPolicy", RECLAIM_POLICIES),
    ...validateAffinity(spec, options),
    ...validateVolumeSources(volume, spec),
    ...(storageClass === ""
      ? []
      : validateName("spec.storageClassName", storageClass, "subdomain")),
    ...oneOf(spec, "volumeMode", VOLUME_MODES),
    ...validateAttributesClass(spec),
  ];
}

function validateCapacity(given: unknown, capacity: Scope): Causes {
  const field = "spec.capacity";
  const names = Object.keys(capacity).toSorted();
  const isStorage = names.length === 1 && names[0] === "storage";
  const shown = names.length === 0 ? given : Object.fromEntries(names.map((n) => [n, capacity[n]]));
  return [
    ...(names.length === 0 ? [requiredField(field)] : []),
    ...(isStorage ? [] : [unsupportedField(field, shown, ["storage"])]),
    ...names.flatMap((name) => amountFaults(`${field}[${name}]`, plainText(capacity[name]))),
  ];
}

function amountFaults(field: string, amount: string): Causes {
  const quantity = parseQuantity(amount) ?? ZERO_QUANTITY;
  const whole = quantityValue(quantity);
  return [
    ...(whole < 0 ? [invalidField(field, whole, "must be a valid resource quantity")] : []),
    ...(quantity.nanos <= 0n ? [invalidField(field, amount, "must be greater than zero")] : []),
  ];
}

function oneOf(spec: Scope, field: string, known: readonly string[]): Causes {
  const value = spec[field];
  if (value === undefined || known.some((one) => one === value)) return [];
  return [unsupportedField(`spec.${field}`, value, known)];
}

function validateAffinity(spec: Scope, options: NodeSelectorOptions): Causes {
  if (spec["nodeAffinity"] === undefined) return [];
  const field = "spec.nodeAffinity.required";
  const affinity = recordAt(spec, "nodeAffinity");
  if (affinity["required"] === undefined) {
    return [requiredField(field, "must specify required node constraints")];
  }
  return validateNodeSelector(field, recordAt(affinity, "required"), options);
}

function validateAttributesClass(spec: Scope): Causes {
  const { volumeAttributesClassName: name, csi } = spec;
  const field = "spec.volumeAttributesClassName";
  if (typeof name !== "string") return [];
  const driver = "has to be specified when using volumeAttributesClassName";
  return [
    ...(name === ""
      ? [requiredField(field, "an empty string is disallowed")]
      : validateName(field, name, "subdomain")),
    ...(csi === undefined ? [requiredField("spec.csi", driver)] : []),
  ];
}

/** Some sources cannot be mounted with options that an annotation names. */
function validateMountOptions(volume: KubernetesObject): Causes {
  if (volume.metadata.annotations?.[MOUNT_OPTIONS] === undefined) return [];
  const spec = recordAt(volume, "spec");
  if (MOUNTABLE.some((source) => spec[source] !== undefined)) return [];
  const why = "may not specify mount options for this volume type";
  return [forbiddenField(`metadata.annotations.${MOUNT_OPTIONS}`, why)];
}

function changeFaults(next: KubernetesObject, old: KubernetesObject): Causes {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  const mode = spec["volumeMode"];
  const isDropped =
    before["volumeAttributesClassName"] !== undefined &&
    spec["volumeAttributesClassName"] === undefined;
  const dropped = "update from non-nil value to nil is forbidden";
  return [
    ...sourceChange(spec, before),
    ...(mode === before["volumeMode"]
      ? []
      : [invalidField("volumeMode", mode, "field is immutable")]),
    ...affinityChange(spec, before),
    ...(isDropped ? [forbiddenField("spec.volumeAttributesClassName", dropped)] : []),
  ];
}

/** Old label → the one that took its place: a volume may follow. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "beta.kubernetes.io/os": "kubernetes.io/os",
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
};
const REQUIREMENT = { Key: "", Operator: "", Values: null };
const TERM = { MatchExpressions: [REQUIREMENT], MatchFields: [REQUIREMENT] } as const;
const AFFINITY = { Required: pointerTo({ NodeSelectorTerms: [TERM] }) };

function affinityChange(spec: Scope, before: Scope): Causes {
  if (before["nodeAffinity"] === undefined || isSameAffinity(spec, before)) return [];
  const shown =
    spec["nodeAffinity"] === undefined
      ? null
      : printStruct(AFFINITY, recordAt(spec, "nodeAffinity"));
  const why = "field is immutable, except for updating from beta label to GA";
  return [invalidField("nodeAffinity", shown, why)];
}

function isSameAffinity(spec: Scope, before: Scope): boolean {
  const [now, old] = [requirementsOf(spec), requirementsOf(before)];
  const follows = old.map((list, place) =>
    list.map((one, index) => {
      const key = now[place]?.[index]?.["key"];
      return SUCCESSORS[textAt(one, "key")] === key ? { ...one, key } : one;
    }),
  );
  return spec["nodeAffinity"] !== undefined && deepEqual(now, follows);
}

/** The lists of all terms, one after the other. */
function requirementsOf(spec: Scope): readonly (readonly Scope[])[] {
  const required = recordAt(recordAt(spec, "nodeAffinity"), "required");
  return recordsAt(required, "nodeSelectorTerms").flatMap((term) => [
    recordsAt(term, "matchExpressions"),
    recordsAt(term, "matchFields"),
  ]);
}
