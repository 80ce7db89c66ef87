// Conversions between the types, `size`, `type` and what a string can be asked (cel-go common/stdlib/standard.go).

import type { Evaluation } from "../evaluate/evaluation.ts";
import {
  formatCelDuration,
  formatTimestamp,
  readDuration,
  readTimestamp,
  floorDivide,
  timestampInRange,
} from "../values/instants.ts";
import { runtimeType } from "../values/kinds.ts";
import {
  type CelDuration,
  CelError,
  type CelMap,
  type CelTimestamp,
  CelTypeValue,
  type CelUint,
  type CelValue,
} from "../values/value.ts";
import { formatDouble } from "./format-number.ts";
import { intInRange, uintInRange } from "./operators.ts";
import type { Library } from "./overload.ts";

const SECOND = 1_000_000_000n;

const sizeOfText = (text: string, evaluation: Evaluation): bigint => {
  evaluation.walk(text.length);
  return BigInt(Array.from(text).length);
};
const sizeOfList = (list: readonly CelValue[]): bigint => BigInt(list.length);
const sizeOfMap = (map: CelMap): bigint => BigInt(map.size);

const sizes: Library = {
  "size(string): int": sizeOfText,
  "string->size(): int": sizeOfText,
  "size(bytes): int": (bytes: Uint8Array) => BigInt(bytes.length),
  "bytes->size(): int": (bytes: Uint8Array) => BigInt(bytes.length),
  "size(list<A>): int": sizeOfList,
  "list<A>->size(): int": sizeOfList,
  "size(map<A, B>): int": sizeOfMap,
  "map<A, B>->size(): int": sizeOfMap,
};

function same<T>(value: T): T {
  return value;
}

function wholeNumber(value: number, what: string): bigint {
  if (!Number.isFinite(value)) throw new CelError(what);
  return BigInt(Math.trunc(value));
}

function parseWhole(text: string, type: string): bigint {
  if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace("+", ""));
  throw new CelError(`strconv.Parse${type}: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function parseDouble(text: string): number {
  const value = Number(text.replaceAll(/(?<=\d)_(?=\d)/g, ""));
  const isNumber = /^[+-]?(\d|\.\d|[iI]nf|NaN)/.test(text);
  if (!isNumber || Number.isNaN(value)) {
    throw new CelError(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return value;
}

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

function parseBool(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new CelError(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

const numbers: Library = {
  "int(int): int": same<bigint>,
  "int(double): int": (value: number) => intInRange(wholeNumber(value, "integer overflow")),
  "int(duration): int": (value: CelDuration) => value.nanos,
  "int(string): int": (text: string) => intInRange(parseWhole(text, "Int")),
  "int(timestamp): int": ({ nanos }: CelTimestamp) => floorDivide(nanos, SECOND),
  "int(uint): int": ({ value }: CelUint) => intInRange(value),
  "uint(uint): uint": same<CelUint>,
  "uint(double): uint": (value: number) =>
    uintInRange(wholeNumber(value, "unsigned integer overflow")),
  "uint(int): uint": (value: bigint) => uintInRange(value),
  "uint(string): uint": (text: string) => uintInRange(parseWhole(text, "Uint")),
  "double(double): double": same<number>,
  "double(int): double": (value: bigint) => Number(value),
  "double(string): double": (text: string) => parseDouble(text),
  "double(uint): double": ({ value }: CelUint) => Number(value),
};

const others: Library = {
  "bool(bool): bool": same<boolean>,
  "bool(string): bool": (text: string) => parseBool(text),
  "bytes(bytes): bytes": same<Uint8Array>,
  "bytes(string): bytes": (text: string) => new TextEncoder().encode(text),
  "string(string): string": same<string>,
  "string(bool): string": (value: boolean) => String(value),
  "string(bytes): string": (bytes: Uint8Array) => decodeText(bytes),
  "string(double): string": (value: number) => formatDouble(value),
  "string(duration): string": (value: CelDuration) => formatCelDuration(value),
  "string(int): string": (value: bigint) => String(value),
  "string(timestamp): string": (value: CelTimestamp) => formatTimestamp(value),
  "string(uint): string": ({ value }: CelUint) => String(value),
  "duration(duration): duration": same<CelDuration>,
  "duration(string): duration": (text: string) =>
    readDuration(text) ?? fail(`time: invalid duration ${JSON.stringify(text)}`),
  "timestamp(timestamp): timestamp": same<CelTimestamp>,
  "timestamp(int): timestamp": (seconds: bigint) => timestampInRange(seconds * SECOND),
  "timestamp(string): timestamp": (text: string) =>
    readTimestamp(text) ??
    fail(`parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse`),
  "dyn(A): dyn": same<CelValue>,
  "type(A): type<A>": (value: CelValue) => new CelTypeValue(runtimeType(value)),
};

function fail(message: string): never {
  throw new CelError(message);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CelError("invalid UTF-8 in bytes, cannot convert to string");
  }
}

function search(holds: (text: string, part: string) => boolean) {
  return (text: string, part: string, evaluation: Evaluation): boolean => {
    evaluation.walk(text.length);
    return holds(text, part);
  };
}

const texts: Library = {
  "string->contains(string): bool": search((text, part) => text.includes(part)),
  "string->endsWith(string): bool": search((text, part) => text.endsWith(part)),
  "string->startsWith(string): bool": search((text, part) => text.startsWith(part)),
};

export const CONVERSIONS: Library = { ...sizes, ...numbers, ...others, ...texts };
