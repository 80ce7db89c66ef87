// What changed from one text to another, as Kubernetes shows it in refusals. Mirrors difflib of github.com/pmezard/go-difflib as
// apimachinery pkg/util/diff uses it @v1.36: the longest common block first, then what is before and after it.

const CONTEXT_LINES = 3;

interface Block {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

/** A unified diff without headers, each line with its end; empty for equal texts. */
export function printDiff(before: string, after: string): string {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const changes = changesOf(a, b);
  return groupsOf(changes)
    .map((group) => printGroup(group, a, b))
    .join("");
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly into: number;
  readonly upTo: number;
}

/** Lines `from`–`to` of the first text that became `into`–`upTo` of the second, half-open. */
function changesOf(a: readonly string[], b: readonly string[]): readonly Change[] {
  const blocks: Block[] = [];
  addBlocks(blocks, a, b, { from: 0, to: a.length, into: 0, upTo: b.length });
  blocks.push({ a: a.length, b: b.length, size: 0 });
  const changes: Change[] = [];
  let [from, into] = [0, 0];
  for (const block of blocks) {
    if (from < block.a || into < block.b) {
      changes.push({ from, to: block.a, into, upTo: block.b });
    }
    [from, into] = [block.a + block.size, block.b + block.size];
  }
  return changes;
}

function addBlocks(
  blocks: Block[],
  a: readonly string[],
  b: readonly string[],
  range: Change,
): void {
  const longest = longestBlock(a, b, range);
  if (longest.size === 0) return;
  const [endA, endB] = [longest.a + longest.size, longest.b + longest.size];
  addBlocks(blocks, a, b, { ...range, to: longest.a, upTo: longest.b });
  blocks.push(longest);
  addBlocks(blocks, a, b, { ...range, from: endA, into: endB });
}

/** Of several, the first in the first text, and of those the first in the second. */
function longestBlock(
  a: readonly string[],
  b: readonly string[],
  { from, to, into, upTo }: Change,
): Block {
  let longest: Block = { a: from, b: into, size: 0 };
  for (let i = from; i < to; i += 1) {
    for (let j = into; j < upTo; j += 1) {
      let size = 0;
      while (i + size < to && j + size < upTo && a[i + size] === b[j + size]) size += 1;
      if (size > longest.size) longest = { a: i, b: j, size };
    }
  }
  return longest;
}

/** Changes whose surroundings touch are shown together. */
function groupsOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isNear = last !== undefined && change.from - last.to <= 2 * CONTEXT_LINES;
    if (group !== undefined && isNear) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

function printGroup(group: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return "";
  const lead = Math.min(CONTEXT_LINES, first.from, first.into);
  const tail = Math.min(CONTEXT_LINES, a.length - last.to);
  const lines = [
    `@@ -${printRange(first.from - lead, last.to + tail)} +${printRange(first.into - lead, last.upTo + tail)} @@`,
  ];
  const keep = (from: number, to: number): void => {
    for (const line of a.slice(from, to)) lines.push(` ${line}`);
  };
  let at = first.from - lead;
  for (const { from, to, into, upTo } of group) {
    keep(at, from);
    for (const line of a.slice(from, to)) lines.push(`-${line}`);
    for (const line of b.slice(into, upTo)) lines.push(`+${line}`);
    at = to;
  }
  keep(at, last.to + tail);
  return lines.map((line) => `${line}\n`).join("");
}

function printRange(from: number, to: number): string {
  const count = to - from;
  if (count === 1) return String(from + 1);
  return `${count === 0 ? from : from + 1},${count}`;
}
