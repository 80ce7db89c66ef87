// Findings and proofs as JUnit XML, the one report every CI system reads: a promise kept is a test passed, an error or
// warning is a test failed or noted.

import type { Diagnostic } from "../../core/index.ts";
import { formatPath } from "../../core/index.ts";
import type { Proof } from "../../verifier/index.ts";
import type { Sources } from "./position.ts";
import { placeOf } from "./position.ts";

export function junit(
  diagnostics: readonly Diagnostic[],
  proofs: readonly Proof[],
  sources: Sources,
): string {
  const failures = diagnostics.filter(({ severity }) => severity === "error");
  const cases = [
    ...proofs.map(({ promise, evidence, targets }) =>
      testCase(promise, targets.join(", "), element("system-out", {}, evidence)),
    ),
    ...diagnostics.map((found) => findingCase(found, sources)),
  ];
  const counts = {
    name: "keelson",
    tests: String(cases.length),
    failures: String(failures.length),
  };
  const suite = element("testsuite", counts, "", `\n${cases.join("")}`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suite}\n`;
}

function findingCase(found: Diagnostic, sources: Sources): string {
  const { code, severity, message, hint } = found;
  const place = placeOf(found, sources);
  const where = place === undefined ? "" : `${place.file}:${place.line}:${place.column} `;
  const detail = `${where}${formatPath(found.path)}${hint === undefined ? "" : `\nhint: ${hint}`}`;
  const kind = severity === "error" ? "failure" : "system-out";
  const attributes = severity === "error" ? { type: code, message } : {};
  return testCase(`${code}: ${message}`, severity, element(kind, attributes, detail));
}

function testCase(name: string, group: string, body: string): string {
  return `  ${element("testcase", { name, classname: group }, "", body)}\n`;
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  text: string,
  body = "",
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${written.join("")}>${escapeXml(text)}${body}</${name}>`;
}

/** Characters XML 1.0 cannot hold are dropped. */
function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "");
}
