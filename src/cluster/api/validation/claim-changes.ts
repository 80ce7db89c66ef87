// What changes of a PersistentVolumeClaim. Mirrors ValidatePersistentVolumeClaimUpdate and ValidatePersistentVolumeClaimStatusUpdate of
// kubernetes pkg/apis/core/validation/validation.go @v1.36.

import {
  compareQuantities,
  deepEqual,
  parseQuantity,
  plainText,
  quantityValue,
  ZERO_QUANTITY,
} from "../../../core/index.ts";
import type { Quantity } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, unsupportedField } from "../field-error.ts";
import { validateClaimSpec } from "./claims.ts";
import { recordAt, textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";
import { printDiff } from "./print-diff.ts";
import { pointerTo, printStruct } from "./print-struct.ts";
import { isNativeResource } from "./resource-names.ts";
import { hasBadSelectorValues, printSelector } from "./selectors.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const STORAGE = "spec.resources.requests.storage";
const ATTRIBUTES = "spec.volumeAttributesClassName";

export function validateClaimUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const [spec, before] = [recordAt(next, "spec"), recordAt(old, "spec")];
  const options = {
    allowBadValues: hasBadSelectorValues(recordAt(before, "selector")),
    allowAnyGroup: hasGroup(before, "dataSource") || hasGroup(before, "dataSourceRef"),
  };
  return [
    ...validateClaimSpec("spec", spec, options),
    ...annotationChange(next, old),
    ...specChange(next, old),
    ...validateSize(spec, old),
    ...(spec["volumeMode"] === before["volumeMode"]
      ? []
      : [invalidField("volumeMode", spec["volumeMode"], "field is immutable")]),
    ...attributesChange(spec, old),
  ];
}

function hasGroup(spec: Scope, source: string): boolean {
  return recordAt(spec, source)["apiGroup"] !== undefined;
}

/** The class moved from the annotation into the field that took its place. */
function isMovedClass(next: KubernetesObject, old: KubernetesObject): boolean {
  const [now, before] = [annotated(next), annotated(old)];
  return (
    before !== undefined &&
    classOf(old) === undefined &&
    classOf(next) === before &&
    (now === undefined || now === before)
  );
}

