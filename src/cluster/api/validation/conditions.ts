// Conditions as new kinds have them. Mirrors ValidateConditions of apimachinery
// pkg/apis/meta/v1/validation/validation.go @v1.36.

import type { StatusCause } from "../../../kubernetes/index.ts";
import {
  duplicateField,
  invalidField,
  requiredField,
  tooLongField,
  unsupportedField,
} from "../field-error.ts";
import { numberAt, textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const STATUSES = ["False", "True", "Unknown"];
const REASON_BYTES_MAX = 1024;
const MESSAGE_BYTES_MAX = 32 * 1024;
const REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
const REASON_PATTERN = new RegExp(`^${REASON}$`);
const REASON_TEXT =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or " +
  "'_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or " +
  `'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '${REASON}')`;

export function validateConditions(field: string, conditions: readonly Scope[]): Causes {
  const types = conditions.map((condition) => textAt(condition, "type"));
  return conditions.flatMap((condition, index) => {
    const at = `${field}[${index}]`;
    const type = types[index] ?? "";
    const isTwice = types.indexOf(type) < index;
    return [
      ...(isTwice ? [duplicateField(`${at}.type`, type)] : []),
      ...validateCondition(at, condition),
    ];
  });
}

function validateCondition(field: string, condition: Scope): Causes {
  const [type, status] = [textAt(condition, "type"), textAt(condition, "status")];
  const generation = numberAt(condition, "observedGeneration") ?? 0;
  const negative = "must be greater than or equal to zero";
  const isLong = Buffer.byteLength(textAt(condition, "message")) > MESSAGE_BYTES_MAX;
  return [
    ...qualifiedNameFaults(type).map((fault) => invalidField(`${field}.type`, type, fault)),
    ...(STATUSES.includes(status) ? [] : [unsupportedField(`${field}.status`, status, STATUSES)]),
    ...(generation < 0 ? [invalidField(`${field}.observedGeneration`, generation, negative)] : []),
    ...(textAt(condition, "lastTransitionTime") === ""
      ? [requiredField(`${field}.lastTransitionTime`)]
      : []),
    ...validateReason(`${field}.reason`, textAt(condition, "reason")),
    ...(isLong ? [tooLongField(`${field}.message`, MESSAGE_BYTES_MAX)] : []),
  ];
}

function validateReason(field: string, reason: string): Causes {
  if (reason === "") return [requiredField(field)];
  const isLong = Buffer.byteLength(reason) > REASON_BYTES_MAX;
  return [
    ...(REASON_PATTERN.test(reason) ? [] : [invalidField(field, reason, REASON_TEXT)]),
    ...(isLong ? [tooLongField(field, REASON_BYTES_MAX)] : []),
  ];
}
