// Turns the documents of one folder into files: grouped by file name, each with the definition paths it comes from.

import { deepEqual, formatPath, groupBy } from "../../core/index.ts";
import { formatManifest } from "../writers/yaml.ts";
import { fileNameOf } from "./file-names.ts";
import type { Document } from "./split-area.ts";

/** File name → text, sorted by name. */
export type Files = ReadonlyMap<string, string>;

export function writeDocuments(documents: readonly Document[], area: string, prefix = ""): Files {
  const groups = groupBy(
    documents,
    ({ object, file }) =>
      prefix + (file?.slice(file.lastIndexOf("/") + 1) ?? fileNameOf(object, area)),
  );
  const names = [...groups.keys()].toSorted();
  return new Map(names.map((name) => [name, writeFile(groups.get(name) ?? [])]));
}

/** A comment above every document, unless the one before says the same. */
function writeFile(documents: readonly Document[]): string {
  const headers = documents.map(headerOf);
  return documents
    .map(({ object }, index) => {
      const header = headers[index] ?? [];
      const repeats = index > 0 && deepEqual(header, headers[index - 1]);
      return formatManifest(object, repeats ? {} : { header });
    })
    .join("---\n");
}

function headerOf({ origin, comment }: Document): readonly string[] {
  return [formatPath(origin.path), ...(comment === undefined ? [] : [comment])];
}
