// Validation of taints. Mirrors validateNodeTaints and validateTaintEffect of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { validateChoice } from "./walk-fields.ts";
import type { StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField } from "../field-error.ts";
import { textAt } from "./fields.ts";
import { labelValueFaults, qualifiedNameFaults } from "./labels.ts";
import { printStruct } from "./print-struct.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const TAINT = { Key: "", Value: "", Effect: "", TimeAdded: null } as const;

export function validateTaints(field: string, taints: readonly Scope[]): Causes {
  const keys = taints.map((taint) => `${textAt(taint, "effect")}/${textAt(taint, "key")}`);
  return taints.flatMap((taint, index) => {
    const at = `${field}[${index}]`;
    const [key, value] = [textAt(taint, "key"), textAt(taint, "value")];
    const faults = labelValueFaults(value);
    const isTwice = keys.indexOf(keys[index] ?? "") < index;
    const once = "taints must be unique by key and effect pair";
    return [
      ...qualifiedNameFaults(key).map((fault) => invalidField(`${at}.key`, key, fault)),
      ...(faults.length === 0 ? [] : [invalidField(`${at}.value`, value, faults.join(";"))]),
      ...validateChoice(`${at}.effect`, taint["effect"], EFFECTS),
      ...(isTwice ? [duplicateField(at, printStruct(TAINT, taint), once)] : []),
    ];
  });
}
