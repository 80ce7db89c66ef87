// Typed paths into a definition or an object: a field, a list index, or a list item found by its keys.

/** A record key, an index starting at 0, or the key fields that single out an item of a keyed list. */
export type PathElement = string | number | { readonly [key: string]: string | number | boolean };
export type Path = readonly PathElement[];

const PLAIN_FIELD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** `["spec","ports",0,"name"]` prints `spec.ports[0].name`; `{name:"web"}` prints `[name=web]`. */
export function formatPath(path: Path): string {
  return path.map(formatElement).join("").replace(/^\./, "");
}

function formatElement(element: PathElement): string {
  if (typeof element === "number") return `[${element}]`;
  if (typeof element === "string") {
    return PLAIN_FIELD.test(element) ? `.${element}` : `[${JSON.stringify(element)}]`;
  }
  const keys = Object.entries(element).map(([key, value]) => `${key}=${value}`);
  return `[${keys.join(",")}]`;
}

/** The inverse of `formatPath`; `undefined` when the text is not a path. */
export function parsePath(text: string): PathElement[] | undefined {
  const elements: PathElement[] = [];
  const token =
    /\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\[([^\]"]+=[^\]]*)\]/y;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) return undefined;
    elements.push(elementOf(match));
  }
  return elements;
}

function elementOf(match: RegExpExecArray): PathElement {
  const [, field, index, quoted, keyed] = match;
  if (field !== undefined) return field;
  if (index !== undefined) return Number(index);
  if (quoted !== undefined) return JSON.parse(quoted) as string;
  const pairs = (keyed ?? "").split(",").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** The value at a path, or `undefined` when a step is missing. Keyed elements search the list. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const element of path) value = step(value, element);
  return value;
}

function step(value: unknown, element: PathElement): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (typeof element !== "object") {
    return Object.hasOwn(value, element)
      ? (value as Record<PropertyKey, unknown>)[element]
      : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const matches = (item: Record<string, unknown>): boolean =>
    Object.entries(element).every(([key, wanted]) => String(item[key]) === String(wanted));
  return value.find((item) => typeof item === "object" && item !== null && matches(item));
}
