// What a Job says of its pods, the selector apart. Mirrors validateJobSpec of kubernetes
// pkg/apis/batch/validation/validation.go, and IsDomainPrefixedPath of apimachinery pkg/util/validation @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import { invalidField, requiredField, tooLongField, unsupportedField } from "../field-error.ts";
import { numberAt, recordAt, textAt } from "./fields.ts";
import { notNegative } from "./int-or-percent.ts";
import {
  validateFailurePolicy,
  validateReplacementPolicy,
  validateSuccessPolicy,
} from "./job-policies.ts";
import { validateName } from "./names.ts";
import { RESTART_POLICIES, validatePodTemplate } from "./pods.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const COUNTS = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
];
const MODES = ["NonIndexed", "Indexed"];
const MANAGER_BYTES_MAX = 63;
const INDEXES_MAX = 100_000;
/** Of jobs with more completions than `INDEXES_MAX`. */
const LARGE_MAX = 10_000;

export function validateJobFields(field: string, spec: Scope): Causes {
  return [
    ...COUNTS.flatMap((name) => notNegative(spec, name, `${field}.${name}`)),
    ...(isSet(spec, "maxFailedIndexes") && !isSet(spec, "backoffLimitPerIndex")
      ? [requiredField(`${field}.backoffLimitPerIndex`, "when maxFailedIndexes is specified")]
      : []),
    ...validateManager(`${field}.managedBy`, spec["managedBy"]),
    ...validateMode(field, spec),
    ...validateFailurePolicy(`${field}.podFailurePolicy`, spec),
    ...validateSuccessPolicy(`${field}.successPolicy`, spec),
    ...validateReplacementPolicy(`${field}.podReplacementPolicy`, spec),
    ...validatePodTemplate(`${field}.template`, recordAt(spec, "template"), RESTART_POLICIES),
    ...validateRestart(`${field}.template.spec.restartPolicy`, spec),
  ];
}

function isSet(spec: Scope, field: string): boolean {
  return spec[field] !== undefined;
}

const PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const PATH_PATTERN = new RegExp(`^${PATH}$`);

function validateManager(field: string, manager: unknown): Causes {
  if (typeof manager !== "string") return [];
  const isLong = Buffer.byteLength(manager) > MANAGER_BYTES_MAX;
  return [
    ...managerFaults(field, manager),
    ...(isLong ? [tooLongField(field, MANAGER_BYTES_MAX)] : []),
  ];
}

function managerFaults(field: string, manager: string): Causes {
  if (manager === "") return [requiredField(field)];
  const slash = manager.indexOf("/");
  if (slash <= 0 || slash === manager.length - 1) {
    const why = 'must be a domain-prefixed path (such as "acme.io/foo")';
    return [invalidField(field, manager, why)];
  }
  const path = manager.slice(slash + 1);
  const why = `Invalid path (regex used for validation is '${PATH}')`;
  return [
    ...validateName(field, manager.slice(0, slash), "subdomain"),
    ...(PATH_PATTERN.test(path) ? [] : [invalidField(field, path, why)]),
  ];
}

function validateMode(field: string, spec: Scope): Causes {
  const mode = spec["completionMode"] ?? "NonIndexed";
  if (mode === "Indexed") return validateIndexed(field, spec);
  if (mode !== "NonIndexed") return [unsupportedField(`${field}.completionMode`, mode, MODES)];
  return ["backoffLimitPerIndex", "maxFailedIndexes"]
    .filter((name) => isSet(spec, name))
    .map((name) =>
      invalidField(`${field}.${name}`, spec[name], "requires indexed completion mode"),
    );
}

function validateIndexed(field: string, spec: Scope): Causes {
  const completions = numberAt(spec, "completions");
  const failed = numberAt(spec, "maxFailedIndexes");
  const why = "must be less than or equal to completions";
  const mode = " when completion mode is Indexed";
  const isAbove = completions !== undefined && failed !== undefined && failed > completions;
  return [
    ...(completions === undefined
      ? [requiredField(`${field}.completions`, "when completion mode is Indexed")]
      : []),
    ...atMost(field, spec, { name: "parallelism", max: INDEXES_MAX, when: mode }),
    ...(isAbove ? [invalidField(`${field}.maxFailedIndexes`, failed, why)] : []),
    ...atMost(field, spec, { name: "maxFailedIndexes", max: INDEXES_MAX, when: "" }),
    ...validateLarge(field, spec),
  ];
}

function validateLarge(field: string, spec: Scope): Causes {
  const isLarge = (numberAt(spec, "completions") ?? 0) > INDEXES_MAX;
  if (!isLarge || !isSet(spec, "backoffLimitPerIndex")) return [];
  const missing = `must be specified when completions is above ${INDEXES_MAX}`;
  const when = ` when completions are above ${INDEXES_MAX} and used with backoff limit per index`;
  return [
    ...(isSet(spec, "maxFailedIndexes")
      ? []
      : [requiredField(`${field}.maxFailedIndexes`, missing)]),
    ...atMost(field, spec, { name: "parallelism", max: LARGE_MAX, when }),
    ...atMost(field, spec, { name: "maxFailedIndexes", max: LARGE_MAX, when }),
  ];
}

interface Limit {
  readonly name: string;
  readonly max: number;
  readonly when: string;
}

function atMost(field: string, spec: Scope, { name, max, when }: Limit): Causes {
  const value = numberAt(spec, name) ?? 0;
  if (value <= max) return [];
  return [invalidField(`${field}.${name}`, value, `must be less than or equal to ${max}${when}`)];
}

const ENDING = ["OnFailure", "Never"];

/** Pods of jobs come to an end. */
function validateRestart(field: string, spec: Scope): Causes {
  const policy = textAt(recordAt(recordAt(spec, "template"), "spec"), "restartPolicy");
  if (policy === "Always" || policy === "") {
    return [requiredField(field, 'valid values: "OnFailure", "Never"')];
  }
  if (!ENDING.includes(policy)) return [unsupportedField(field, policy, ENDING)];
  const why = 'only "Never" is supported when podFailurePolicy is specified';
  const isWrong = isSet(spec, "podFailurePolicy") && policy !== "Never";
  return isWrong ? [invalidField(field, policy, why)] : [];
}
