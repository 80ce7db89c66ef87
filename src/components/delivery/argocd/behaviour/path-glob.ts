// Path patterns of the git generator: `*` within a folder, `**` across folders, `?` one character.

/** A predicate over whole paths. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const source = pattern.replace(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/g, translate);
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(path);
}

function translate(token: string): string {
  if (token === "**/") return "(?:[^/]+/)*";
  if (token === "**") return ".*";
  if (token === "*") return "[^/]*";
  if (token === "?") return "[^/]";
  return `\\${token}`;
}

/** The folder before the first wildcard; what has to be read at all. */
export function fixedPrefix(pattern: string): string {
  const wild = pattern.search(/[*?]/);
  const head = wild < 0 ? pattern : pattern.slice(0, wild);
  return head.slice(0, Math.max(0, head.lastIndexOf("/")));
}
