// Indexes of pods as Jobs write them: `0,3-5`. Mirrors validateIndexesFormat, parseIndexInterval and
// validateFailedIndexesNotOverlapCompleted of kubernetes pkg/apis/batch/validation/validation.go @v1.36.

export interface IndexCount {
  /** How many indexes there are; none where there is a fault. */
  readonly total: number;
  readonly fault?: string;
}

type Interval = readonly [first: number, last: number];

export function countIndexes(text: string, completions: number): IndexCount {
  if (text === "") return { total: 0 };
  let total = 0;
  let previous: number | undefined;
  for (const part of text.split(",")) {
    const interval = readInterval(part, completions);
    if (typeof interval === "string") return { total: 0, fault: interval };
    const [first, last] = interval;
    if (previous !== undefined && previous >= first) {
      return { total: 0, fault: outOfOrder(previous, first) };
    }
    total += last - first + 1;
    previous = last;
  }
  return { total };
}

/** The interval, or what is wrong with it. */
function readInterval(text: string, completions: number): Interval | string {
  const ends = text.split("-");
  if (ends.length > 2) {
    const why =
      "violates the requirement that an index interval can have at most two parts separated by '-'";
    return `the fragment ${JSON.stringify(text)} ${why}`;
  }
  const fault = ends.map((end) => indexFault(end, completions)).find((one) => one !== undefined);
  if (fault !== undefined) return fault;
  const [first = 0, last = first] = ends.map(Number);
  return ends.length === 2 && first >= last ? outOfOrder(first, last) : [first, last];
}

function indexFault(text: string, completions: number): string | undefined {
  const quoted = JSON.stringify(text);
  if (!/^[+-]?\d+$/.test(text)) return `cannot convert string to integer for index: ${quoted}`;
  return Number(text) >= completions ? `too large index: ${quoted}` : undefined;
}

function outOfOrder(previous: number, current: number): string {
  return `non-increasing order, previous: ${previous}, current: ${current}`;
}

/** The first index that is in both; parts that are no intervals are passed over. */
export function overlapFault(a: string, b: string, completions: number): string | undefined {
  const [left, right] = [intervalsOf(a, completions), intervalsOf(b, completions)];
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [left[i], right[j]];
    if (one === undefined || other === undefined) return undefined;
    if (one[0] <= other[1] && other[0] <= one[1]) {
      const index = Math.max(one[0], other[0]);
      return `failedIndexes and completedIndexes overlap at index: ${index}`;
    }
    if (one[0] <= other[0]) i += 1;
    else j += 1;
  }
}

function intervalsOf(text: string, completions: number): readonly Interval[] {
  const intervals = text.split(",").map((part) => readInterval(part, completions));
  return intervals.filter((interval) => typeof interval !== "string");
}
