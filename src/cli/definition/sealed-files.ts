// `sealed/<environment>.yaml` beside the definition: what `keelson seal` wrote for each environment's key.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { parseDocument } from "yaml";

import type { Diagnostic } from "../../core/index.ts";
import { isRecord } from "../../core/index.ts";
import type { SealedValues } from "../../model/index.ts";
import { syntaxError, wrongSealed } from "./diagnostics.ts";

export const SEALED_FOLDER = "sealed";

export interface SealedFiles {
  /** By environment. */
  readonly values: Readonly<Record<string, SealedValues>>;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly (readonly [file: string, text: string])[];
}

export function readSealed(folder: string): SealedFiles {
  const directory = join(folder, SEALED_FOLDER);
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const files = names
    .filter((name) => name.endsWith(".yaml"))
    .toSorted()
    .map((name) => readSealedFile(join(directory, name), `${SEALED_FOLDER}/${name}`));
  return {
    values: Object.fromEntries(files.map(({ environment, values }) => [environment, values])),
    diagnostics: files.flatMap(({ diagnostics }) => diagnostics),
    sources: files.map(({ shown, text }) => [shown, text] as const),
  };
}

interface SealedFile {
  readonly environment: string;
  readonly values: SealedValues;
  readonly diagnostics: readonly Diagnostic[];
  readonly shown: string;
  readonly text: string;
}

function readSealedFile(path: string, shown: string): SealedFile {
  const text = readFileSync(path, "utf8");
  const document = parseDocument(text, { prettyErrors: false });
  const environment = basename(path, ".yaml");
  const syntax = document.errors.map(({ message, pos: [start, end] }) => ({
    ...syntaxError([], { problem: message }),
    span: { file: shown, start, end },
  }));
  const value: unknown = syntax.length > 0 ? {} : (document.toJS() ?? {});
  const shaped = isSealed(value);
  const wrong = shaped ? [] : [wrongSealed([], { file: shown })];
  return {
    environment,
    values: shaped ? value : {},
    diagnostics: [...syntax, ...wrong],
    shown,
    text,
  };
}

/** Secret id → namespace → key → blob. */
function isSealed(value: unknown): value is SealedValues {
  const all = (record: unknown, test: (member: unknown) => boolean): boolean =>
    isRecord(record) && Object.values(record).every(test);
  return all(value, (copies) =>
    all(copies, (blobs) => all(blobs, (blob) => typeof blob === "string")),
  );
}
