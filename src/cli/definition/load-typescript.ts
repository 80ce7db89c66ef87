// Evaluates a TypeScript or JavaScript definition with jiti, which needs no build step and no local install: the name
// `keelson` is this very package, the same instance, so that nothing is read twice. Transpiled text is cached by content.

import { join } from "node:path";

import type { Diagnostic, Span } from "../../core/index.ts";
import { missingExport, syntaxError, thrownError, unknownHelper } from "./diagnostics.ts";

export interface ModuleFile {
  readonly path: string;
  /** As a person would write it. */
  readonly shown: string;
  readonly text: string;
  readonly cacheDirectory: string;
}

export type Loaded =
  | { readonly value: unknown; readonly diagnostics: readonly [] }
  | { readonly value?: undefined; readonly diagnostics: readonly Diagnostic[] };

export async function loadTypescript(file: ModuleFile): Promise<Loaded> {
  const [{ createJiti }, keelson] = await Promise.all([import("jiti"), import("../../index.ts")]);
  const jiti = createJiti(import.meta.url, {
    fsCache: join(file.cacheDirectory, "definitions"),
    moduleCache: false,
    interopDefault: false,
    virtualModules: { keelson },
  });
  let module: unknown;
  try {
    module = await jiti.import(file.path);
  } catch (error) {
    return { diagnostics: [failure(error, file, Object.keys(keelson))] };
  }
  const value = (module as { readonly default?: unknown }).default;
  if (typeof value === "object" && value !== null) return { value, diagnostics: [] };
  const found = value === undefined ? "nothing" : `a ${typeof value}`;
  return { diagnostics: [missingExport([], { file: file.shown, found })] };
}

function failure(error: unknown, file: ModuleFile, known: readonly string[]): Diagnostic {
  const message = error instanceof Error ? error.message : String(error);
  const parse = /^ParseError: (.*?)\s*\n\s*(.*):(\d+):(\d+)/.exec(message);
  if (parse) {
    const [, problem = "", , line, column] = parse;
    const span = spanAt(file, Number(line), Number(column));
    const sentence = problem.charAt(0).toLowerCase() + problem.slice(1).replace(/\.$/, "");
    return { ...syntaxError([], { problem: sentence }), span };
  }
  const span = thrownAt(error, file);
  const helper = /_keelson\.(\w+)\) is not a function/.exec(message)?.[1];
  const diagnostic =
    helper === undefined
      ? thrownError([], { file: file.shown, problem: firstLine(message) })
      : unknownHelper([], { name: helper, known });
  return span === undefined ? diagnostic : { ...diagnostic, span };
}

/** The innermost line of the definition on the stack; jiti keeps lines but not columns. */
function thrownAt(error: unknown, file: ModuleFile): Span | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const at = stack.indexOf(`${file.path}:`);
  const line = at < 0 ? undefined : /^:(\d+)/.exec(stack.slice(at + file.path.length))?.[1];
  return line === undefined ? undefined : lineSpan(file, Number(line));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** Babel counts columns from 0. */
function spanAt(file: ModuleFile, line: number, column: number): Span {
  const start = lineStart(file.text, line) + column;
  return { file: file.shown, start, end: Math.min(start + 1, file.text.length) };
}

/** The line without its indent. */
function lineSpan({ shown, text }: ModuleFile, line: number): Span {
  const start = lineStart(text, line);
  const [content = ""] = text.slice(start).split("\n", 1);
  const indent = content.length - content.trimStart().length;
  return { file: shown, start: start + indent, end: start + content.trimEnd().length, near: true };
}

function lineStart(text: string, line: number): number {
  const before = text.split("\n").slice(0, line - 1);
  return before.reduce((sum, { length }) => sum + length + 1, 0);
}
