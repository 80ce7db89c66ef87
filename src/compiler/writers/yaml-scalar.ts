// YAML scalars that every reader takes for the same value: YAML 1.1 (go-yaml, PyYAML) and 1.2 disagree on `yes`, `0777`,
// `12:30:45` and more, so whatever one of them could take for something other than a string is quoted.

/** A string that no reader can mistake, first by a cheap test that most strings pass. */
const CLEARLY_PLAIN = /^(?![eE]\d+$)[A-Za-z/_][A-Za-z0-9/_.-]*$/;
/** Words that are booleans or null somewhere; compared in lower case. */
const WORDS: ReadonlySet<string> = new Set([
  "y",
  "yes",
  "n",
  "no",
  "true",
  "false",
  "on",
  "off",
  "null",
]);
const LONGEST_WORD = 5;

/** Numbers of either version, dates and times, and what is made of dots and signs only. */
const NUMBER_LIKE =
  /^[-+]?(?:[\d_,]*\.?[\d_]*(?:[eE][-+]?\d+)?|\.+|0[xX][\da-fA-F_]+|0[oObB][\d_]+|\d[\d_]*(?::\d+)+(?:\.\d*)?|\.(?:inf|nan))$|^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt\s])/i;
/** A first character with a meaning, a document's end, a `: ` or ` #`, a colon or a space at the end, a space at the start. */
const SPECIAL = /^[\s,[\]{}#&*!|>'"%@`:?~=<]|^-(?:$|[^A-Za-z-])|^---|^\.\.\.|:(?:\s|$)|\s#|\s$/;
/** Not printable in YAML, or a line break to some readers, or invisible. Lone surrogates included. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cs}\u00a0\u2028\u2029\ufeff\ufffe\uffff]/u;

/** One line, quoted if needed. */
export function formatString(text: string): string {
  if (CLEARLY_PLAIN.test(text)) return isWord(text) ? `"${text}"` : text;
  const hard = text.includes("\n") || text.includes("\t") || UNPRINTABLE.test(text);
  if (hard) return doubleQuoted(text);
  if (text !== "" && !isWord(text) && !NUMBER_LIKE.test(text) && !SPECIAL.test(text)) return text;
  if (text.includes('"') || text.includes("\\")) return `'${text.replaceAll("'", "''")}'`;
  return `"${text}"`;
}

function isWord(text: string): boolean {
  return text.length <= LONGEST_WORD && WORDS.has(text.toLowerCase());
}

const ESCAPED = new RegExp(UNPRINTABLE.source, "gu");

/** JSON's escapes are YAML's; what JSON leaves bare and YAML may not print is escaped too. */
export function doubleQuoted(text: string): string {
  return escapeUnprintable(JSON.stringify(text));
}

export function escapeUnprintable(json: string): string {
  return json.replace(
    ESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Exponents get a fraction (`1.0e+21`), without which YAML 1.1 reads a string. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /^-?\d+e/.test(text) ? text.replace("e", ".0e") : text;
}

/**
 * Whether a text can stand as a literal block: several lines, nothing invisible, not blank, and no line of blanks at the
 * end, which readers count to the end of the block or not.
 */
export function fitsBlock(text: string): boolean {
  if (!text.includes("\n") || !/\S/.test(text)) return false;
  return !/\n[ \t]+\n*$/.test(text) && !UNPRINTABLE.test(text);
}

/**
 * The header of a literal block: `|`, then a digit when the first line starts with blanks, then `-` for no line break at
 * the end or `+` for more than one.
 */
export function blockHeader(text: string): string {
  const indicator = /^[ \t\n]/.test(text) ? "2" : "";
  if (!text.endsWith("\n")) return `|${indicator}-`;
  return text.endsWith("\n\n") ? `|${indicator}+` : `|${indicator}`;
}
