// How a property is written in an expression when its name is no identifier: `a-b` is `a__dash__b` (apiserver pkg/cel/escaping.go).

const RESERVED = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);
const ESCAPES: Readonly<Record<string, string>> = {
  __: "__underscores__",
  ".": "__dot__",
  "-": "__dash__",
  "/": "__slash__",
};
const UNESCAPES: Readonly<Record<string, string>> = {
  underscores: "__",
  dot: ".",
  dash: "-",
  slash: "/",
};

/** Undefined when no expression can name the property. */
export function escapeProperty(name: string): string | undefined {
  if (name === "" || /^\d/.test(name) || /[^a-zA-Z0-9\-./_]/.test(name)) return undefined;
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll(/__|[-./]/g, (part) => ESCAPES[part] ?? part);
}

export function unescapeProperty(escaped: string): string {
  const inner = /^__([a-z]+)__$/.exec(escaped)?.[1];
  if (inner !== undefined && RESERVED.has(inner)) return inner;
  return escaped.replaceAll(/__([a-z]+)__/g, (whole, word: string) => UNESCAPES[word] ?? whole);
}
