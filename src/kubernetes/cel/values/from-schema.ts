// JSON as the values its schema says it is (apiserver pkg/cel/common/values.go UnstructuredToVal). Objects and maps convert a member
// when an expression asks for it.

import { isRecord } from "../../../core/index.ts";
import type { FieldSchema } from "../../schemas/schema.ts";
import { childSchema, valueSchema } from "../check/schema-type.ts";
import { unescapeProperty } from "../check/property-name.ts";
import { fromBase64, fromJson } from "./from-json.ts";
import { readDuration, readTimestamp } from "./instants.ts";
import { withListTraits } from "./list-traits.ts";
import { CelError, CelRecord, type CelValue } from "./value.ts";

export function fromSchema(value: unknown, schema: FieldSchema): CelValue {
  if (value === null || value === undefined) {
    if (schema.nullable === true || schema.type === undefined) return null;
    throw new CelError("invalid data, got null for schema with nullable=false");
  }
  if (schema.intOrString === true) return fromJson(value);
  switch (schema.type ?? "any") {
    case "object":
      return isRecord(value) ? objectValue(value, schema) : invalid("an object", value);
    case "array":
      return Array.isArray(value) ? listValue(value, schema) : invalid("an array", value);
    case "string":
      return typeof value === "string" ? textValue(value, schema) : invalid("string", value);
    case "integer":
      return typeof value === "number" ? BigInt(Math.trunc(value)) : invalid("int", value);
    case "number":
      return typeof value === "number" ? value : invalid("double", value);
    case "boolean":
      return typeof value === "boolean" ? value : invalid("bool", value);
    case "any":
      return fromJson(value);
  }
}

function invalid(wanted: string, value: unknown): never {
  throw new CelError(`invalid data, expected ${wanted}, got ${typeof value}`);
}

function objectValue(record: Record<string, unknown>, schema: FieldSchema): CelRecord {
  const values = valueSchema(schema);
  if (values !== undefined) {
    const child = childSchema(values);
    return new CelRecord(record, (_key, member) => fromSchema(member, child));
  }
  const { properties = {} } = schema;
  const read = (key: string, member: unknown): CelValue => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return property === undefined ? fromJson(member) : fromSchema(member, childSchema(property));
  };
  return new CelObject(record, read);
}

/** Its fields are named as expressions write them. */
class CelObject extends CelRecord {
  constructor(
    record: Readonly<Record<string, unknown>>,
    read: (key: string, value: unknown) => CelValue,
  ) {
    super(record, read, "object");
  }

  override get(key: CelValue): CelValue | undefined {
    return super.get(this.#nameOf(key));
  }

  override has(key: CelValue): boolean {
    return super.has(this.#nameOf(key));
  }

  #nameOf(key: CelValue): CelValue {
    if (typeof key !== "string" || Object.hasOwn(this.record, key)) return key;
    return unescapeProperty(key);
  }
}

function listValue(list: readonly unknown[], schema: FieldSchema): readonly CelValue[] {
  const { items = {}, listType, listMapKeys = [] } = schema;
  const child = childSchema(items);
  const values = list.map((item) => fromSchema(item, child));
  if (listType === "set") return withListTraits(values, { is: "set" });
  if (listType !== "map") return values;
  return withListTraits(values, { is: "map", keyOf: (item) => listKey(item, listMapKeys) });
}

function listKey(item: CelValue, keys: readonly string[]): string {
  if (!(item instanceof CelRecord)) return "";
  return JSON.stringify(keys.map((key) => item.record[key] ?? null));
}

function textValue(text: string, { format }: FieldSchema): CelValue {
  switch (format ?? "") {
    case "byte":
      return fromBase64(text) ?? invalidText("byte", text);
    case "duration":
      return readDuration(text) ?? invalidText("duration", text);
    case "date":
      return readTimestamp(`${text}T00:00:00Z`) ?? invalidText("date", text);
    case "date-time":
      return readTimestamp(text) ?? invalidText("date-time", text);
    default:
      return text;
  }
}

function invalidText(format: string, text: string): never {
  throw new CelError(`Invalid ${format} format ${JSON.stringify(text)}`);
}
