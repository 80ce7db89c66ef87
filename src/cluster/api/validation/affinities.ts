// Which nodes, and which other pods, a pod wants to be with. Mirrors validateAffinity of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import { invalidField, requiredField } from "../field-error.ts";
import { listAt, numberAt, recordAt, textAt } from "./fields.ts";
import { validateLabelKeys } from "./label-keys.ts";
import { qualifiedNameFaults } from "./labels.ts";
import { nameFaults } from "./names.ts";
import { validateNodeSelector, validateNodeSelectorTerm } from "./node-selectors.ts";
import { validateLabelSelector } from "./selectors.ts";
import type { Causes, Judge, Scope } from "./walk-fields.ts";
import { invalidAll, judgeAt, judgeEach, NO_CAUSES } from "./walk-fields.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

export function validateAffinity(field: string, spec: Scope): Causes {
  return judgeAt(field, spec, "affinity", (at, affinity) => [
    ...judgeAt(at, affinity, "nodeAffinity", validateNodeAffinity),
    ...judgeAt(at, affinity, "podAffinity", validatePodAffinity),
    ...judgeAt(at, affinity, "podAntiAffinity", validatePodAffinity),
  ]);
}

function validateNodeAffinity(field: string, affinity: Scope): Causes {
  return [
    ...judgeAt(field, affinity, REQUIRED, (at, selector) =>
      validateNodeSelector(at, selector, { allowBadValues: false }),
    ),
    // A preference that no node can meet does no harm.
    ...judgeEach(field, affinity, PREFERRED, (at, term) => [
      ...weightFaults(at, term),
      ...validateNodeSelectorTerm(`${at}.preference`, recordAt(term, "preference"), {
        allowBadValues: true,
      }),
    ]),
  ];
}

function validatePodAffinity(field: string, affinity: Scope): Causes {
  return [
    ...judgeEach(field, affinity, REQUIRED, validateTerm),
    ...judgeEach(field, affinity, PREFERRED, (at, term) => [
      ...weightFaults(at, term),
      ...validateTerm(`${at}.podAffinityTerm`, recordAt(term, "podAffinityTerm")),
    ]),
  ];
}

function weightFaults(field: string, term: Scope): Causes {
  const weight = numberAt(term, "weight") ?? 0;
  if (weight > 0 && weight <= 100) return NO_CAUSES;
  return [invalidField(`${field}.weight`, weight, "must be in the range 1-100")];
}

const validateTerm: Judge = (field, term) => {
  const key = textAt(term, "topologyKey");
  const at = `${field}.topologyKey`;
  return [
    ...judgeAt(field, term, "labelSelector", validateLabelSelector),
    ...judgeAt(field, term, "namespaceSelector", validateLabelSelector),
    ...listAt(term, "namespaces").flatMap((name) =>
      invalidAll(`${field}.namespace`, name, nameFaults(name, "label")),
    ),
    ...validateLabelKeys(field, term),
    ...(key === "" ? [requiredField(at, "can not be empty")] : []),
    ...invalidAll(at, key, qualifiedNameFaults(key)),
  ];
};
