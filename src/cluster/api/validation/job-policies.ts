// When Jobs have failed and when they have succeeded. Mirrors validatePodFailurePolicy, validateSuccessPolicy and
// validatePodReplacementPolicy of kubernetes pkg/apis/batch/validation/validation.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import {
  duplicateField,
  invalidField,
  omittedField,
  requiredField,
  tooLongField,
  tooManyField,
  unsupportedField,
} from "../field-error.ts";
import { numberAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { notNegative } from "./int-or-percent.ts";
import { countIndexes } from "./job-indexes.ts";
import { qualifiedNameFaults } from "./labels.ts";
import { pointerTo, printStruct } from "./print-struct.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const RULES_MAX = 20;
const EXIT_CODES_MAX = 255;
const CONDITIONS_MAX = 20;
const INDEXES_BYTES_MAX = 64 * 1024;
const ACTIONS = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS = ["In", "NotIn"];
const STATUSES = ["False", "True", "Unknown"];
const REPLACEMENTS = ["Failed", "TerminatingOrFailed"];

export const FAILURE_POLICY = {
  Rules: [
    {
      Action: "",
      OnExitCodes: pointerTo({ ContainerName: null, Operator: "", Values: null }),
      OnPodConditions: [{ Type: "", Status: "" }],
    },
  ],
} as const;
export const SUCCESS_POLICY = {
  Rules: [{ SucceededIndexes: null, SucceededCount: null }],
} as const;

export function validateFailurePolicy(field: string, spec: Scope): Causes {
  if (spec["podFailurePolicy"] === undefined) return [];
  const at = `${field}.rules`;
  const rules = recordsAt(recordAt(spec, "podFailurePolicy"), "rules");
  return [
    ...(rules.length > RULES_MAX ? [tooManyField(at, rules.length, RULES_MAX)] : []),
    ...rules.flatMap((rule, index) => validateRule(`${at}[${index}]`, rule, spec)),
  ];
}

function validateRule(field: string, rule: Scope, spec: Scope): Causes {
  const hasCodes = rule["onExitCodes"] !== undefined;
  const conditions = recordsAt(rule, "onPodConditions");
  const both = "specifying both OnExitCodes and OnPodConditions is not supported";
  const neither = "specifying one of OnExitCodes and OnPodConditions is required";
  return [
    ...validateAction(`${field}.action`, textAt(rule, "action"), spec),
    ...(hasCodes
      ? validateExitCodes(`${field}.onExitCodes`, recordAt(rule, "onExitCodes"), spec)
      : []),
    ...validateConditions(`${field}.onPodConditions`, conditions),
    ...(hasCodes && conditions.length > 0 ? [omittedField(field, both)] : []),
    ...(!hasCodes && conditions.length === 0 ? [omittedField(field, neither)] : []),
  ];
}

function validateAction(field: string, action: string, spec: Scope): Causes {
  if (action === "FailIndex" && spec["backoffLimitPerIndex"] === undefined) {
    return [invalidField(field, action, "requires the backoffLimitPerIndex to be set")];
  }
  return oneOfThese(field, action, ACTIONS);
}

/** As `oneOf`, but told what there is also when nothing is given. */
function oneOfThese(field: string, value: string, known: readonly string[]): Causes {
  if (known.includes(value)) return [];
  const list = known.map((one) => JSON.stringify(one)).join(" ");
  if (value === "") return [requiredField(field, `valid values: [${list}]`)];
  return [unsupportedField(field, value, known)];
}

function validateExitCodes(field: string, codes: Scope, spec: Scope): Causes {
  const operator = textAt(codes, "operator");
  const name = codes["containerName"];
  const unknown = "must be one of the container or initContainer names in the pod template";
  const isUnknown = name !== undefined && !containerNames(spec).some((one) => one === name);
  return [
    ...oneOfThese(`${field}.operator`, operator, OPERATORS),
    ...(isUnknown ? [invalidField(`${field}.containerName`, name, unknown)] : []),
    ...validateCodes(`${field}.values`, codes["values"], operator),
  ];
}

function containerNames(spec: Scope): readonly string[] {
  const pods = recordAt(recordAt(spec, "template"), "spec");
  const containers = [...recordsAt(pods, "containers"), ...recordsAt(pods, "initContainers")];
  return containers.map((container) => textAt(container, "name"));
}

function validateCodes(field: string, given: unknown, operator: string): Causes {
  const codes = Array.isArray(given) ? given.map(Number) : [];
  const { length } = codes;
  const isOrdered = codes.every((code, index) => index === 0 || (codes[index - 1] ?? 0) <= code);
  return [
    ...(length === 0 ? [invalidField(field, given, "at least one value is required")] : []),
    ...(length > EXIT_CODES_MAX ? [tooManyField(field, length, EXIT_CODES_MAX)] : []),
    ...codes.flatMap((code, index) => {
      const at = `${field}[${index}]`;
      const isZero = operator === "In" && code === 0;
      return [
        ...(isZero ? [invalidField(at, code, "must not be 0 for the In operator")] : []),
        ...(codes.indexOf(code) < index ? [duplicateField(at, code)] : []),
      ];
    }),
    ...(isOrdered ? [] : [invalidField(field, codes, "must be ordered")]),
  ];
}

function validateConditions(field: string, conditions: readonly Scope[]): Causes {
  const { length } = conditions;
  return [
    ...(length > CONDITIONS_MAX ? [tooManyField(field, length, CONDITIONS_MAX)] : []),
    ...conditions.flatMap((condition, index) => {
      const type = textAt(condition, "type");
      const faults = qualifiedNameFaults(type);
      return [
        ...faults.map((fault) => invalidField(`${field}[${index}].type`, type, fault)),
        ...oneOfThese(`${field}[${index}].status`, textAt(condition, "status"), STATUSES),
      ];
    }),
  ];
}

export function validateSuccessPolicy(field: string, spec: Scope): Causes {
  if (spec["successPolicy"] === undefined) return [];
  const policy = recordAt(spec, "successPolicy");
  if (spec["completionMode"] !== "Indexed") {
    const shown = printStruct(SUCCESS_POLICY, policy);
    return [invalidField(field, shown, "requires indexed completion mode")];
  }
  const rules = recordsAt(policy, "rules");
  const at = `${field}.rules`;
  const missing = "at least one rules must be specified when the successPolicy is specified";
  return [
    ...(rules.length === 0 ? [requiredField(at, missing)] : []),
    ...(rules.length > RULES_MAX ? [tooManyField(at, rules.length, RULES_MAX)] : []),
    ...rules.flatMap((rule, index) => validateSuccess(`${at}[${index}]`, rule, spec)),
  ];
}

function validateSuccess(field: string, rule: Scope, spec: Scope): Causes {
  const { succeededIndexes: given } = rule;
  const completions = numberAt(spec, "completions") ?? 0;
  const indexes = typeof given === "string" ? given : undefined;
  const count = numberAt(rule, "succeededCount");
  const { total, fault } = countIndexes(indexes ?? "", completions);
  const at = `${field}.succeededIndexes`;
  const neither = "at least one of succeededCount or succeededIndexes must be specified";
  const isLong = (indexes ?? "").length > INDEXES_BYTES_MAX;
  return [
    ...(indexes === undefined && count === undefined ? [requiredField(field, neither)] : []),
    ...(isLong ? [tooLongField(at, INDEXES_BYTES_MAX)] : []),
    ...(fault === undefined
      ? []
      : [invalidField(at, indexes, `error parsing succeededIndexes: ${fault}`)]),
    ...validateCount(`${field}.succeededCount`, rule, [
      [completions, "the number of specified completions"],
      ...(indexes === undefined
        ? []
        : ([[total, "the number of indexes in the specified succeededIndexes field"]] as const)),
    ]),
  ];
}

function validateCount(
  field: string,
  rule: Scope,
  limits: readonly (readonly [max: number, called: string])[],
): Causes {
  const count = numberAt(rule, "succeededCount");
  if (count === undefined) return [];
  return [
    ...notNegative(rule, "succeededCount", field),
    ...limits
      .filter(([max]) => count > max)
      .map(([max, called]) =>
        invalidField(field, count, `must be less than or equal to ${max} (${called})`),
      ),
  ];
}

/** Pods that are only about to end cannot be judged by how they failed. */
export function validateReplacementPolicy(field: string, spec: Scope): Causes {
  const policy = spec["podReplacementPolicy"];
  const known = spec["podFailurePolicy"] === undefined ? REPLACEMENTS : ["Failed"];
  if (policy === undefined || known.some((one) => one === policy)) return [];
  return [unsupportedField(field, policy, known)];
}
