// Request bodies: JSON, YAML and Kubernetes' protobuf envelope, with duplicate keys reported as the server does.

import { statusError } from "../../kubernetes/index.ts";
import { badRequest } from "../api/refusals.ts";
import { duplicateKeys } from "./duplicate-keys.ts";
import { jsonSyntaxError } from "./json-syntax.ts";

export interface ParsedBody {
  readonly value: unknown;
  /** In the server's words: `duplicate field "data.a"`. */
  readonly duplicates: readonly string[];
}

/** How much of a body that cannot be read is shown. */
const SUMMARY_BYTES = 30;
const JSON_TYPES: ReadonlySet<string> = new Set(["application/json", ""]);
const YAML_TYPES: ReadonlySet<string> = new Set(["application/yaml", "application/x-yaml"]);
export const PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf";

export function mediaType(header: string | undefined): string {
  return (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** `kind` is what a body has to be that cannot be read. */
export async function parseBody(
  bytes: Buffer,
  contentType: string | undefined,
  kind: string,
): Promise<ParsedBody> {
  const type = mediaType(contentType);
  if (JSON_TYPES.has(type)) return parseJson(bytes.toString("utf8"), kind);
  if (YAML_TYPES.has(type)) return parseYaml(bytes.toString("utf8"));
  if (type === PROTOBUF_TYPE) {
    const { decodeProtobuf } = await import("./protobuf/decode-envelope.ts");
    return { value: decodeProtobuf(bytes), duplicates: [] };
  }
  throw unsupported(type);
}

export function unsupported(_type: string): Error {
  return statusError(
    "UnsupportedMediaType",
    "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
  );
}

function parseJson(text: string, kind: string): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const reason = `couldn't get version/kind; json parse error: ${jsonSyntaxError(text)}`;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${reason} (${summaryOf(text)})`,
    );
  }
  return { value, duplicates: duplicateKeys(text) };
}

/** Mirrors `summarizeData` of k8s.io/apiserver pkg/endpoints/handlers/rest.go. */
function summaryOf(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return "<empty>";
  const encoding = text.startsWith("{") ? "utf8" : "hex";
  const shown = bytes.subarray(0, SUMMARY_BYTES).toString(encoding);
  return bytes.length > SUMMARY_BYTES ? `${shown} ...` : shown;
}

/** YAML 1.1 booleans, as Go's YAML library reads them. */
export async function parseYaml(text: string): Promise<ParsedBody> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { version: "1.1", uniqueKeys: false, logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined)
    throw badRequest(`error converting YAML to JSON: yaml: ${error.message}`);
  const unique = parseDocument(text, { version: "1.1", logLevel: "silent" });
  const repeated = unique.errors.filter(({ code }) => code === "DUPLICATE_KEY");
  return {
    value: document.toJS({ maxAliasCount: 1000 }),
    duplicates: repeated.map(({ pos, linePos }) =>
      duplicateText(text, pos[0], linePos?.[0].line ?? 0),
    ),
  };
}

function duplicateText(text: string, at: number, line: number): string {
  const key = /^["']?([^"':\n]+)/.exec(text.slice(at))?.[1] ?? "";
  return `line ${line}: key ${JSON.stringify(key)} already set in map`;
}
