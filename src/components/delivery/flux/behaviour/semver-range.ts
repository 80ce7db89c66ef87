// Which versions a range takes: comparators, `^`, `~` and `x`, joined by blanks or commas, alternatives by `||`. Mirrors
// Masterminds/semver v3 constraints.go; pre-releases count only in ranges that name one, and hyphen ranges are not read.

export interface Version {
  readonly text: string;
  readonly numbers: readonly [number, number, number];
  readonly pre: string;
}

const VERSION = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/;

export function parseVersion(text: string): Version | undefined {
  const [, major, minor = "0", patch = "0", pre = ""] = VERSION.exec(text) ?? [];
  if (major === undefined) return undefined;
  return { text, numbers: [Number(major), Number(minor), Number(patch)], pre };
}

/** Negative where `a` is older. Build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  const at = a.numbers.findIndex((number, index) => number !== b.numbers[index]);
  if (at >= 0) return (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
  if (a.pre === b.pre) return 0;
  // A release is newer than what was released before it.
  if (a.pre === "" || b.pre === "") return a.pre === "" ? 1 : -1;
  return comparePre(a.pre.split("."), b.pre.split("."));
}

function comparePre(a: readonly string[], b: readonly string[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (one === other) continue;
    const [left, right] = [Number(one), Number(other)];
    if (Number.isNaN(left) && Number.isNaN(right)) return one < other ? -1 : 1;
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

type Test = (version: Version) => boolean;

/** Undefined for a range that is not read here. */
export function parseRange(range: string): Test | undefined {
  const alternatives = range.split("||").map((part) => {
    const tests = part
      .trim()
      .split(/[\s,]+(?=[\^~<>=!\dvxX*])/)
      .map(comparator);
    return tests.every((test) => test !== undefined)
      ? (version: Version): boolean => tests.every((test) => test(version))
      : undefined;
  });
  if (!alternatives.every((test) => test !== undefined)) return undefined;
  return (version) => alternatives.some((test) => test(version));
}

const PART = /^(\^|~|>=|<=|>|<|=|!=)?\s*v?([\dxX*]+)(?:\.([\dxX*]+))?(?:\.([\dxX*]+))?(-[\w.-]+)?$/;

function comparator(text: string): Test | undefined {
  const [, operator = "=", ...parts] = PART.exec(text.trim()) ?? [];
  const [major, minor, patch, pre] = parts;
  if (major === undefined) return undefined;
  const given = [major, minor, patch].map((part) =>
    part === undefined || /[xX*]/.test(part) ? undefined : Number(part),
  );
  const known = given.findIndex((part) => part === undefined);
  const places = known < 0 ? 3 : known;
  const low = versionOf(given, pre);
  const isFrom: Test = (version) => compareVersions(version, low) >= 0;
  const isBelow = (place: number): Test =>
    place < 0 ? () => true : (version) => compareVersions(version, next(low, place)) < 0;
  const withPre =
    (test: Test): Test =>
    (version) =>
      (version.pre === "" || pre !== undefined) && test(version);
  switch (operator) {
    case ">=":
      return withPre(isFrom);
    case "<":
      return withPre((version) => !isFrom(version));
    case ">":
      return withPre(
        (version) =>
          !isBelow(places - 1)(version) || (places === 3 && compareVersions(version, low) > 0),
      );
    case "<=":
      return withPre((version) =>
        places === 3 ? compareVersions(version, low) <= 0 : isBelow(places - 1)(version),
      );
    case "!=":
      return withPre((version) => !(isFrom(version) && isBelow(places - 1)(version)));
    case "~":
      return withPre((version) => isFrom(version) && isBelow(Math.min(places - 1, 1))(version));
    case "^":
      return withPre((version) => isFrom(version) && isBelow(caret(low, places))(version));
    default:
      return places === 3
        ? (version) => compareVersions(version, low) === 0
        : withPre((version) => isFrom(version) && isBelow(places - 1)(version));
  }
}

function versionOf(given: readonly (number | undefined)[], pre: string | undefined): Version {
  const [major = 0, minor = 0, patch = 0] = given;
  return { text: "", numbers: [major, minor, patch], pre: pre?.slice(1) ?? "" };
}

/** The first place that is not 0 may not change. */
function caret({ numbers }: Version, places: number): number {
  const first = numbers.findIndex((number) => number > 0);
  return first < 0 ? Math.max(0, places - 1) : Math.min(first, places - 1);
}

/** The smallest version that is larger in that place. */
function next({ numbers }: Version, place: number): Version {
  const [major, minor, patch] = numbers;
  const raised = [
    place === 0 ? major + 1 : major,
    place === 0 ? 0 : place === 1 ? minor + 1 : minor,
    place < 2 ? 0 : patch + 1,
  ];
  // Below its own pre-releases as well.
  return { ...versionOf(raised, "-0"), text: "" };
}
