// Which of two API versions comes first: GA before beta before alpha, higher numbers first, anything else after those by
// name. Mirrors k8s.io/apimachinery pkg/version (CompareKubeAwareVersionStrings).

const FORM = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const STAGES: Readonly<Record<string, number>> = { alpha: 1, beta: 2 };

/** Negative when `a` is preferred. */
export function compareVersions(a: string, b: string): number {
  const left = rank(a);
  const right = rank(b);
  if (left === undefined || right === undefined) {
    if (left !== right) return left === undefined ? 1 : -1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  for (const [index, value] of left.entries()) {
    const difference = (right[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Stage, major, minor. */
function rank(version: string): readonly [number, number, number] | undefined {
  const match = FORM.exec(version);
  if (match === null) return undefined;
  return [STAGES[match[2] ?? ""] ?? 3, Number(match[1]), Number(match[3] ?? 0)];
}
