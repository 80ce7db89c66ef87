// Label selectors: the text form of list requests (`app=web,tier in (a,b),!old`) and the object form of specs.
// Mirrors apimachinery pkg/labels/selector.go: a requirement with `!=` or `notin` also matches an absent key.

export type LabelOperator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

/** Every requirement must hold; an empty list matches everything. */
export type LabelRequirements = readonly LabelRequirement[];

/** `metav1.LabelSelector`. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

type Labels = Readonly<Record<string, string>> | undefined;

/** The text could not be read as a selector; the message says why, as Kubernetes words it. */
export class SelectorSyntaxError extends Error {
  override readonly name = "SelectorSyntaxError";
}

export function matchesLabels(requirements: LabelRequirements, labels: Labels): boolean {
  return requirements.every((requirement) => matchesOne(requirement, labels));
}

function matchesOne({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = labels?.[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

/** The requirements of a spec's selector; `undefined` selects nothing, `{}` everything. */
export function labelRequirements(selector: LabelSelector | undefined): LabelRequirements {
  if (selector === undefined) return [{ key: "", operator: "In", values: [] }];
  const equal = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): LabelRequirement => ({ key, operator: "In", values: [value] }),
  );
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }): LabelRequirement => ({
      key,
      operator: operator as LabelOperator,
      values: values ?? [],
    }),
  );
  return [...equal, ...expressions];
}

/** `app=web,tier in (a,b)`: sorted by key, the form of `status.selector`. */
export function formatLabelRequirements(requirements: LabelRequirements): string {
  const sorted = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return sorted.map(formatRequirement).join(",");
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  const list = `(${values.toSorted().join(",")})`;
  switch (operator) {
    case "In":
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in ${list}`;
    case "NotIn":
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin ${list}`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "Gt":
      return `${key}>${values[0]}`;
    case "Lt":
      return `${key}<${values[0]}`;
  }
}

/** Throws SelectorSyntaxError. */
export function parseLabelSelector(text: string): LabelRequirements {
  const tokens = tokenize(text);
  const requirements: LabelRequirement[] = [];
  let at = 0;
  const next = (): string => tokens[at++] ?? "";
  const peek = (): string => tokens[at] ?? "";
  while (at < tokens.length) {
    requirements.push(parseRequirement(next, peek));
    const separator = next();
    if (separator === "" && at > tokens.length) break;
    if (separator !== ",") throw expected(separator, "',' or 'end of string'");
    if (peek() === "") throw expected("", "identifier after ','");
  }
  return requirements;
}

const SYMBOLS = new Set([",", "(", ")", "=", "==", "!=", "!", ">", "<"]);
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

function tokenize(text: string): readonly string[] {
  return text.match(/==|!=|[,()=!<>]|[^\s,()=!<>]+/g) ?? [];
}

function parseRequirement(next: () => string, peek: () => string): LabelRequirement {
  const negated = peek() === "!";
  if (negated) next();
  const key = next();
  if (key === "" || SYMBOLS.has(key))
    throw expected(key, negated ? "identifier" : "!, identifier, or 'end of string'");
  checkKey(key);
  if (negated) return { key, operator: "DoesNotExist", values: [] };
  if (peek() === "" || peek() === ",") return { key, operator: "Exists", values: [] };
  const operator = next();
  if (operator === "in" || operator === "notin") {
    const values = parseValues(next, peek);
    return { key, operator: operator === "in" ? "In" : "NotIn", values };
  }
  const value = peek() === "," || peek() === "" ? "" : next();
  switch (operator) {
    case "=":
    case "==":
      return { key, operator: "In", values: [checkValue(key, value)] };
    case "!=":
      return { key, operator: "NotIn", values: [checkValue(key, value)] };
    case ">":
      return { key, operator: "Gt", values: [value] };
    case "<":
      return { key, operator: "Lt", values: [value] };
    default:
      throw expected(operator, "in, notin, =, ==, !=, gt, lt");
  }
}

function parseValues(next: () => string, peek: () => string): readonly string[] {
  const open = next();
  if (open !== "(") throw expected(open, "'('");
  const values: string[] = [];
  for (;;) {
    const token = next();
    if (token === ")") return values.length === 0 ? [""] : values;
    if (token === ",") {
      if (peek() === "," || peek() === ")") values.push("");
    } else if (token === "" || SYMBOLS.has(token)) {
      throw expected(token, "',', or ')'");
    } else {
      values.push(token);
    }
  }
}

function expected(found: string, wanted: string): SelectorSyntaxError {
  return new SelectorSyntaxError(
    `unable to parse requirement: found '${found}', expected: ${wanted}`,
  );
}

function checkKey(key: string): void {
  const name = key.slice(key.lastIndexOf("/") + 1);
  if (name.length <= 63 && NAME_PART.test(name)) return;
  throw new SelectorSyntaxError(
    `unable to parse requirement: <nil>: Invalid value: ${JSON.stringify(key)}: name part must consist of ` +
      "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
      "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
      "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  );
}

function checkValue(key: string, value: string): string {
  if (value === "" || (value.length <= 63 && NAME_PART.test(value))) return value;
  throw new SelectorSyntaxError(
    `unable to parse requirement: values[0][${key}]: Invalid value: ${JSON.stringify(value)}: a valid label must be ` +
      "an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
      "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
      "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  );
}
