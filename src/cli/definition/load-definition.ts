// Reads a definition of any kind: TypeScript is evaluated, YAML and JSON are data already.

import { readFileSync } from "node:fs";
import { dirname, extname } from "node:path";

import type { Diagnostic } from "../../core/index.ts";
import { cacheDirectory } from "../environment.ts";
import type { Terminal } from "../terminal.ts";
import { syntaxError } from "./diagnostics.ts";
import type { DefinitionChoice } from "./locate.ts";
import { displayPath, locateDefinition } from "./locate.ts";
import type { Loaded } from "./load-typescript.ts";
import { loadTypescript } from "./load-typescript.ts";

export interface DefinitionFile {
  readonly path: string;
  /** As a person would write it; the file name in spans. */
  readonly shown: string;
  readonly text: string;
  /** Where the lock and the sealed values lie. */
  readonly folder: string;
}

export interface LoadedDefinition {
  readonly file: DefinitionFile;
  /** Undefined after an error. */
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

export async function loadDefinition(
  choice: DefinitionChoice,
  terminal: Pick<Terminal, "cwd" | "environment">,
): Promise<LoadedDefinition> {
  const path = locateDefinition(choice, terminal.cwd);
  const shown = displayPath(path, terminal.cwd);
  const file = { path, shown, text: readFileSync(path, "utf8"), folder: dirname(path) };
  const cache = cacheDirectory(terminal.environment);
  const { value, diagnostics } = isData(path)
    ? await loadData(file)
    : await loadTypescript({ ...file, cacheDirectory: cache });
  return { file, value, diagnostics };
}

export function isData(path: string): boolean {
  return [".yaml", ".yml", ".json"].includes(extname(path));
}

/** JSON is YAML, and the YAML reader says where a mistake is. */
async function loadData({ text, shown }: DefinitionFile): Promise<Loaded> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  const diagnostics = document.errors.map(({ message, pos: [start, end] }) => {
    const problem = message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
    return { ...syntaxError([], { problem }), span: { file: shown, start, end } };
  });
  if (diagnostics.length > 0) return { diagnostics };
  return { value: document.toJS() as unknown, diagnostics: [] };
}
