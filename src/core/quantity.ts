// Kubernetes resource quantities ("500m", "1.5Gi", "12e6"), exact to one billionth.
// Mirrors apimachinery pkg/api/resource (quantity.go, suffix.go): same suffixes, rounding, cap and canonical form.

/** Which family of suffixes a quantity was written in, and is printed in. */
export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

export interface Quantity {
  /** The value in billionths. */
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

const NANO = 1_000_000_000n;
/** 2^63 - 1, where Kubernetes cuts off larger values. */
const CAP = (2n ** 63n - 1n) * NANO;
const SYNTAX = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/;
const DECIMAL_SUFFIXES = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

export const ZERO_QUANTITY: Quantity = { nanos: 0n, format: "DecimalSI" };

/** `undefined` when the text is no quantity. Digits below one billionth round away from zero. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const match = SYNTAX.exec(String(text));
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent, suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const power = exponent === undefined ? decimalPower(suffix) : Number(exponent.slice(1));
  if (Math.abs(power) > MAX_POWER) return undefined;
  const digits = BigInt(whole + fraction) * binaryFactor(suffix);
  const nanos = scaled(digits, power - fraction.length + 9);
  const capped = nanos > CAP ? CAP : nanos;
  return { nanos: sign === "-" ? -capped : capped, format: formatOf(exponent, suffix) };
}

/** No unit needs more; a larger exponent would only build a huge integer to cut off again. */
const MAX_POWER = 400;

function decimalPower(suffix: string): number {
  const at = DECIMAL_SUFFIXES.indexOf(suffix);
  return at < 0 ? 0 : at * 3 - 9;
}

function binaryFactor(suffix: string): bigint {
  const at = BINARY_SUFFIXES.indexOf(suffix);
  return at <= 0 ? 1n : 1024n ** BigInt(at);
}

function formatOf(exponent: string | undefined, suffix: string): QuantityFormat {
  if (exponent !== undefined) return "DecimalExponent";
  return suffix.endsWith("i") ? "BinarySI" : "DecimalSI";
}

function scaled(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  return divideUp(digits, 10n ** BigInt(-power));
}

function divideUp(value: bigint, divisor: bigint): bigint {
  return value < 0n ? value / divisor : (value + divisor - 1n) / divisor;
}

/** The canonical text: no fraction, the largest suffix that loses nothing (`"1024Mi"` → `"1Gi"`). */
export function formatQuantity({ nanos, format }: Quantity): string {
  const size = nanos < 0n ? -nanos : nanos;
  if (size === 0n) return "0";
  const sign = nanos < 0n ? "-" : "";
  const binary = format === "BinarySI" && size >= 1024n * NANO && size % NANO === 0n;
  if (binary) return sign + withBinarySuffix(size / NANO);
  return sign + withDecimalSuffix(size, format === "DecimalExponent");
}

function withBinarySuffix(value: bigint): string {
  let rest = value;
  let at = 0;
  while (rest % 1024n === 0n && at < BINARY_SUFFIXES.length - 1) {
    rest /= 1024n;
    at += 1;
  }
  return `${rest}${BINARY_SUFFIXES[at]}`;
}

function withDecimalSuffix(nanos: bigint, exponent: boolean): string {
  let rest = nanos;
  let at = 0;
  while (rest % 1000n === 0n && at < DECIMAL_SUFFIXES.length - 1) {
    rest /= 1000n;
    at += 1;
  }
  const power = at * 3 - 9;
  if (exponent) return power === 0 ? `${rest}` : `${rest}e${power}`;
  return `${rest}${DECIMAL_SUFFIXES[at]}`;
}

/** The text in canonical form, or unchanged when it is no quantity. */
export function canonicalQuantity(text: string): string {
  const quantity = parseQuantity(text);
  return quantity === undefined ? text : formatQuantity(quantity);
}

/** Negative, zero or positive, as `Array.prototype.sort` wants it. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** The sum keeps the first operand's format, unless that is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return addQuantities(a, { nanos: -b.nanos, format: b.format });
}

export function multiplyQuantity({ nanos, format }: Quantity, factor: number): Quantity {
  return { nanos: nanos * BigInt(factor), format };
}

/** Whole units, rounded up, as `Quantity.Value()`. Exact up to 2^53. */
export function quantityValue({ nanos }: Quantity): number {
  return Number(divideUp(nanos, NANO));
}

/** Thousandths, rounded up, as `Quantity.MilliValue()`: the unit in which CPU is counted. */
export function quantityMilliValue({ nanos }: Quantity): number {
  return Number(divideUp(nanos, NANO / 1000n));
}
