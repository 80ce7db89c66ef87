// Which type a value has when it is met, for choosing an overload and for naming it in errors.

import {
  BOOL,
  BYTES,
  type CelType,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  objectType,
  opaque,
  optionalOf,
  STRING,
  TIMESTAMP,
  UINT,
} from "../check/cel-type.ts";
import { isList } from "./equality.ts";
import {
  CelDuration,
  CelMap,
  CelOpaque,
  CelOptional,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
} from "./value.ts";

export function runtimeType(value: CelValue): CelType {
  if (value === null) return NULL;
  if (typeof value === "boolean") return BOOL;
  if (typeof value === "bigint") return INT;
  if (typeof value === "number") return DOUBLE;
  if (typeof value === "string") return STRING;
  if (value instanceof CelMap) {
    return value.typeName === undefined ? mapOf(DYN, DYN) : objectType(value.typeName, {});
  }
  if (isList(value)) return listOf(DYN);
  if (value instanceof CelUint) return UINT;
  if (value instanceof Uint8Array) return BYTES;
  if (value instanceof CelTimestamp) return TIMESTAMP;
  if (value instanceof CelDuration) return DURATION;
  if (value instanceof CelOptional) return optionalOf(DYN);
  return value instanceof CelOpaque ? opaque(value.typeName) : { is: "type" };
}

const NAMES: Readonly<Record<string, string>> = {
  null: "null_type",
  optional: "optional_type",
  timestamp: "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
};

/** As errors at run time name it: without what is inside. */
export function runtimeTypeName(value: CelValue): string {
  const type = runtimeType(value);
  if (type.is === "opaque" || type.is === "object") return type.name;
  return NAMES[type.is] ?? type.is;
}

/** Whether an overload that wants `type` takes the value; what is inside lists and maps is not looked at. */
export function isOfType(value: CelValue, type: CelType): boolean {
  if (type.is === "dyn" || type.is === "error" || type.is === "param") return true;
  if (type.is === "object" || type.is === "map") return value instanceof CelMap;
  if (type.is === "type") return value instanceof CelTypeValue;
  if (type.is === "opaque") return value instanceof CelOpaque && value.typeName === type.name;
  if (type.is !== "optional") return runtimeType(value).is === type.is;
  if (!(value instanceof CelOptional)) return false;
  return value.content === undefined || isOfType(value.content, type.content);
}
