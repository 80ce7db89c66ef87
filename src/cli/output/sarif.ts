// Findings as SARIF 2.1.0, which code hosts show beside the lines they are about.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

import type { Diagnostic } from "../../core/index.ts";
import { formatPath } from "../../core/index.ts";
import { VERSION } from "../version.ts";
import type { Place, Sources } from "./position.ts";
import { placeOf } from "./position.ts";

const LEVEL = { error: "error", warning: "warning", info: "note" } as const;

/** `file` stands in for findings about nothing in particular. */
export function sarif(diagnostics: readonly Diagnostic[], sources: Sources, file: string): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].toSorted();
  const run = {
    tool: { driver: { name: "keelson", version: VERSION, rules: codes.map((id) => ({ id })) } },
    results: diagnostics.map((found) => resultOf(found, codes.indexOf(found.code), sources, file)),
  };
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function resultOf(
  found: Diagnostic,
  ruleIndex: number,
  sources: Sources,
  file: string,
): Record<string, unknown> {
  const { code, severity, message, hint, path, related = [] } = found;
  const text = hint === undefined ? message : `${message}. ${hint}`;
  return {
    ruleId: code,
    ruleIndex,
    level: LEVEL[severity],
    message: { text },
    locations: [location(placeOf(found, sources), file, formatPath(path))],
    relatedLocations: related.map((other) => ({
      ...location(placeOf(other, sources), file, formatPath(other.path)),
      message: { text: other.message },
    })),
  };
}

function location(place: Place | undefined, file: string, path: string): Record<string, unknown> {
  const uri = (place?.file ?? file).replaceAll("\\", "/");
  const region = place && {
    startLine: place.line,
    startColumn: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
  };
  const logical = path === "" ? undefined : [{ fullyQualifiedName: path }];
  return {
    physicalLocation: { artifactLocation: { uri }, region },
    logicalLocations: logical,
  };
}
