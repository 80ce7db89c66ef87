// Validation of RuntimeClasses. Mirrors kubernetes pkg/apis/node/validation/validation.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import type { KubernetesObject, StatusCause } from "../../../kubernetes/index.ts";
import { duplicateField, invalidField, requiredField } from "../field-error.ts";
import { recordAt, recordsAt, textAt, textsAt } from "./fields.ts";
import { validateLabels } from "./labels.ts";
import { validateName } from "./names.ts";
import { printStruct } from "./print-struct.ts";
import { validateLimits } from "./resources.ts";
import { validateTolerations } from "./tolerations.ts";

type Scope = Readonly<Record<string, unknown>>;
type Causes = readonly StatusCause[];

const TOLERATION = { Key: "", Operator: "", Value: "", Effect: "", TolerationSeconds: null };

export function validateRuntimeClass(runtimeClass: KubernetesObject): Causes {
  const handler = textAt(runtimeClass, "handler");
  const overhead = recordAt(recordAt(runtimeClass, "overhead"), "podFixed");
  return [
    ...(handler === "" ? [requiredField("handler")] : validateName("handler", handler, "label")),
    ...validateLimits("overhead", overhead),
    ...(isRecord(runtimeClass["scheduling"])
      ? validateScheduling("scheduling", runtimeClass["scheduling"])
      : []),
  ];
}

export function validateRuntimeClassUpdate(next: KubernetesObject, old: KubernetesObject): Causes {
  if (next["handler"] === old["handler"]) return [];
  return [invalidField("handler", next["handler"], "field is immutable")];
}

function validateScheduling(field: string, scheduling: Scope): Causes {
  const tolerations = recordsAt(scheduling, "tolerations");
  const at = `${field}.tolerations`;
  return [
    ...validateLabels(`${field}.nodeSelector`, textsAt(scheduling, "nodeSelector")),
    ...validateTolerations(at, tolerations),
    ...duplicates(at, tolerations),
  ];
}

function duplicates(field: string, tolerations: readonly Scope[]): Causes {
  const seen = new Set<string>();
  return tolerations.flatMap((toleration, index) => {
    const parts = ["key", "operator", "value", "effect"].map((part) => textAt(toleration, part));
    const key = JSON.stringify(parts);
    if (seen.has(key)) {
      return [duplicateField(`${field}[${index}]`, printStruct(TOLERATION, toleration))];
    }
    seen.add(key);
    return [];
  });
}
