// Whether an event matches a Sigma rule: selections of fields (a list is any of, `startswith` and `contains` as modifiers) under a
// condition of `and`, `or` and `not`. SigmaHQ/sigma-specification 2.0, as far as the platform's rules use it; anything else throws.

type Fields = Readonly<Record<string, unknown>>;

export function sigmaMatches(rule: Fields, event: unknown): boolean {
  const { condition, ...selections } = rule["detection"] as Fields & { readonly condition: string };
  const words = condition.split(/\s+/);
  const value = (word: string): boolean => {
    const selection = selections[word];
    if (typeof selection !== "object" || selection === null)
      throw new Error(`no selection ${word}`);
    return Object.entries(selection).every(([field, wanted]) => fieldMatches(field, wanted, event));
  };
  // `and` binds closer than `or`, and `not` closer than both.
  const terms = words.join(" ").split(" or ");
  return terms.some((term) =>
    term
      .split(" and ")
      .every((part) => (part.startsWith("not ") ? !value(part.slice(4)) : value(part))),
  );
}

function fieldMatches(field: string, wanted: unknown, event: unknown): boolean {
  const [path = "", modifier] = field.split("|");
  const found = path
    .split(".")
    .reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], event);
  const values = Array.isArray(found) ? found : [found];
  const asked = Array.isArray(wanted) ? wanted : [wanted];
  return asked.some((one) => values.some((value) => textMatches(value, one, modifier)));
}

function textMatches(value: unknown, wanted: unknown, modifier: string | undefined): boolean {
  if (modifier === undefined) return value === wanted;
  if (typeof value !== "string" || typeof wanted !== "string") return false;
  if (modifier === "startswith") return value.startsWith(wanted);
  if (modifier === "contains") return value.includes(wanted);
  throw new Error(`unknown modifier ${modifier}`);
}
