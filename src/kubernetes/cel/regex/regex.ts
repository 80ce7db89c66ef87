// Matches regular expressions in time linear in the text, whatever the expression: all alternatives advance together, one character at
// a time (Thompson's construction, Pike's priorities, as in RE2). JavaScript's own engine backtracks, and a policy could hang it.

import type { Test } from "./classes.ts";
import { RegexError } from "./regex-error.ts";
import { type Assertion, type Pattern, readPattern } from "./syntax.ts";

export interface Regex {
  /** How many instructions it has: the price of one character. */
  readonly size: number;
  /** The leftmost match at or after `from`, in code points; of several there, the one preferred by the expression. */
  find(text: readonly number[], from: number): readonly [start: number, end: number] | undefined;
}

type Instruction =
  | { readonly is: "test"; readonly test: Test }
  | { readonly is: "assert"; readonly what: Assertion }
  | { readonly is: "split"; first: number; second: number }
  | { readonly is: "jump"; to: number }
  | { readonly is: "match" };

const SIZE_MAX = 20_000;
const CACHE_MAX = 500;
const cache = new Map<string, Regex | string>();

/** The expression, or what is wrong with it, as Go says it. */
export function compileRegex(source: string): Regex | string {
  let compiled = cache.get(source);
  if (compiled === undefined) {
    compiled = compileAnew(source);
    if (cache.size >= CACHE_MAX) cache.clear();
    cache.set(source, compiled);
  }
  return compiled;
}

function compileAnew(source: string): Regex | string {
  try {
    const code: Instruction[] = [];
    emit(code, readPattern(source));
    code.push({ is: "match" });
    return { size: code.length, find: (text, from) => search(code, text, from) };
  } catch (error) {
    if (error instanceof RegexError) return `error parsing regexp: ${error.message}`;
    throw error;
  }
}

export function codePoints(text: string): readonly number[] {
  return Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
}

function emit(code: Instruction[], pattern: Pattern): void {
  if (code.length > SIZE_MAX) throw new RegexError("expression too large");
  switch (pattern.is) {
    case "empty":
      return;
    case "test":
      code.push({ is: "test", test: pattern.test });
      return;
    case "assert":
      code.push({ is: "assert", what: pattern.what });
      return;
    case "sequence":
      for (const part of pattern.parts) emit(code, part);
      return;
    case "choice":
      emitChoice(code, pattern.parts);
      return;
    case "repeat":
      emitRepeat(code, pattern);
  }
}

function emitChoice(code: Instruction[], parts: readonly Pattern[]): void {
  const jumps: { is: "jump"; to: number }[] = [];
  parts.forEach((part, index) => {
    if (index === parts.length - 1) {
      emit(code, part);
      return;
    }
    const split = { is: "split" as const, first: code.length + 1, second: 0 };
    code.push(split);
    emit(code, part);
    const jump = { is: "jump" as const, to: 0 };
    code.push(jump);
    jumps.push(jump);
    split.second = code.length;
  });
  for (const jump of jumps) jump.to = code.length;
}

function emitRepeat(code: Instruction[], repeat: Pattern & { readonly is: "repeat" }): void {
  const { part, min, max, greedy } = repeat;
  for (let count = 0; count < min; count += 1) emit(code, part);
  if (max === undefined) {
    const start = code.length;
    const leave = pushSplit(code, greedy);
    emit(code, part);
    code.push({ is: "jump", to: start });
    leave(code.length);
    return;
  }
  const leaves: ((to: number) => void)[] = [];
  for (let count = min; count < max; count += 1) {
    leaves.push(pushSplit(code, greedy));
    emit(code, part);
  }
  for (const leave of leaves) leave(code.length);
}

/** Into what follows, or past it; which is preferred is greed. */
function pushSplit(code: Instruction[], greedy: boolean): (to: number) => void {
  const inside = code.length + 1;
  const split = { is: "split" as const, first: inside, second: inside };
  code.push(split);
  return (to) => {
    if (greedy) split.second = to;
    else split.first = to;
  };
}

/** Threads in order of preference; each remembers where it began. */
interface Threads {
  readonly states: number[];
  readonly starts: number[];
  readonly seen: Uint8Array;
}

function search(
  code: readonly Instruction[],
  text: readonly number[],
  from: number,
): readonly [number, number] | undefined {
  const fresh = (): Threads => ({ states: [], starts: [], seen: new Uint8Array(code.length) });
  let now = fresh();
  let found: readonly [number, number] | undefined;
  for (let at = from; at <= text.length; at += 1) {
    if (found === undefined) follow(code, now, 0, at, text, at);
    if (now.states.length === 0 && found !== undefined) break;
    const next = fresh();
    for (const [index, state] of now.states.entries()) {
      const instruction = code[state];
      const start = now.starts[index] ?? at;
      if (instruction?.is === "match") {
        found = [start, at];
        break;
      }
      const letter = text[at];
      if (instruction?.is === "test" && letter !== undefined && instruction.test(letter)) {
        follow(code, next, state + 1, start, text, at + 1);
      }
    }
    now = next;
  }
  return found;
}

/** Adds a state and all that it reaches without reading a character, the preferred first. */
function follow(
  code: readonly Instruction[],
  threads: Threads,
  first: number,
  start: number,
  text: readonly number[],
  at: number,
): void {
  const waiting = [first];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (threads.seen[state] === 1) continue;
    threads.seen[state] = 1;
    const instruction = code[state];
    if (instruction === undefined) continue;
    switch (instruction.is) {
      case "jump":
        waiting.push(instruction.to);
        break;
      case "split":
        waiting.push(instruction.second, instruction.first);
        break;
      case "assert":
        if (holds(instruction.what, text, at)) waiting.push(state + 1);
        break;
      case "test":
      case "match":
        threads.states.push(state);
        threads.starts.push(start);
    }
  }
}

function holds(what: Assertion, text: readonly number[], at: number): boolean {
  switch (what) {
    case "textStart":
      return at === 0;
    case "textEnd":
      return at === text.length;
    case "lineStart":
      return at === 0 || text[at - 1] === 10;
    case "lineEnd":
      return at === text.length || text[at] === 10;
    case "word":
      return isWord(text[at - 1]) !== isWord(text[at]);
    case "noWord":
      return isWord(text[at - 1]) === isWord(text[at]);
  }
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && /\w/.test(String.fromCodePoint(code));
}
