// What the rules of a definition may cost, each and together. Mirrors apiextensions-apiserver pkg/apis/apiextensions/validation:
// validation.go (StaticEstimatedCostLimit, getCostErrorMessage) and cel_validation.go (CELSchemaContext, TotalCost).

import type { FieldSchema } from "../../schemas/schema.ts";
import type { StatusCause } from "../../status.ts";
import { maxCardinality } from "../cost/declared-size.ts";
import { add, multiply } from "../cost/size-range.ts";

/** StaticEstimatedCostLimit */
const EXPRESSION_MAX = 10_000_000;
/** StaticEstimatedCRDCostLimit */
const DEFINITION_MAX = 100_000_000;
/** Only so many of the most expensive are named, and none below a hundredth of what is allowed. */
const NAMED_MAX = 4;

interface Expense {
  readonly field: string;
  readonly cost: number;
}

export class CostBudget {
  #total = 0;
  #expensive: readonly Expense[] = [];
  readonly #toleratesExpressions: boolean;

  /** `toleratesExpressions` for a schema that is stored: only the sum of its rules counts. */
  constructor(toleratesExpressions = false) {
    this.#toleratesExpressions = toleratesExpressions;
  }

  /** Counts one expression; the causes refuse it when it alone costs too much. */
  spend(field: string, what: string, cost: number): readonly StatusCause[] {
    this.#total = add(this.#total, cost);
    if (cost >= DEFINITION_MAX / 100) {
      this.#expensive = [...this.#expensive, { field, cost }]
        .sort((a, b) => b.cost - a.cost)
        .slice(0, NAMED_MAX);
    }
    if (cost <= EXPRESSION_MAX || this.#toleratesExpressions) return [];
    return [forbidden(field, overBudget(`estimated ${what} cost`, cost, EXPRESSION_MAX))];
  }

  /** What is wrong with all of them together; `field` is the schema's. */
  causes(field: string): readonly StatusCause[] {
    if (this.#total <= DEFINITION_MAX) return [];
    const what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
    const contributed =
      "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
    return [
      ...this.#expensive.map((expense) => forbidden(expense.field, contributed)),
      forbidden(field, overBudget(what, this.#total, DEFINITION_MAX)),
    ];
  }
}

function overBudget(what: string, cost: number, max: number): string {
  const advice =
    "try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared";
  return `${what} exceeds budget by factor of ${factorOf(cost / max)} (${advice})`;
}

/** Far beyond, the number says nothing; next to the limit, one digit would say 1.0. */
function factorOf(factor: number): string {
  if (factor > 100) return "more than 100x";
  return factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
}

function forbidden(field: string, detail: string): StatusCause {
  return { reason: "FieldValueForbidden", message: `Forbidden: ${detail}`, field };
}

/** How many values of a schema one object may hold, as the lists and maps around it limit them; undefined when one does not. */
export type Bound = number | undefined;

/** Of what is inside `schema`. */
export function boundInside(schema: FieldSchema, bound: Bound): Bound {
  if (bound === undefined) return undefined;
  const { type, additionalProperties, maxItems, maxProperties } = schema;
  if (type === "object" && additionalProperties !== undefined) return times(bound, maxProperties);
  return type === "array" ? times(bound, maxItems) : bound;
}

function times(bound: number, max: number | undefined): Bound {
  return max === undefined ? undefined : multiply(bound, Math.max(0, max));
}

/** Of all evaluations of one rule. */
export function totalCost(cost: number, schema: FieldSchema, bound: Bound): number {
  return multiply(cost, bound ?? maxCardinality(schema));
}
