// What mutations build: `Object{spec: Object.spec{…}}` for apply configurations and `JSONPatch{op: …}` for patches (apiserver
// pkg/cel/mutation). Fields of objects are not typed; that names of types follow the fields is checked when they are used.

import { isRecord } from "../../../core/index.ts";
import { DYN, objectType, STRING } from "../check/cel-type.ts";
import { unescapeProperty } from "../check/property-name.ts";
import type { StructDeclaration } from "../environment.ts";
import type { Library } from "../library/overload.ts";
import { toJson } from "../values/from-json.ts";
import { CelEntries, CelError, CelMap, type CelValue } from "../values/value.ts";

export const OBJECT = objectType("Object", {});
export const JSON_PATCH = objectType("JSONPatch", {
  op: STRING,
  path: STRING,
  from: STRING,
  value: DYN,
});

/** An object that an expression has written, with the type it was given. */
class BuiltObject extends CelMap {
  readonly #fields: CelEntries;

  constructor(typeName: string, fields: ReadonlyMap<string, CelValue>) {
    super(typeName);
    this.#fields = new CelEntries(fields);
  }

  override get(key: CelValue): CelValue | undefined {
    return this.#fields.get(key);
  }

  override has(key: CelValue): boolean {
    return this.#fields.has(key);
  }

  override keys(): readonly CelValue[] {
    return this.#fields.keys();
  }
}

export function mutationStruct(name: string): StructDeclaration | undefined {
  if (name === "JSONPatch") {
    return {
      type: JSON_PATCH,
      field: (field) => JSON_PATCH.field(field),
      build: (fields) => new BuiltObject(name, fields),
    };
  }
  if (name !== "Object" && !name.startsWith("Object.")) return undefined;
  return {
    type: objectType(name, {}),
    field: () => DYN,
    build: (fields) =>
      new BuiltObject(
        name,
        new Map([...fields].map(([field, value]) => [unescapeProperty(field), value])),
      ),
  };
}

/** The object as JSON, once the names of its types have been held against its fields. */
export function appliedConfiguration(value: CelValue): Record<string, unknown> {
  checkNames(value, "Object");
  const json = toJson(value);
  if (!isRecord(json)) throw new CelError("invalid return type");
  return json;
}

function checkNames(value: CelValue, expected: string): void {
  if (Array.isArray(value)) {
    for (const item of value) checkNames(item as CelValue, expected);
    return;
  }
  if (!(value instanceof CelMap)) return;
  if (value instanceof BuiltObject && value.typeName !== expected) {
    throw new CelError(
      `type mismatch: unexpected type name "${value.typeName}", expected "${expected}", which matches field name path from root Object type`,
    );
  }
  for (const key of value.keys()) {
    if (typeof key === "string") checkNames(value.get(key) ?? null, `${expected}.${key}`);
  }
}

/** The operations of a JSON patch. */
export function patchOperations(value: CelValue): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) {
    throw new CelError("type mismatch: JSONPatchType.expression should evaluate to array");
  }
  return value.map((item: CelValue) => {
    const json = toJson(item);
    return isRecord(json) ? json : {};
  });
}

export const JSON_PATCH_LIBRARY: Library = {
  "jsonpatch.escapeKey(string): string": (key: string) =>
    key.replaceAll("~", "~0").replaceAll("/", "~1"),
};
