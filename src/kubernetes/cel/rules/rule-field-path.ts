// The `fieldPath` of a rule: a JSON path below the value that carries it, such as `.spec.ports` or `.labels['a.b']`
// (apiextensions-apiserver pkg/apiserver/schema/cel/validation.go ValidFieldPath).

import type { FieldSchema } from "../../schemas/schema.ts";

const STEP = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y;
const ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "'": "'",
  "\\": "\\",
};

/** As errors print it: `spec.ports`, `labels[a.b]`; undefined when the path leads nowhere in the schema. */
export function ruleFieldPath(path: string, root: FieldSchema): string | undefined {
  let schema: FieldSchema | undefined = root;
  let printed = "";
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null || schema === undefined) return undefined;
    const name = match[1] ?? unescaped(match[2] ?? "");
    if (schema.properties !== undefined) {
      schema = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
      if (schema === undefined) return undefined;
      printed += printed === "" ? name : `.${name}`;
    } else if (schema.additionalProperties !== undefined) {
      schema = schema.additionalProperties;
      printed += `[${name}]`;
    } else {
      return undefined;
    }
  }
  return printed;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
}
