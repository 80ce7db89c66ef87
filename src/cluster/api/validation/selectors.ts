// Label selectors in specs, and whether they fit the labels of a template.
// Mirrors apimachinery pkg/apis/meta/v1/validation ValidateLabelSelector.

import type { LabelSelector, StatusCause } from "../../../kubernetes/index.ts";
import { labelRequirements, matchesLabels } from "../../../kubernetes/index.ts";
import { forbiddenField, invalidField, requiredField } from "../field-error.ts";
import { printGo } from "./print-go.ts";
import { recordAt, recordsAt, textAt, textsAt } from "./fields.ts";
import { labelValueFaults, qualifiedNameFaults } from "./labels.ts";

type Scope = Readonly<Record<string, unknown>>;

export function validateLabelSelector(field: string, selector: Scope): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  for (const [key, value] of Object.entries(textsAt(selector, "matchLabels"))) {
    const at = `${field}.matchLabels`;
    causes.push(...qualifiedNameFaults(key).map((fault) => invalidField(at, key, fault)));
    causes.push(...labelValueFaults(value).map((fault) => invalidField(at, value, fault)));
  }
  recordsAt(selector, "matchExpressions").forEach((expression, index) => {
    causes.push(...validateExpression(`${field}.matchExpressions[${index}]`, expression));
  });
  return causes;
}

function validateExpression(field: string, expression: Scope): readonly StatusCause[] {
  const operator = textAt(expression, "operator");
  const values = Array.isArray(expression["values"]) ? expression["values"] : [];
  const causes: StatusCause[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      causes.push(
        requiredField(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"),
      );
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      causes.push(
        forbiddenField(
          `${field}.values`,
          "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
      );
    }
  } else {
    causes.push(invalidField(`${field}.operator`, operator, "not a valid selector operator"));
  }
  const key = textAt(expression, "key");
  return [
    ...causes,
    ...qualifiedNameFaults(key).map((fault) => invalidField(`${field}.key`, key, fault)),
  ];
}

/** Selector present, well formed, not empty, and matching the template's labels. */
export function validateWorkloadSelector(spec: Scope, emptyDetail: string): readonly StatusCause[] {
  const selector = spec["selector"];
  if (selector === undefined || selector === null) {
    const mismatch = mismatchedTemplate(spec);
    return [requiredField("spec.selector"), ...mismatch];
  }
  const record = recordAt(spec, "selector");
  const causes = [...validateLabelSelector("spec.selector", record)];
  const requirements = labelRequirements(record as LabelSelector);
  if (requirements.length === 0) causes.push(invalidField("spec.selector", record, emptyDetail));
  if (causes.length > 0) return causes;
  const labels = textsAt(recordAt(recordAt(spec, "template"), "metadata"), "labels");
  return matchesLabels(requirements, labels) ? [] : mismatchedTemplate(spec);
}

function mismatchedTemplate(spec: Scope): readonly StatusCause[] {
  const labels = textsAt(recordAt(recordAt(spec, "template"), "metadata"), "labels");
  return [
    {
      reason: "FieldValueInvalid",
      message: `Invalid value: ${printGo(labels)}: \`selector\` does not match template \`labels\``,
      field: "spec.template.metadata.labels",
    },
  ];
}
