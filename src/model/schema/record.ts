// A record keyed by names the person chose.

import type { JsonObject, Path } from "../../core/index.ts";
import {
  isDns1035Label,
  isDnsLabel,
  isRecord,
  LABEL_MAX,
  setOwn,
  toDnsLabel,
} from "../../core/index.ts";
import { badName, wrongType } from "../diagnostics.ts";
import { describeValue } from "./found.ts";
import type { ReadContext, Schema } from "./schema.ts";

/** Which keys a record accepts. */
export interface KeyRule {
  readonly expected: string;
  readonly pattern: string;
  readonly isValid: (key: string) => boolean;
  readonly suggest: (key: string) => string;
}

/** Names become namespaces, Services and DNS names: labels. */
export const LABEL_KEYS: KeyRule = {
  expected: `a DNS label: lower-case letters, digits and "-", at most ${LABEL_MAX} characters`,
  pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
  isValid: isDnsLabel,
  suggest: (key) => toDnsLabel(key),
};

/** Longest name of something of the person's own: names made from it (`<name>-rw`, `<app>-to-<name>`) still fit a label. */
const NAME_MAX = 40;

/** Names of what gets a Service of its own, so they also start with a letter (DNS-1035). */
export const NAME_KEYS: KeyRule = {
  expected: `a name: lower-case letters, digits and "-", starting with a letter, at most ${NAME_MAX} characters`,
  pattern: "^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$",
  isValid: (key) => key.length <= NAME_MAX && isDns1035Label(key),
  suggest: (key) => toDnsLabel(key.replace(/^[^A-Za-z]+/, ""), NAME_MAX),
};

/** Names of environment variables. */
export const VARIABLE_KEYS: KeyRule = {
  expected: 'a variable name: letters, digits and "_", not starting with a digit',
  pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
  isValid: (key) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key),
  suggest: (key) => key.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(?=\d)/, "_"),
};

const TAG_PATTERN = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$";

/** Tags of images. */
export const TAG_KEYS: KeyRule = {
  expected: 'an image tag: letters, digits, "_", "." and "-", at most 128 characters',
  pattern: TAG_PATTERN,
  isValid: (key) => new RegExp(TAG_PATTERN).test(key),
  suggest: (key) => key.replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[.-]+/, ""),
};

/** Any non-empty text. */
export const ANY_KEYS: KeyRule = {
  expected: "a name",
  pattern: "^.+$",
  isValid: (key) => key !== "",
  suggest: () => "",
};

/** Values by name; names are DNS labels unless `keys` says otherwise. Output keeps the order written. */
export function record<Input, Output>(
  value: Schema<Input, Output>,
  keys: KeyRule = LABEL_KEYS,
): Schema<Record<string, Input>, Record<string, Output>> {
  const expected = "a record by name";
  return {
    expected,
    read(found, path, context) {
      if (!isRecord(found)) {
        context.report(wrongType(path, { expected, found: describeValue(found) }));
        return undefined;
      }
      const output: Record<string, unknown> = {};
      let valid = readNames(Object.keys(found), path, keys, context);
      for (const [name, item] of Object.entries(found)) {
        const read = value.read(item, [...path, name], context);
        if (read === undefined) valid = false;
        else setOwn(output, name, read);
      }
      // Every member was read by `value`.
      return valid ? (output as Record<string, Output>) : undefined;
    },
    jsonSchema: (): JsonObject => ({
      type: "object",
      propertyNames: { pattern: keys.pattern },
      additionalProperties: value.jsonSchema(),
    }),
  };
}

/** Whether all names follow the rule; those that do not are reported. */
export function readNames(
  names: readonly string[],
  path: Path,
  { expected, isValid, suggest }: KeyRule,
  { report }: ReadContext,
): boolean {
  const bad = names.filter((name) => !isValid(name));
  for (const name of bad) {
    report(badName([...path, name], { name, expected, suggestion: suggest(name) }));
  }
  return bad.length === 0;
}
