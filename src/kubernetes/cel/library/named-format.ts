// Formats by name: `format.dns1123Label().validate(name)` answers what is wrong, or nothing (apiserver pkg/cel/library/format.go;
// messages of apimachinery pkg/util/validation).

import { CelOpaque, CelOptional, type CelValue } from "../values/value.ts";
import { fromBase64 } from "../values/from-json.ts";
import { readTimestamp } from "../values/instants.ts";
import type { Library } from "./overload.ts";
import { nameProblems } from "./name-problems.ts";
import { URLS } from "./url.ts";

type Validate = (text: string) => readonly string[];

class CelFormat extends CelOpaque {
  override readonly typeName = "kubernetes.NamedFormat";
  readonly name: string;
  readonly validate: Validate;

  constructor(name: string, validate: Validate) {
    super();
    this.name = name;
    this.validate = validate;
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelFormat && other.name === this.name;
  }
}

/** What may be put in front of another name may end in a dash. */
const withoutDash = (text: string): string => text.replace(/-$/, "a");

const unless =
  (isFine: (text: string) => boolean, problem: string): Validate =>
  (text) =>
    isFine(text) ? [] : [problem];

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

function uriProblems(text: string): readonly string[] {
  try {
    (URLS["url(string): kubernetes.URL"] as (text: string) => CelValue)(text);
    return [];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [words.replace("URL parse error during conversion from string: ", "")];
  }
}

const FORMATS: Readonly<Record<string, Validate>> = {
  dns1123Label: (text) => nameProblems.label(text),
  dns1123Subdomain: (text) => nameProblems.subdomain(text),
  dns1035Label: (text) => nameProblems.label1035(text),
  qualifiedName: (text) => nameProblems.qualifiedName(text),
  dns1123LabelPrefix: (text) => nameProblems.label(withoutDash(text)),
  dns1123SubdomainPrefix: (text) => nameProblems.subdomain(withoutDash(text)),
  dns1035LabelPrefix: (text) => nameProblems.label1035(withoutDash(text)),
  labelValue: (text) => nameProblems.labelValue(text),
  uri: uriProblems,
  uuid: unless((text) => UUID.test(text), "does not match the UUID format"),
  byte: unless(
    (text) => text !== "" && text.length % 4 === 0 && fromBase64(text) !== undefined,
    "invalid base64",
  ),
  date: unless(
    (text) => readTimestamp(`${text}T00:00:00Z`) !== undefined && /^[\d-]{10}$/.test(text),
    "invalid date",
  ),
  datetime: unless((text) => readTimestamp(text) !== undefined, "invalid datetime"),
};

const NAMED = new Map(
  Object.entries(FORMATS).map(([name, validate]) => [name, new CelFormat(name, validate)]),
);

const F = "kubernetes.NamedFormat";

export const NAMED_FORMATS: Library = {
  ...Object.fromEntries(
    [...NAMED].map(([name, format]) => [`format.${name}(): ${F}`, () => format]),
  ),
  [`format.named(string): optional<${F}>`]: (name: string) => {
    const format = NAMED.get(name);
    return format === undefined ? CelOptional.none : new CelOptional(format);
  },
  [`${F}->validate(string): optional<list<string>>`]: ({ validate }: CelFormat, text: string) => {
    const problems = validate(text);
    return problems.length === 0 ? CelOptional.none : new CelOptional(problems);
  },
};
