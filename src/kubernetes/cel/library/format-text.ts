// `"%s is %d".format([…])` (cel-go ext/formatting.go).

import type { Evaluation } from "../evaluate/evaluation.ts";
import { formatType } from "../check/cel-type.ts";
import { isList } from "../values/equality.ts";
import { formatCelDuration, formatTimestamp } from "../values/instants.ts";
import { runtimeTypeName } from "../values/kinds.ts";
import {
  CelDuration,
  CelError,
  CelMap,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
} from "../values/value.ts";
import { formatDouble, formatFixed, formatScientific } from "./format-number.ts";

const CLAUSE = /%(?:%|(?:\.(\d+))?([a-zA-Z])|.?)/gs;
const PRECISION_DEFAULT = 6;

export function formatText(
  template: string,
  values: readonly CelValue[],
  evaluation: Evaluation,
): string {
  evaluation.walk(template.length);
  let used = 0;
  return template.replaceAll(CLAUSE, (written, precision: string | undefined, verb: string) => {
    if (written === "%%") return "%";
    if (verb === undefined || !"sdfebxXo".includes(verb)) {
      throw new CelError(
        `could not parse formatting clause: unrecognized formatting clause "${written.at(-1)}"`,
      );
    }
    const value = values[used];
    if (value === undefined) throw new CelError(`index ${used} out of range`);
    used += 1;
    const text = clause(
      verb,
      value,
      precision === undefined ? PRECISION_DEFAULT : Number(precision),
    );
    evaluation.walk(text.length);
    return text;
  });
}

function clause(verb: string, value: CelValue, precision: number): string {
  switch (verb) {
    case "s":
      return stringText(value);
    case "d":
      return decimal(value);
    case "f":
      return formatFixed(doubleOf(value, "fixed-point"), precision);
    case "e":
      return formatScientific(doubleOf(value, "scientific"), precision);
    case "b":
      return typeof value === "boolean"
        ? String(Number(value))
        : wholeOf(value, "binary", "integers and bools").toString(2);
    case "o":
      return wholeOf(value, "octal", "integers").toString(8);
    default:
      return verb === "X" ? hex(value).toUpperCase() : hex(value);
  }
}

function unsupported(clauseName: string, allowed: string, value: CelValue): never {
  throw new CelError(
    `error during formatting: ${clauseName} clause can only be used on ${allowed}, was given ${runtimeTypeName(value)}`,
  );
}

function decimal(value: CelValue): string {
  if (typeof value === "number" && !Number.isFinite(value)) return formatFixed(value, 0);
  return wholeOf(value, "decimal", "integers").toString();
}

function wholeOf(value: CelValue, clauseName: string, allowed: string): bigint {
  if (typeof value === "bigint") return value;
  return value instanceof CelUint ? value.value : unsupported(clauseName, allowed, value);
}

function doubleOf(value: CelValue, clauseName: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof CelUint) return Number(value.value);
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  return unsupported(clauseName, "doubles", value);
}

function hex(value: CelValue): string {
  if (typeof value === "string") return hexBytes(new TextEncoder().encode(value));
  if (value instanceof Uint8Array) return hexBytes(value);
  return wholeOf(value, "hex", "integers, byte buffers, and strings").toString(16);
}

function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function stringText(value: CelValue): string {
  if (typeof value === "string") return value;
  if (value === null) return "null";
  if (typeof value === "number")
    return formatDouble(value).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof CelUint) return String(value.value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof CelTimestamp) return formatTimestamp(value);
  if (value instanceof CelDuration) return formatCelDuration(value);
  if (value instanceof CelTypeValue) return formatType(value.type);
  if (isList(value)) return `[${value.map(stringText).join(", ")}]`;
  if (value instanceof CelMap) return mapText(value);
  return unsupported(
    "string",
    "strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
    value,
  );
}

function mapText(map: CelMap): string {
  const entries = map.keys().map((key) => [stringText(key), stringText(map.get(key) ?? null)]);
  return `{${entries
    .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value}`)
    .join(", ")}}`;
}
