// Patterns of CustomResourceDefinitions are written for Go's RE2. They are translated to JavaScript where the dialects
// differ; a pattern that cannot be is skipped, because refusing a good object is worse than missing a bad one.

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

const compiled = new Map<string, RegExp | undefined>();

/** The pattern as a JavaScript expression, or `undefined` when it has no equivalent. Never throws. */
export function compilePattern(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const { source, flags } = translate(pattern);
  // Without the `u` flag JavaScript forgives escapes that RE2 allows, such as `\-` outside a class.
  const expression = tryCompile(source, `${flags}u`) ?? tryCompile(source, flags);
  compiled.set(pattern, expression);
  return expression;
}

function tryCompile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

interface Translated {
  readonly source: string;
  readonly flags: string;
}

function translate(pattern: string): Translated {
  // Flags at the start, or right after the anchor, hold for the whole pattern; further in they have no equivalent.
  const leading = /^(\^?)\(\?([ims]+)\)/.exec(pattern);
  const body = leading ? `${leading[1]}${pattern.slice(leading[0].length)}` : pattern;
  const source = body
    .replaceAll(/\\Q(.*?)(\\E|$)/gs, (_, literal: string) => quoted(literal))
    .replaceAll(/\[:(\^?)(\w+):\]/g, (whole, negated: string, name: string) => {
      return negated === "" ? (POSIX_CLASSES[name] ?? whole) : whole;
    })
    .replaceAll("(?P<", "(?<")
    .replaceAll(/\\p([A-Z])(?![{\w])/g, String.raw`\p{$1}`)
    .replaceAll(/(?<!\\)((?:\\\\)*)\\A/g, "$1^")
    .replaceAll(/(?<!\\)((?:\\\\)*)\\z/g, "$1$");
  return { source, flags: [...new Set(leading?.[2] ?? "")].join("") };
}

function quoted(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
