// Semantic versions (apiserver pkg/cel/library/semverlib.go; blang/semver's order and errors).

import { CelError, CelOpaque } from "../values/value.ts";
import type { Library } from "./overload.ts";

class CelSemver extends CelOpaque {
  override readonly typeName = "kubernetes.Semver";
  readonly numbers: readonly bigint[];
  readonly pre: readonly string[];
  readonly build: string;

  constructor(numbers: readonly bigint[], pre: readonly string[], build: string) {
    super();
    this.numbers = numbers;
    this.pre = pre;
    this.build = build;
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelSemver && compare(this, other) === 0n;
  }
}

const NUMBER = "(0|[1-9][0-9]*)";
const PRE = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${PRE}(?:\\.${PRE})*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?$`,
);
const S = "kubernetes.Semver";

function parse(text: string): CelSemver | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [, major = "0", minor = "0", patch = "0", pre, build = ""] = match;
  return new CelSemver([major, minor, patch].map(BigInt), pre?.split(".") ?? [], build);
}

function explained(text: string): CelSemver {
  const version = parse(text);
  if (version !== undefined) return version;
  if (text === "") throw new CelError("Version string empty");
  if (text.split(".", 3).length < 3) {
    throw new CelError("No Major.Minor.Patch elements found");
  }
  const faulty = text.split(".").find((part) => !/^[0-9]+$/.test(part)) ?? text;
  throw new CelError(`Invalid character(s) found in version number "${faulty}"`);
}

/** `v1.2` is `1.2.0`, and zeros at the front of a number do not count. */
function normalized(text: string): string {
  const [first = "", second, ...rest] = text.replace(/^v/, "").split(".");
  const parts = [first, second, rest.length > 0 ? rest.join(".") : undefined]
    .filter((part) => part !== undefined)
    .map((part) => part.replace(/^0+(?=\d)/, ""));
  if (parts.length < 3 && /[-+]/.test(parts.at(-1) ?? "")) {
    throw new CelError("Short version cannot contain PreRelease/Build meta data");
  }
  while (parts.length < 3) parts.push("0");
  return parts.join(".");
}

function isSemver(text: string): boolean {
  return parse(text) !== undefined;
}

function isNormalizable(text: string): boolean {
  try {
    return isSemver(normalized(text));
  } catch {
    return false;
  }
}

function compare(a: CelSemver, b: CelSemver): bigint {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1n : 1n;
  }
  return comparePre(a.pre, b.pre);
}

/** A version without a suffix comes after all that have one. */
function comparePre(a: readonly string[], b: readonly string[]): bigint {
  if (a.length === 0 || b.length === 0) return BigInt(Math.sign(b.length - a.length));
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1n;
    if (part === other) continue;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(part), /^\d+$/.test(other)];
    if (isNumber && otherIsNumber) return BigInt(part) < BigInt(other) ? -1n : 1n;
    if (isNumber !== otherIsNumber) return isNumber ? -1n : 1n;
    return part < other ? -1n : 1n;
  }
  return a.length < b.length ? -1n : 0n;
}

const number =
  (index: number) =>
  ({ numbers }: CelSemver): bigint =>
    numbers[index] ?? 0n;

export const SEMVER: Library = {
  [`semver(string): ${S}`]: (text: string) => explained(text),
  [`semver(string, bool): ${S}`]: (text: string, normalize: boolean) =>
    explained(normalize ? normalized(text) : text),
  "isSemver(string): bool": (text: string) => isSemver(text),
  "isSemver(string, bool): bool": (text: string, normalize: boolean) =>
    normalize ? isNormalizable(text) : isSemver(text),
  [`${S}->isGreaterThan(${S}): bool`]: (a: CelSemver, b: CelSemver) => compare(a, b) > 0n,
  [`${S}->isLessThan(${S}): bool`]: (a: CelSemver, b: CelSemver) => compare(a, b) < 0n,
  [`${S}->compareTo(${S}): int`]: compare,
  [`${S}->major(): int`]: number(0),
  [`${S}->minor(): int`]: number(1),
  [`${S}->patch(): int`]: number(2),
};
