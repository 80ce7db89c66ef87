// Query parameters of reads and writes, checked as the API server checks its option types.

import type { StatusCause } from "../../kubernetes/index.ts";
import { invalidField, tooLongField, unsupportedField } from "../api/field-error.ts";
import { badRequest, invalid } from "../api/refusals.ts";
import { unsupportedDryRun } from "../api/verbs/delete-settings.ts";
import type { WriteSettings } from "../api/verbs/requests.ts";

type OptionsKind = "CreateOptions" | "UpdateOptions" | "PatchOptions";

const FIELD_VALIDATION: readonly string[] = ["", "Ignore", "Strict", "Warn"];
const MANAGER_BYTES_MAX = 128;

export function readWriteSettings(
  query: URLSearchParams,
  subresource: string,
  kind: OptionsKind,
): WriteSettings {
  const dryRun = query.getAll("dryRun").filter((value) => value !== "");
  const fieldValidation = query.get("fieldValidation") ?? "";
  const manager = query.get("fieldManager") ?? "";
  const causes: StatusCause[] = [];
  if (dryRun.some((value) => value !== "All")) causes.push(unsupportedDryRun(dryRun));
  causes.push(...managerFaults(manager));
  if (!FIELD_VALIDATION.includes(fieldValidation)) {
    causes.push(unsupportedField("fieldValidation", fieldValidation, FIELD_VALIDATION));
  }
  if (causes.length > 0) throw invalid({ group: "meta.k8s.io", kind }, "", causes);
  return {
    dryRun: dryRun.length > 0,
    fieldManager: manager === "" ? undefined : manager,
    // Checked against the list above.
    fieldValidation: (fieldValidation || "Warn") as WriteSettings["fieldValidation"],
    subresource,
  };
}

function managerFaults(manager: string): readonly StatusCause[] {
  if (Buffer.byteLength(manager) > MANAGER_BYTES_MAX) {
    return [tooLongField("fieldManager", MANAGER_BYTES_MAX)];
  }
  const characters = Array.from(manager);
  const at = characters.findIndex((character) => !isPrintable(character));
  if (at < 0) return [];
  const character = characters[at] ?? "";
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const cause = invalidField("fieldManager", "", `invalid character U+${code} (at position ${at})`);
  return [{ ...cause, message: cause.message.replace('""', goQuote(manager)) }];
}

function isPrintable(character: string): boolean {
  return character === " " || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
}

/** As Go's %q: control characters as \xNN. */
function goQuote(text: string): string {
  const body = Array.from(text).map((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === "\\") return `\\${character}`;
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, "0")}` : character;
  });
  return `"${body.join("")}"`;
}

/** Undefined when absent; throws 400 when it is no whole number. */
export function readInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** Anything but `0` and `false` is true, the empty text included. */
export function readFlag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  return text !== "0" && text.toLowerCase() !== "false";
}

/** Absent and empty are the same to the server. */
export function readText(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) || undefined;
}
