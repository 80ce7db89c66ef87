// What is wrong with a name, in the words of apimachinery pkg/util/validation.

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const NAME_PART = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${NAME_PART})?`;

const tooLong = (limit: number): string => `must be no more than ${limit} bytes`;

function problems(
  text: string,
  limit: number,
  pattern: string,
  words: string,
  examples: readonly string[],
): string[] {
  const found = text.length > limit ? [tooLong(limit)] : [];
  if (!new RegExp(`^${pattern}$`).test(text)) {
    const shown = examples.map((example) => `'${example}', `).join("or ");
    found.push(`${words} (e.g. ${shown}regex used for validation is '${pattern}')`);
  }
  return found;
}

const label = (text: string): string[] =>
  problems(
    text,
    63,
    LABEL,
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    ["my-name", "123-abc"],
  );

const subdomain = (text: string): string[] =>
  problems(
    text,
    253,
    SUBDOMAIN,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    ["example.com"],
  );

const label1035 = (text: string): string[] =>
  problems(
    text,
    63,
    LABEL_1035,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    ["my-name", "abc-123"],
  );

const labelValue = (text: string): string[] =>
  problems(
    text,
    63,
    LABEL_VALUE,
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    ["MyValue", "my_value", "12345"],
  );

const NAME_WORDS =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const NAME_EXAMPLES = ["MyName", "my.name", "123-abc"];

function qualifiedName(text: string): string[] {
  const parts = text.split("/");
  if (parts.length > 2) {
    const [words = ""] = problems(
      "",
      63,
      NAME_PART,
      `a qualified name ${NAME_WORDS}`,
      NAME_EXAMPLES,
    );
    return [`${words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1) ?? "";
  const found: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === "") found.push("prefix part must be non-empty");
    else found.push(...subdomain(parts[0] ?? "").map((problem) => `prefix part ${problem}`));
  }
  if (name === "") found.push("name part must be non-empty");
  else if (name.length > 63) found.push(`name part ${tooLong(63)}`);
  found.push(...problems(name, Infinity, NAME_PART, `name part ${NAME_WORDS}`, NAME_EXAMPLES));
  return found;
}

export const nameProblems = { label, subdomain, label1035, labelValue, qualifiedName };
