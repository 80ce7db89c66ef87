// Findings and proofs as one JSON document. `version` rises when a field changes its meaning or goes away.

import type { Diagnostic } from "../../core/index.ts";
import { formatPath } from "../../core/index.ts";
import type { Proof } from "../../verifier/index.ts";
import type { Sources } from "./position.ts";
import { placeOf } from "./position.ts";

export function findingsJson(
  diagnostics: readonly Diagnostic[],
  proofs: readonly Proof[],
  sources: Sources,
): string {
  const document = {
    version: 1,
    findings: diagnostics.map((found) => findingJson(found, sources)),
    promises: proofs,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function findingJson(found: Diagnostic, sources: Sources): Record<string, unknown> {
  const { code, severity, path, message, hint, related = [] } = found;
  return {
    code,
    severity,
    path: formatPath(path),
    message,
    hint,
    at: placeOf(found, sources),
    related: related.map((other) => ({
      path: formatPath(other.path),
      message: other.message,
      at: placeOf(other, sources),
    })),
  };
}
