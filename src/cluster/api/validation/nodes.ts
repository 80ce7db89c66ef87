// Validation of Nodes. Mirrors ValidateNode and ValidateNodeUpdate of kubernetes pkg/apis/core/validation/validation.go @v1.36.
// Annotations that earlier versions read taints and avoided pods from are not looked into.

import {
  parseCidr,
  parseQuantity,
  plainText,
  quantityMilliValue,
  ZERO_QUANTITY,
} from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, forbiddenField, invalidField } from "../field-error.ts";
import { validateCidr } from "./addresses.ts";
import { listAt, numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { isIntegerResource } from "./resource-names.ts";
import { validateTaints } from "./taints.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

export function validateNewNode(node: KubernetesObject): Causes {
  const [spec, status] = [recordAt(node, "spec"), recordAt(node, "status")];
  return [
    ...validateTaints("metadata.taints", recordsAt(spec, "taints")),
    ...validateAmounts(status),
    ...validateSwap(status),
    ...validateFeatures(status),
    ...validateRanges("spec.podCIDRs", rangesOf(spec)),
  ];
}

/** A whole node is judged as if it were new, and then for what changed. */
export function validateNodeUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  return [...validateNewNode(next), ...validateNodeStatus(next, old)];
}

/** What a node may say of itself. */
export function validateNodeStatus(next: KubernetesObject, old: KubernetesObject): Causes {
  const status = recordAt(next, "status");
  return [
    ...validateAmounts(status),
    ...validateFeatures(status),
    ...validateAddresses(recordsAt(status, "addresses")),
    ...changeFaults(recordAt(next, "spec"), recordAt(old, "spec")),
    ...validateTaints("metadata.taints", recordsAt(recordAt(next, "spec"), "taints")),
  ];
}

function validateAmounts(status: Scope): Causes {
  return ["capacity", "allocatable"].flatMap((list) => {
    const amounts = recordAt(status, list);
    return Object.keys(amounts)
      .toSorted()
      .flatMap((name) => amountFaults(`status.${list}.${name}`, name, plainText(amounts[name])));
  });
}

function amountFaults(field: string, name: string, amount: string): Causes {
  const quantity = parseQuantity(amount) ?? ZERO_QUANTITY;
  const isWhole = !isIntegerResource(name) || quantityMilliValue(quantity) % 1000 === 0;
  const negative = "must be greater than or equal to 0";
  return [
    ...(quantity.nanos < 0n ? [invalidField(field, amount, negative)] : []),
    ...(isWhole ? [] : [invalidField(field, amount, "must be an integer")]),
  ];
}

function validateSwap(status: Scope): Causes {
  const capacity = numberAt(recordAt(recordAt(status, "nodeInfo"), "swap"), "capacity");
  if (capacity === undefined || capacity > 0) return [];
  const why = "must be greater than zero";
  return [invalidField("metadata.nodeSwapStatus.capacity", capacity, why)];
}

const FEATURE = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;
const FEATURE_CHARACTERS_MAX = 253;

function validateFeatures(status: Scope): Causes {
  const field = "status.declaredFeatures";
  const features = listAt(status, "declaredFeatures");
  const unsorted = "list must be sorted alphabetically";
  return features.flatMap((feature, index) => {
    const next = features[index + 1];
    const at = `${field}[${index + 1}]`;
    const fault = featureFault(feature);
    return [
      ...(fault === undefined ? [] : [invalidField(`${field}[${index}]`, feature, fault)]),
      ...(next === feature ? [duplicateField(at, next)] : []),
      ...(next !== undefined && next < feature ? [invalidField(at, next, unsorted)] : []),
    ];
  });
}

function featureFault(feature: string): string | undefined {
  const named = `invalid feature name ${JSON.stringify(feature)}`;
  if (feature.length > FEATURE_CHARACTERS_MAX) {
    return `${named}: must be no more than ${FEATURE_CHARACTERS_MAX} characters`;
  }
  if (FEATURE.test(feature)) return undefined;
  const why =
    "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or " +
    "MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";
  return `${named}: ${why}`;
}

/** The older field tells of the first one, and wins (Convert_v1_NodeSpec_To_core_NodeSpec). */
function rangesOf(spec: Scope): readonly string[] {
  const [first, ranges] = [textAt(spec, "podCIDR"), listAt(spec, "podCIDRs")];
  return first === "" || first === ranges[0] ? ranges : [first];
}

/** One range of each family at most. */
function validateRanges(field: string, ranges: readonly string[]): Causes {
  const families = ranges.map((range) => parseCidr(range)?.version);
  const isSingle = ranges.length > 1 && new Set(families).size !== ranges.length;
  const many = "may specify no more than one CIDR for each IP family";
  return [
    ...ranges.flatMap((range, index) => validateCidr(`${field}[${index}]`, range)),
    ...(isSingle || ranges.length > 2 ? [invalidField(field, ranges, many)] : []),
  ];
}

function validateAddresses(addresses: readonly Scope[]): Causes {
  const keys = addresses.map((one) => `${textAt(one, "type")}/${textAt(one, "address")}`);
  return addresses.flatMap((one, index) => {
    const shown = { Type: textAt(one, "type"), Address: textAt(one, "address") };
    const isTwice = keys.indexOf(keys[index] ?? "") < index;
    return isTwice ? [duplicateField(`status.addresses[${index}]`, shown)] : [];
  });
}

/** What is set once for the life of a node. */
function changeFaults(spec: Scope, before: Scope): Causes {
  if (spec === before) return [];
  const [ranges, known] = [rangesOf(spec), rangesOf(before)];
  const isSameLength = ranges.length === known.length;
  const moved = known.filter((range, index) => !isSameLength || ranges[index] !== range);
  const count = isSameLength ? moved.length : Math.min(known.length, 1);
  const range = 'node updates may not change podCIDR except from "" to valid';
  const provider = 'node updates may not change providerID except from "" to valid';
  const [id, held] = [textAt(spec, "providerID"), textAt(before, "providerID")];
  const isMoved = textAt(spec, "externalID") !== textAt(before, "externalID");
  return [
    ...Array.from({ length: count }, () => forbiddenField("spec.podCIDRs", range)),
    ...(held === "" || id === held ? [] : [forbiddenField("spec.providerID", provider)]),
    ...(isMoved ? [forbiddenField("spec.externalID", "may not be updated")] : []),
  ];
}
