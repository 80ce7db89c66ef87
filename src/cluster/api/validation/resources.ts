// Requests and limits of containers, and the storage a claim asks for. Mirrors validateContainerResourceRequirements of
// kubernetes pkg/apis/core/validation.

import {
  plainText,
  compareQuantities,
  parseQuantity,
  quantityMilliValue,
  ZERO_QUANTITY,
} from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { recordAt } from "./fields.ts";
import { isHugePages, validateContainerResourceName } from "./resource-names.ts";

type Scope = Readonly<Record<string, unknown>>;

export function validateResources(field: string, resources: Scope): readonly StatusCause[] {
  const limits = recordAt(resources, "limits");
  const requests = recordAt(resources, "requests");
  const causes = [...quantityFaults(`${field}.limits`, limits)];
  const faults = quantityFaults(`${field}.requests`, requests);
  causes.push(...faults);
  for (const [name, asked] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit === undefined) {
      if (isExtended(name)) {
        causes.push(
          requiredField(`${field}.limits`, "Limit must be set for non overcommitable resources"),
        );
      }
    } else if (isAbove(asked, limit)) {
      const detail = isExtended(name)
        ? `must be equal to ${name} limit of ${plainText(limit)}`
        : `must be less than or equal to ${name} limit of ${plainText(limit)}`;
      causes.push(invalidField(`${field}.requests`, asked, detail));
    }
  }
  return causes;
}

/** What pods of a runtime class cost beyond their containers: limits alone, `field` being that of the requirements. */
export function validateLimits(field: string, limits: Scope): readonly StatusCause[] {
  const names = Object.keys(limits).toSorted();
  const causes = names.flatMap((name) => {
    const at = `${field}.limits[${name}]`;
    return [
      ...validateContainerResourceName(at, name),
      ...quantityFaults(`${field}.limits`, { [name]: limits[name] }),
      ...pageFaults(at, name, plainText(limits[name])),
    ];
  });
  const isAlone = names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory");
  return isAlone ? [...causes, forbiddenField(field, "HugePages require cpu or memory")] : causes;
}

function pageFaults(field: string, name: string, amount: string): readonly StatusCause[] {
  if (!isHugePages(name)) return [];
  const size = parseQuantity(name.slice("hugepages-".length));
  const isWhole =
    size !== undefined &&
    size.nanos > 0n &&
    (parseQuantity(amount)?.nanos ?? 0n) % size.nanos === 0n;
  if (isWhole) return [];
  return [invalidField(field, amount, `${amount} is not positive integer multiple of ${name}`)];
}

function quantityFaults(field: string, list: Scope): readonly StatusCause[] {
  return Object.entries(list).flatMap(([name, value]) => {
    const quantity = parseQuantity(String(value)) ?? ZERO_QUANTITY;
    const at = `${field}[${name}]`;
    if (compareQuantities(quantity, ZERO_QUANTITY) < 0) {
      return [invalidField(at, value, "must be greater than or equal to 0")];
    }
    const isWhole = quantityMilliValue(quantity) % 1000 === 0;
    return isExtended(name) && !isWhole ? [invalidField(at, value, "must be an integer")] : [];
  });
}

/** `vendor.example/device`: counted, never shared. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.split("/")[0]?.endsWith("kubernetes.io");
}

function isAbove(asked: unknown, limit: unknown): boolean {
  const a = parseQuantity(String(asked)) ?? ZERO_QUANTITY;
  return compareQuantities(a, parseQuantity(String(limit)) ?? ZERO_QUANTITY) > 0;
}
