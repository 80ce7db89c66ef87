// Field selectors: `metadata.name=web,status.phase!=Running`. Mirrors apimachinery pkg/fields/selector.go.

import { SelectorSyntaxError } from "./label-selector.ts";

export interface FieldTerm {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Throws SelectorSyntaxError. A backslash takes `,`, `=` and itself literally. */
export function parseFieldSelector(text: string): readonly FieldTerm[] {
  return splitTerms(text)
    .filter((term) => term !== "")
    .map(parseTerm);
}

export function matchesFields(
  terms: readonly FieldTerm[],
  valueOf: (field: string) => string,
): boolean {
  return terms.every(
    ({ field, operator, value }) => (valueOf(field) === value) === (operator === "="),
  );
}

/** The value a term pins a field to, if any: lets a watch follow one object only. */
export function pinnedField(terms: readonly FieldTerm[], field: string): string | undefined {
  return terms.find((term) => term.field === field && term.operator === "=")?.value;
}

function splitTerms(text: string): readonly string[] {
  return text.split(/(?<!\\),/);
}

function parseTerm(term: string): FieldTerm {
  const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
  if (match === null) {
    throw new SelectorSyntaxError(`invalid selector: '${term}'; can't understand '${term}'`);
  }
  const [, field = "", operator, value = ""] = match;
  return {
    field,
    operator: operator === "!=" ? "!=" : "=",
    value: value.replaceAll(/\\([\\,=])/g, "$1"),
  };
}