function annotated({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[CLASS_ANNOTATION];
}

function classOf(claim: KubernetesObject): unknown {
  return recordAt(claim, "spec")["storageClassName"];
}

function annotationChange(next: KubernetesObject, old: KubernetesObject): Causes {
  const [now = "", before = ""] = [annotated(next), annotated(old)];
  if (isMovedClass(next, old) || now === before) return [];
  return [invalidField(`metadata.annotations.${CLASS_ANNOTATION}`, now, "field is immutable")];
}

const REFERENCE = { APIGroup: null, Kind: "", Name: "" };
const SPEC = {
  AccessModes: null,
  Selector: null,
  Resources: { Limits: null, Requests: null },
  VolumeName: "",
  StorageClassName: null,
  VolumeMode: null,
  DataSource: pointerTo(REFERENCE),
  DataSourceRef: pointerTo({ ...REFERENCE, Namespace: null }),
  VolumeAttributesClassName: null,
} as const;
const IMMUTABLE =
  "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/** The volume is set once by the binder; a bound claim may ask for more, and for other attributes. */
function specChange(next: KubernetesObject, old: KubernetesObject): Causes {
  const [now, before] = [printSpec(comparedSpec(next, old)), printSpec(knownSpec(next, old))];
  if (deepEqual(now, before)) return [];
  const diff = printDiff(JSON.stringify(before, undefined, 1), JSON.stringify(now, undefined, 1));
  return [forbiddenField("spec", `${IMMUTABLE}\n${diff}`)];
}

function printSpec(spec: Scope): Scope {
  return { ...printStruct(SPEC, spec), Selector: printSelector(spec["selector"]) };
}

function knownSpec(next: KubernetesObject, old: KubernetesObject): Scope {
  const before = recordAt(old, "spec");
  if (textAt(before, "volumeName") !== "") return before;
  return { ...before, volumeName: textAt(recordAt(next, "spec"), "volumeName") };
}

function comparedSpec(next: KubernetesObject, old: KubernetesObject): Scope {
  const spec = { ...recordAt(next, "spec") };
  const before = recordAt(old, "spec");
  if (isMovedClass(next, old) || isFirstClass(next, old)) delete spec["storageClassName"];
  if (recordAt(old, "status")["phase"] !== "Bound") return spec;
  const resources = recordAt(spec, "resources");
  const { storage } = recordAt(recordAt(before, "resources"), "requests");
  const requests = { ...recordAt(resources, "requests"), storage };
  return {
    ...spec,
    resources: resources["requests"] === undefined ? resources : { ...resources, requests },
    volumeAttributesClassName: before["volumeAttributesClassName"],
  };
}

/** A default class is given to claims that were made before there was one. */
function isFirstClass(next: KubernetesObject, old: KubernetesObject): boolean {
  const before = annotated(old);
  const isFree = before === undefined || classOf(next) === before;
  return classOf(next) !== undefined && classOf(old) === undefined && isFree;
}

/** A claim that could not grow may ask for less again, down to what it has. */
function validateSize(spec: Scope, old: KubernetesObject): Causes {
  const asked = requested(spec);
  const isLess = compareQuantities(asked, requested(recordAt(old, "spec"))) < 0;
  const held = quantityAt(recordAt(recordAt(old, "status"), "capacity"), "storage");
  if (!isLess || compareQuantities(asked, held) > 0) return [];
  return [forbiddenField(STORAGE, "field can not be less than status.capacity")];
}

function requested(spec: Scope): Quantity {
  return quantityAt(recordAt(recordAt(spec, "resources"), "requests"), "storage");
}

function quantityAt(list: Scope, name: string): Quantity {
  return parseQuantity(plainText(list[name] ?? 0)) ?? ZERO_QUANTITY;
}

function attributesChange(spec: Scope, old: KubernetesObject): Causes {
  const asked = spec["volumeAttributesClassName"];
  const hasCurrent = recordAt(old, "status")["currentVolumeAttributesClassName"] !== undefined;
  const isSame = asked === recordAt(old, "spec")["volumeAttributesClassName"];
  if (isSame || !hasCurrent || (asked !== undefined && asked !== "")) return [];
  const what = asked === undefined ? "nil" : "empty string";
  const why = `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  return [forbiddenField(ATTRIBUTES, why)];
}

const RESIZE_STATUSES = [
  "ControllerResizeInProgress",
  "ControllerResizeInfeasible",
  "NodeResizePending",
  "NodeResizeInProgress",
  "NodeResizeInfeasible",
].toSorted();

export function validateClaimStatus(claim: KubernetesObject): Causes {
  const status = recordAt(claim, "status");
  return [
    ...namesOf(status, "capacity").flatMap((name) => amountFaults(status, "capacity", name)),
    ...namesOf(status, "allocatedResourceStatuses").flatMap((name) => {
      const field = "status.allocatedResourceStatuses";
      const state = textAt(recordAt(status, "allocatedResourceStatuses"), name);
      const isKnown = RESIZE_STATUSES.includes(state);
      return [
        ...resourceFaults(field, name),
        ...(isKnown ? [] : [unsupportedField(field, name, RESIZE_STATUSES)]),
      ];
    }),
    ...namesOf(status, "allocatedResources").flatMap((name) => {
      const causes = resourceFaults("status.allocatedResources", name);
      return causes.length > 0 ? causes : allocatedFaults(status, name);
    }),
  ];
}

function namesOf(status: Scope, list: string): readonly string[] {
  return Object.keys(recordAt(status, list)).toSorted();
}

function amountFaults(status: Scope, list: string, name: string): Causes {
  const whole = quantityValue(quantityAt(recordAt(status, list), name));
  const why = "must be a valid resource quantity";
  return whole < 0 ? [invalidField(`status.${list}[${name}]`, whole, why)] : [];
}

/** Storage is counted in whole bytes. */
function allocatedFaults(status: Scope, name: string): Causes {
  const list = "allocatedResources";
  const causes = amountFaults(status, list, name);
  const amounts = recordAt(status, list);
  const { nanos } = quantityAt(amounts, name);
  if (causes.length > 0 || nanos >= 0n) return causes;
  const why = "must be greater than or equal to 0";
  return [invalidField(`status.${list}[${name}]`, amounts[name], why)];
}

function resourceFaults(field: string, name: string): Causes {
  const faults = qualifiedNameFaults(name);
  if (faults.length > 0) return faults.map((fault) => invalidField(field, name, fault));
  if (!isNativeResource(name) || name === "storage") return [];
  return [unsupportedField(field, name, ["storage"])];
}
