// `matches`, `find` and `findAll` (cel-go stdlib; apiserver pkg/cel/library/regex.go).

import type { Evaluation } from "../evaluate/evaluation.ts";
import { codePoints, compileRegex, type Regex } from "../regex/regex.ts";
import { CelError } from "../values/value.ts";
import type { Library } from "./overload.ts";

const matches = (text: string, pattern: string, evaluation: Evaluation): boolean =>
  compiled(text, pattern, evaluation).find(codePoints(text), 0) !== undefined;

export const REGEX: Library = {
  "matches(string, string): bool": matches,
  "string->matches(string): bool": matches,
  "string->find(string): string": (text: string, pattern: string, evaluation: Evaluation) => {
    const [first = ""] = findAll(text, pattern, 1, evaluation);
    return first;
  },
  "string->findAll(string): list<string>": (
    text: string,
    pattern: string,
    evaluation: Evaluation,
  ) => findAll(text, pattern, -1, evaluation),
  "string->findAll(string, int): list<string>": (
    text: string,
    pattern: string,
    limit: bigint,
    evaluation: Evaluation,
  ) => findAll(text, pattern, Number(limit), evaluation),
};

function compiled(text: string, pattern: string, evaluation: Evaluation): Regex {
  const regex = compileRegex(pattern);
  if (typeof regex === "string") throw new CelError(`Illegal regex: ${regex}`);
  // As cel-go prices it: text times pattern.
  evaluation.spend(Math.ceil(text.length * 0.1) * Math.ceil(regex.size * 0.25));
  return regex;
}

/** As Go's FindAllString: an empty match right after another match does not count. */
function findAll(
  text: string,
  pattern: string,
  limit: number,
  evaluation: Evaluation,
): readonly string[] {
  const regex = compiled(text, pattern, evaluation);
  const codes = codePoints(text);
  const found: string[] = [];
  let from = 0;
  let lastEnd = -1;
  while (from <= codes.length && (limit < 0 || found.length < limit)) {
    const match = regex.find(codes, from);
    if (match === undefined) break;
    evaluation.walk(match[1] - from);
    const [start, end] = match;
    const isEmpty = start === end;
    if (!isEmpty || start !== lastEnd) found.push(String.fromCodePoint(...codes.slice(start, end)));
    lastEnd = end;
    from = isEmpty ? end + 1 : end;
  }
  return found;
}
