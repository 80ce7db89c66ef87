// Validation of LimitRanges. Mirrors ValidateLimitRange of kubernetes pkg/apis/core/validation/validation.go @v1.36; where
// the server walks a map, names are in alphabetical order here.

import {
  compareQuantities,
  isRecord,
  parseQuantity,
  plainText,
  quantityMilliValue,
  quantityValue,
  ZERO_QUANTITY,
} from "../../../core/index.ts";
import type { Quantity } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";
import {
  isHugePages,
  isNativeResource,
  validateContainerResourceName,
  validateResourceName,
} from "./resource-names.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const TYPES = ["Pod", "Container", "PersistentVolumeClaim"];
/** In the order in which their names are looked at. */
const BOUNDS = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;
type Bound = (typeof BOUNDS)[number];
const DEFAULTS: readonly Bound[] = ["default", "defaultRequest"];

export function validateLimitRange(limitRange: KubernetesObject): Causes {
  const seen = new Set<string>();
  return recordsAt(recordAt(limitRange, "spec"), "limits").flatMap((limit, index) => {
    const field = `spec.limits[${index}]`;
    const type = textAt(limit, "type");
    const isTwice = seen.has(type);
    seen.add(type);
    return [
      ...validateType(`${field}.type`, type),
      ...(isTwice ? [duplicateField(`${field}.type`, type)] : []),
      ...validateBounds(field, type, limit),
      ...relationFaults(field, type, limit),
    ];
  });
}

function validateType(field: string, type: string): Causes {
  const faults = qualifiedNameFaults(type);
  if (faults.length > 0) return faults.map((fault) => invalidField(field, type, fault));
  if (type.includes("/") || TYPES.includes(type)) return [];
  return [invalidField(field, type, "must be a standard limit type or fully qualified")];
}

function validateBounds(field: string, type: string, limit: Scope): Causes {
  return BOUNDS.flatMap((bound) => {
    const names = Object.keys(recordAt(limit, bound)).toSorted();
    const missing = bound === "maxLimitRequestRatio" ? missingStorage(field, type, limit) : [];
    if (isBarred(type, bound)) {
      const why = "may not be specified when `type` is 'Pod'";
      return names.length === 0 ? [] : [forbiddenField(`${field}.${bound}`, why)];
    }
    const check = type === "Pod" || type === "Container" ? ofContainers : validateResourceName;
    return [...missing, ...names.flatMap((name) => check(`${field}.${bound}[${name}]`, name))];
  });
}

const ofContainers = validateContainerResourceName;

/** Pods have no defaults: their containers have. */
function isBarred(type: string, bound: Bound): boolean {
  return type === "Pod" && DEFAULTS.includes(bound);
}

function missingStorage(field: string, type: string, limit: Scope): Causes {
  if (type !== "PersistentVolumeClaim") return [];
  const isThere = ["min", "max"].some((bound) => "storage" in recordAt(limit, bound));
  const why = "either minimum or maximum storage value is required, but neither was provided";
  return isThere ? [] : [requiredField(`${field}.limits`, why)];
}

function relationFaults(field: string, type: string, limit: Scope): Causes {
  const bounds = BOUNDS.filter((bound) => !isBarred(type, bound) && isRecord(limit[bound]));
  const names = new Set(bounds.flatMap((bound) => Object.keys(recordAt(limit, bound))));
  return [...names].toSorted().flatMap((name) => {
    const known = (bound: Bound): Amount | undefined =>
      bounds.includes(bound) ? amountOf(recordAt(limit, bound)[name]) : undefined;
    return [
      ...orderFaults(field, name, known),
      ...ratioFaults(`${field}.maxLimitRequestRatio[${name}]`, known),
      ...equalityFaults(`${field}.defaultRequest[${name}]`, name, known),
    ];
  });
}

interface Amount {
  readonly text: string;
  readonly quantity: Quantity;
}
type Known = (bound: Bound) => Amount | undefined;

function amountOf(value: unknown): Amount | undefined {
  if (value === undefined) return undefined;
  const text = plainText(value);
  return { text, quantity: parseQuantity(text) ?? ZERO_QUANTITY };
}

interface Order {
  readonly small: Bound;
  readonly large: Bound;
  /** The field that is told of. */
  readonly at: Bound;
  /** Whose amount is shown as the wrong one. */
  readonly shown: Bound;
}
const ORDERS: readonly Order[] = [
  { small: "min", large: "max", at: "min", shown: "min" },
  { small: "min", large: "defaultRequest", at: "defaultRequest", shown: "defaultRequest" },
  { small: "defaultRequest", large: "max", at: "defaultRequest", shown: "defaultRequest" },
  { small: "defaultRequest", large: "default", at: "defaultRequest", shown: "defaultRequest" },
  { small: "min", large: "default", at: "default", shown: "min" },
  { small: "default", large: "max", at: "default", shown: "max" },
];
const WORDS: Readonly<Record<Bound, string>> = {
  min: "min value",
  max: "max value",
  default: "default value",
  defaultRequest: "default request value",
  maxLimitRequestRatio: "ratio",
};

function orderFaults(field: string, name: string, known: Known): Causes {
  return ORDERS.flatMap(({ small, large, at, shown }) => {
    const [low, high] = [known(small), known(large)];
    if (low === undefined || high === undefined) return [];
    if (compareQuantities(low.quantity, high.quantity) <= 0) return [];
    const isBoth = small === "defaultRequest" && large === "default";
    const greater = isBoth ? "default limit value" : WORDS[large];
    const why = `${WORDS[small]} ${low.text} is greater than ${greater} ${high.text}`;
    return [invalidField(`${field}.${at}[${name}]`, known(shown)?.text, why)];
  });
}

const ONE = 1_000_000_000n;
/** `resource.MaxMilliValue`: what is larger is not counted in thousandths. */
const MILLI_MAX = Number(2n ** 63n - 1n) / 1000;

function ratioFaults(field: string, known: Known): Causes {
  const ratio = known("maxLimitRequestRatio");
  if (ratio === undefined) return [];
  const causes: StatusCause[] = [];
  if (ratio.quantity.nanos < ONE) {
    causes.push(invalidField(field, ratio.text, `ratio ${ratio.text} is less than 1`));
  }
  const [min, max] = [known("min"), known("max")];
  if (min === undefined || max === undefined) return causes;
  const parts = [ratio.quantity, min.quantity, max.quantity] as const;
  const isSmall = parts.every((part) => quantityValue(part) < MILLI_MAX);
  const [asked, low, high] = parts.map(isSmall ? quantityMilliValue : quantityValue);
  const limit = (high ?? 0) / (low ?? 0);
  if ((asked ?? 0) / (isSmall ? 1000 : 1) <= limit || Number.isNaN(limit)) return causes;
  const why = `ratio ${ratio.text} is greater than max/min = ${limit.toFixed(6)}`;
  return [...causes, invalidField(field, ratio.text, why)];
}

/** What cannot be promised twice is asked for in full. */
function equalityFaults(field: string, name: string, known: Known): Causes {
  const [limit, request] = [known("default"), known("defaultRequest")];
  if (limit === undefined || request === undefined) return [];
  if (isNativeResource(name) && !isHugePages(name)) return [];
  if (compareQuantities(limit.quantity, request.quantity) === 0) return [];
  const why = `default value ${limit.text} must equal to defaultRequest value ${request.text} in ${name}`;
  return [invalidField(field, request.text, why)];
}
