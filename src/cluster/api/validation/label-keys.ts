// Keys whose values pods share with those they are placed by. Mirrors ValidateMatchLabelKeysAndMismatchLabelKeys of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { isRecord } from "../../../core/index.ts";
import { forbiddenField, invalidField } from "../field-error.ts";
import { listAt, recordAt, recordsAt, textAt } from "./fields.ts";
import { qualifiedNameFaults } from "./labels.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { invalidAll, NO_CAUSES } from "./walk-fields.ts";

/** Of a term of an affinity, or of a constraint, which has keys to match only. */
export function validateLabelKeys(field: string, term: Scope): Causes {
  const matched = listAt(term, "matchLabelKeys");
  const others = listAt(term, "mismatchLabelKeys");
  if (matched.length === 0 && others.length === 0) return NO_CAUSES;
  return [
    ...keyFaults(`${field}.matchLabelKeys`, matched, term),
    ...keyFaults(`${field}.mismatchLabelKeys`, others, term),
    ...selectedTwice(field, matched, recordAt(term, "labelSelector")),
    ...bothWays(`${field}.matchLabelKeys`, matched, others),
  ];
}

function keyFaults(field: string, keys: readonly string[], term: Scope): Causes {
  if (keys.length === 0) return NO_CAUSES;
  if (!isRecord(term["labelSelector"])) {
    return [forbiddenField(field, "must not be specified when labelSelector is not set")];
  }
  return keys.flatMap((key, index) =>
    invalidAll(`${field}[${index}]`, key, qualifiedNameFaults(key)),
  );
}

/** A selector has each key once already, from the labels of the pod. */
function selectedTwice(field: string, keys: readonly string[], selector: Scope): Causes {
  const seen = new Set(Object.keys(recordAt(selector, "matchLabels")));
  const why = "exists in both matchLabelKeys and labelSelector";
  return recordsAt(selector, "matchExpressions").flatMap((expression) => {
    const key = textAt(expression, "key");
    const isTwice = seen.has(key);
    seen.add(key);
    if (!isTwice || !keys.includes(key)) return NO_CAUSES;
    return [invalidField(`${field}[${keys.lastIndexOf(key)}]`, key, why)];
  });
}

function bothWays(field: string, keys: readonly string[], others: readonly string[]): Causes {
  const why = "exists in both matchLabelKeys and mismatchLabelKeys";
  return keys.flatMap((key, index) =>
    others.includes(key) ? [invalidField(`${field}[${index}]`, key, why)] : NO_CAUSES,
  );
}
