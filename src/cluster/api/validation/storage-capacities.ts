// Validation of CSIStorageCapacities. Mirrors ValidateCSIStorageCapacity and ValidateCSIStorageCapacityUpdate of kubernetes
// pkg/apis/storage/validation/validation.go @v1.36.

import {
  compareQuantities,
  deepEqual,
  parseQuantity,
  plainText,
  ZERO_QUANTITY,
} from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { invalidField } from "../field-error.ts";
import { recordAt, textAt } from "./fields.ts";
import { validateName } from "./names.ts";
import {
  hasBadSelectorValues,
  printSelector,
  STRICT_SELECTOR,
  validateLabelSelector,
} from "./selectors.ts";
import type { SelectorOptions } from "./selectors.ts";

type Causes = readonly StatusCause[];

export function validateNewCapacity(capacity: KubernetesObject): Causes {
  return validateCapacity(capacity, STRICT_SELECTOR);
}

/** Where and of which class the storage is, stays. */
export function validateCapacityUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  const { nodeTopology: topology, storageClassName: name } = next;
  const options = { allowBadValues: hasBadSelectorValues(recordAt(old, "nodeTopology")) };
  const why = "field is immutable";
  return [
    ...validateCapacity(next, options),
    ...(deepEqual(topology, old["nodeTopology"])
      ? []
      : [invalidField("nodeTopology", printSelector(topology), why)]),
    ...(name === old["storageClassName"] ? [] : [invalidField("storageClassName", name, why)]),
  ];
}

function validateCapacity(capacity: KubernetesObject, options: SelectorOptions): Causes {
  const name = textAt(capacity, "storageClassName");
  return [
    ...validateLabelSelector("nodeTopology", recordAt(capacity, "nodeTopology"), options),
    ...validateName("storageClassName", name, "subdomain"),
    ...validateAmount("capacity", capacity["capacity"]),
  ];
}

function validateAmount(field: string, amount: unknown): Causes {
  if (amount === undefined) return [];
  const quantity = parseQuantity(plainText(amount)) ?? ZERO_QUANTITY;
  if (compareQuantities(quantity, ZERO_QUANTITY) >= 0) return [];
  return [invalidField(field, amount, "must be greater than or equal to 0")];
}
