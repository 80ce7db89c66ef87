// The folder of one area as plain manifests: every cluster has its own files, whole, and needs no tool to be read or applied.

import type { CompiledObject } from "../../model/index.ts";
import type { TreeFile } from "./layout.ts";
import { writeDocuments } from "./write-documents.ts";

export function plainFiles(
  area: string,
  byTarget: ReadonlyMap<string, readonly CompiledObject[]>,
): TreeFile[] {
  return [...byTarget].flatMap(([target, objects]) =>
    [...writeDocuments(objects, area)].map(([name, text]): TreeFile => [
      `${plainFolder(area, target)}/${name}`,
      text,
    ]),
  );
}

export const plainFolder = (area: string, target: string): string => `${area}/${target}`;
