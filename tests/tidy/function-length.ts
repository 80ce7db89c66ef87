// A function is at most 70 lines of its own, and 200 with the functions inside it: a factory of closures is our class, so
// each closure is measured by itself. The ratchet names the exceptions, and they may only shrink.

import { childNodes, nodeField, type SyntaxNode, textField } from "../../scripts/parse-source.ts";
import { isDataFile, isTestFile, isTypeScript, type SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** Usual is ten; past this a reader scrolls. */
export const FUNCTION_LINES_MAX = 70;

/** With everything nested inside, where a factory should be two. */
export const NESTED_LINES_MAX = 200;

/** `src/file.ts#name` → lines it has today. */
export type Ratchet = Readonly<Record<string, number>>;

export interface MeasuredFunction {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** Without the lines of functions inside it. */
  readonly lines: number;
  /** With them. */
  readonly nestedLines: number;
}

export function checkFunctionLength(
  files: readonly SourceFile[],
  ratchet: Ratchet,
): readonly Violation[] {
  const long = files.filter(isMeasured).flatMap(measureFunctions).filter(isLong);
  const known = new Set(long.map(keyOf));
  const gone = Object.keys(ratchet).filter((key) => !known.has(key));
  return [...long.flatMap((measured) => checkOne(measured, ratchet)), ...gone.map(reportGone)];
}

function checkOne(measured: MeasuredFunction, ratchet: Ratchet): readonly Violation[] {
  const { file, line, name } = measured;
  const { lines, limit, kind } = judge(measured);
  const allowed = ratchet[keyOf(measured)];
  if (lines === allowed) return [];
  if (allowed !== undefined && lines < allowed) {
    const what = `${name} shrank from ${allowed} to ${lines} lines`;
    return [{ file, line, what, instead: `write ${lines} in tests/tidy/ratchet.json` }];
  }
  const what = `${name} has ${lines} lines${kind}, more than ${allowed ?? limit}`;
  return [{ file, line, what, instead: "name its steps and call them" }];
}

/** The measure that is exceeded. */
function judge({ lines, nestedLines }: MeasuredFunction) {
  if (lines > FUNCTION_LINES_MAX) return { lines, limit: FUNCTION_LINES_MAX, kind: "" };
  return { lines: nestedLines, limit: NESTED_LINES_MAX, kind: " with those inside it" };
}

function reportGone(key: string): Violation {
  const [file = key, name = ""] = key.split("#");
  const what = `${name} is within the limits now`;
  return { file, line: 1, what, instead: `remove "${key}" from tests/tidy/ratchet.json` };
}

export function measureFunctions(file: SourceFile): readonly MeasuredFunction[] {
  const measured: MeasuredFunction[] = [];
  measureInside(file.program(), undefined, (node, parent, insideLines) => {
    const nestedLines = lineCount(node);
    const line = node.loc.start.line;
    const lines = nestedLines - insideLines;
    measured.push({ file: file.path, line, name: nameOf(node, parent), lines, nestedLines });
  });
  return measured;
}

/** Lines of the outermost functions at or below the node; reports each function with the lines of those inside it. */
function measureInside(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
  report: (node: SyntaxNode, parent: SyntaxNode | undefined, insideLines: number) => void,
): number {
  let insideLines = 0;
  for (const child of childNodes(node)) insideLines += measureInside(child, node, report);
  if (!FUNCTIONS.has(node.type)) return insideLines;
  report(node, parent, insideLines);
  // A function on one line shares that line with its surroundings.
  return lineCount(node) - 1;
}

function lineCount({ loc }: SyntaxNode): number {
  return loc.end.line - loc.start.line + 1;
}

const FUNCTIONS = new Set([
  "ArrowFunctionExpression",
  "ClassMethod",
  "ClassPrivateMethod",
  "FunctionDeclaration",
  "FunctionExpression",
  "ObjectMethod",
]);

/** Its own name, or that of the variable or property it is the value of. */
function nameOf(node: SyntaxNode, parent: SyntaxNode | undefined): string {
  const places = [
    nodeField(node, "id"),
    nodeField(node, "key"),
    parent && nodeField(parent, "id"),
    parent && nodeField(parent, "key"),
    parent && nodeField(parent, "callee"),
  ];
  return places.map((place) => textField(place, "name")).find((name) => name) ?? "anonymous";
}

function isMeasured({ path }: SourceFile): boolean {
  return isTypeScript(path) && !isTestFile(path) && !isDataFile(path);
}

function isLong({ lines, nestedLines }: MeasuredFunction): boolean {
  return lines > FUNCTION_LINES_MAX || nestedLines > NESTED_LINES_MAX;
}

function keyOf({ file, name }: MeasuredFunction): string {
  return `${file}#${name}`;
}
