// Requests and limits of a pod as a whole. Mirrors validatePodResources of kubernetes
// pkg/apis/core/validation/validation.go @v1.36.

import {
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  isRecord,
  plainText,
} from "../../../core/index.ts";
import { sumContainers } from "../container-sums.ts";
import { forbiddenField, invalidField } from "../field-error.ts";
import { recordAt, recordsAt, textAt } from "./fields.ts";
import { isHugePages, validatePodResourceName } from "./resource-names.ts";
import { quantityOf, validateResources } from "./resources.ts";
import type { Causes, Scope } from "./walk-fields.ts";
import { NO_CAUSES } from "./walk-fields.ts";

type Part = "requests" | "limits";

export function validatePodResources(
  field: string,
  spec: Scope,
  claims: ReadonlySet<string>,
): Causes {
  const resources = spec["resources"];
  if (!isRecord(resources)) return NO_CAUSES;
  const at = `${field}.resources`;
  if (textAt(recordAt(spec, "os"), "name") === "windows") {
    return [forbiddenField(at, "may not be set for a windows pod")];
  }
  const why = "claims may not be set for Resources at pod-level";
  return [
    ...(resources["claims"] === undefined ? [] : [forbiddenField(`${at}.claims`, why)]),
    ...validateResources(at, resources, { judgeName: validatePodResourceName, claims }),
    ...belowContainers(at, "requests", { own: resources, spec }),
    ...belowContainers(at, "limits", { own: resources, spec }),
    ...aboveOwn(at, recordAt(resources, "limits"), spec),
  ];
}

/** A pod asks for no less than its containers do together; of limits that holds for huge pages alone. */
function belowContainers(
  field: string,
  part: Part,
  { own, spec }: { readonly own: Scope; readonly spec: Scope },
): Causes {
  const amounts = recordAt(own, part);
  const sums = sumContainers(spec, (container) => recordAt(recordAt(container, "resources"), part));
  return [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([name]) => amounts[name] !== undefined && (part === "requests" || isHugePages(name)))
    .filter(([name, sum]) => compareQuantities(sum, quantityOf(amounts[name])) > 0)
    .map(([name, sum]) => {
      const why = `must be greater than or equal to aggregate container ${part} of ${formatQuantity(sum)}`;
      const amount = canonicalQuantity(plainText(amounts[name]));
      return invalidField(`${field}.${part}[${name}]`, amount, why);
    });
}

function aboveOwn(field: string, limits: Scope, spec: Scope): Causes {
  return recordsAt(spec, "containers").flatMap((container, index) => {
    const amounts = recordAt(recordAt(container, "resources"), "limits");
    return Object.keys(amounts)
      .toSorted()
      .filter((name) => limits[name] !== undefined)
      .filter((name) => compareQuantities(quantityOf(amounts[name]), quantityOf(limits[name])) > 0)
      .map((name) => {
        const limit = canonicalQuantity(plainText(limits[name]));
        const why = `must be less than or equal to pod limits of ${limit}`;
        const amount = canonicalQuantity(plainText(amounts[name]));
        return invalidField(`${field}.containers[${index}][${name}].limits`, amount, why);
      });
  });
}
