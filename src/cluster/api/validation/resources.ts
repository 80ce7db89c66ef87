// Requests and limits of containers and pods, and the storage a claim asks for. Mirrors validateResourceRequirements and
// validateResourceClaimNames of kubernetes pkg/apis/core/validation/validation.go @v1.36.

import {
  canonicalQuantity,
  compareQuantities,
  parseQuantity,
  plainText,
  quantityMilliValue,
  ZERO_QUANTITY,
} from "../../../core/index.ts";
import type { Quantity } from "../../../core/index.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { recordAt } from "./fields.ts";
import { validateClaimNames } from "./resource-claims.ts";
import {
  isHugePages,
  isIntegerResource,
  isNativeResource,
  validateContainerResourceName,
} from "./resource-names.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

export interface ResourceRules {
  /** Which resources there may be. */
  readonly judgeName?: (field: string, name: string) => Causes;
  /** Names of the pod's claims. */
  readonly claims?: ReadonlySet<string>;
}

const NO_CLAIMS: ReadonlySet<string> = new Set();

export function validateResources(
  field: string,
  resources: Scope,
  { judgeName = validateContainerResourceName, claims = NO_CLAIMS }: ResourceRules = {},
): Causes {
  const [limits, requests] = [recordAt(resources, "limits"), recordAt(resources, "requests")];
  const names = [Object.keys(limits).toSorted(), Object.keys(requests).toSorted()] as const;
  if (names[0].length + names[1].length === 0 && resources["claims"] === undefined) {
    return NO_CAUSES;
  }
  return [
    ...names[0].flatMap((name) => {
      if (isPlain(name, limits[name])) return NO_CAUSES;
      const at = `${field}.limits[${name}]`;
      return [...judgeName(at, name), ...amountFaults(at, name, limits[name], NO_CAUSES)];
    }),
    ...names[1].flatMap((name) => {
      const asked = promiseFaults(field, name, requests[name], limits[name]);
      if (isPlain(name, requests[name])) return asked;
      const at = `${field}.requests[${name}]`;
      return [...judgeName(at, name), ...amountFaults(at, name, requests[name], asked)];
    }),
    ...pagesAlone(field, names.flat()),
    ...validateClaimNames(`${field}.claims`, resources, claims),
  ];
}

/** What pods of a runtime class cost beyond their containers: limits alone, `field` being that of the requirements. */
export function validateLimits(field: string, limits: Scope): readonly StatusCause[] {
  return validateResources(field, { limits });
}

/** True only of what is fine wherever there are resources, and most are. Allocates nothing. */
function isPlain(name: string, amount: unknown): boolean {
  const isUsual = name === "cpu" || name === "memory";
  return isUsual && typeof amount === "string" && !amount.startsWith("-");
}

function pagesAlone(field: string, names: readonly string[]): Causes {
  const isAlone = names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory");
  return isAlone ? [forbiddenField(field, "HugePages require cpu or memory")] : NO_CAUSES;
}

/** `between` is what else is wrong, told before what pages say. */
function amountFaults(field: string, name: string, amount: unknown, between: Causes): Causes {
  const quantity = quantityOf(amount);
  const isNegative = compareQuantities(quantity, ZERO_QUANTITY) < 0;
  const isBroken = isIntegerResource(name) && quantityMilliValue(quantity) % 1000 !== 0;
  return [
    ...(isNegative
      ? [invalidField(field, shown(amount), "must be greater than or equal to 0")]
      : []),
    ...(isBroken ? [invalidField(field, shown(amount), "must be an integer")] : []),
    ...between,
    ...(isHugePages(name) ? pageFaults(field, name, shown(amount)) : NO_CAUSES),
  ];
}

/** What cannot be promised to more than one is asked for as it is limited. */
function promiseFaults(field: string, name: string, asked: unknown, limit: unknown): Causes {
  const isShared = isNativeResource(name) && !isHugePages(name);
  if (limit === undefined) {
    if (isShared) return NO_CAUSES;
    const why = "Limit must be set for non overcommitable resources";
    return [requiredField(`${field}.limits`, why)];
  }
  if (asked === limit) return NO_CAUSES;
  const order = compareQuantities(quantityOf(asked), quantityOf(limit));
  if (order === 0 || (order < 0 && isShared)) return NO_CAUSES;
  const how = isShared ? "less than or equal to" : "equal to";
  const why = `must be ${how} ${name} limit of ${shown(limit)}`;
  return [invalidField(`${field}.requests`, shown(asked), why)];
}

export function quantityOf(amount: unknown): Quantity {
  return parseQuantity(plainText(amount)) ?? ZERO_QUANTITY;
}

function shown(amount: unknown): string {
  return canonicalQuantity(plainText(amount));
}

function pageFaults(field: string, name: string, amount: string): Causes {
  const size = parseQuantity(name.slice("hugepages-".length));
  const isWhole =
    size !== undefined &&
    size.nanos > 0n &&
    (parseQuantity(amount)?.nanos ?? 0n) % size.nanos === 0n;
  if (isWhole) return NO_CAUSES;
  return [invalidField(field, amount, `${amount} is not positive integer multiple of ${name}`)];
}
