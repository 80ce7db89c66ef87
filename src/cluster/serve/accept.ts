// Which of the representations we have a client wants: JSON, YAML, tables, metadata only, aggregated discovery.
// Mirrors k8s.io/apiserver pkg/endpoints/handlers/negotiation. Protobuf is read, never written: every client that asks
// for it takes JSON as well.

import type { MetaVersion } from "../api/printers/partial-metadata.ts";

export interface MediaRange {
  readonly type: string;
  readonly params: Readonly<Record<string, string>>;
  readonly quality: number;
}

export type Transform = "none" | "table" | "metadata";

export interface Representation {
  readonly encoding: "json" | "yaml";
  readonly transform: Transform;
  /** Of the meta group, for tables and metadata. */
  readonly version: MetaVersion;
}

export const PLAIN_JSON: Representation = { encoding: "json", transform: "none", version: "v1" };

/** Clients send the same few headers for ever; anything else is parsed each time. */
const PARSED_MAX = 64;
const parsed = new Map<string, readonly MediaRange[]>();

export function parseAccept(header: string | undefined): readonly MediaRange[] {
  const known = parsed.get(header ?? "");
  if (known !== undefined) return known;
  const ranges = parseRanges(header);
  if (parsed.size < PARSED_MAX) parsed.set(header ?? "", ranges);
  return ranges;
}

function parseRanges(header: string | undefined): readonly MediaRange[] {
  if (header === undefined || header.trim() === "")
    return [{ type: "*/*", params: {}, quality: 1 }];
  return header
    .split(",")
    .map(parseRange)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
}

function parseRange(text: string): MediaRange {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  const pairs = rest.map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const { q, ...params } = Object.fromEntries(pairs);
  return { type: type.toLowerCase(), params, quality: q === undefined ? 1 : Number(q) };
}

const ENCODINGS: Readonly<Record<string, Representation["encoding"]>> = {
  "application/json": "json",
  "application/*": "json",
  "*/*": "json",
  "application/yaml": "yaml",
};

/** Undefined when nothing the client takes is on offer: 406. */
export function negotiate(ranges: readonly MediaRange[]): Representation | undefined {
  for (const { type, params } of ranges) {
    const encoding = ENCODINGS[type];
    if (encoding === undefined) continue;
    const transform = transformOf(params);
    if (transform !== undefined) {
      return { encoding, transform, version: params["v"] === "v1beta1" ? "v1beta1" : "v1" };
    }
  }
  return undefined;
}

function transformOf(params: Readonly<Record<string, string>>): Transform | undefined {
  const { as, g, v } = params;
  if (as === undefined) return "none";
  if (g !== "meta.k8s.io" || (v !== "v1" && v !== "v1beta1")) return undefined;
  if (as === "Table") return "table";
  return as === "PartialObjectMetadata" || as === "PartialObjectMetadataList"
    ? "metadata"
    : undefined;
}

/** Whether the client prefers aggregated discovery in the version we have. */
export function wantsAggregated(ranges: readonly MediaRange[]): boolean {
  for (const { type, params } of ranges) {
    if (ENCODINGS[type] === undefined) continue;
    const { g, v, as } = params;
    if (g === undefined && as === undefined) return false;
    if (g === "apidiscovery.k8s.io" && v === "v2" && as === "APIGroupDiscoveryList") return true;
  }
  return false;
}
