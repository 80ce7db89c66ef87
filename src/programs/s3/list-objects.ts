// ListObjects and ListObjectsV2: prefix, delimiter, pages. Source: Amazon S3 API reference, "ListObjectsV2".

import type { StoredObject } from "./object-files.ts";
import { compareKeys } from "./object-files.ts";
import { xmlDocument, type XmlElement } from "./xml.ts";

const KEYS_MAX = 1000;

export function listObjects(
  bucket: string,
  objects: readonly StoredObject[],
  query: URLSearchParams,
): string {
  const isSecond = query.get("list-type") === "2";
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const limit = Math.min(KEYS_MAX, Number(query.get("max-keys") ?? KEYS_MAX));
  const after = afterOf(query, isSecond);
  const entries = collapse(
    objects.filter(({ key }) => key.startsWith(prefix)),
    { prefix, delimiter },
  ).filter(({ name }) => compareKeys(name, after) > 0);
  const page = entries.slice(0, limit);
  const last = page.at(-1)?.name ?? "";
  const more = entries.length > page.length;
  const encode = encoderOf(query);
  return xmlDocument("ListBucketResult", [
    ["Name", bucket],
    ["Prefix", encode(prefix)],
    ...(delimiter === "" ? [] : [["Delimiter", encode(delimiter)] satisfies XmlElement]),
    ["MaxKeys", limit],
    ["IsTruncated", more],
    ...(query.get("encoding-type") === "url" ? [["EncodingType", "url"] satisfies XmlElement] : []),
    ...pageElements(isSecond, more, last, page.length, query),
    ...page.map((entry) => entryElement(entry, encode)),
  ]);
}

interface Entry {
  /** A key, or a common prefix. */
  readonly name: string;
  readonly object?: StoredObject;
}

function collapse(
  objects: readonly StoredObject[],
  { prefix, delimiter }: { readonly prefix: string; readonly delimiter: string },
): Entry[] {
  const entries = new Map<string, Entry>();
  for (const object of objects) {
    const at = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = at < 0 ? object.key : object.key.slice(0, at + delimiter.length);
    if (at < 0) entries.set(name, { name, object });
    else if (!entries.has(name)) entries.set(name, { name });
  }
  return [...entries.values()];
}

/** Tokens are the last name of the page before, in base64. */
function afterOf(query: URLSearchParams, isSecond: boolean): string {
  if (!isSecond) return query.get("marker") ?? "";
  const token = query.get("continuation-token");
  return token === null
    ? (query.get("start-after") ?? "")
    : Buffer.from(token, "base64url").toString();
}

function pageElements(
  isSecond: boolean,
  more: boolean,
  last: string,
  count: number,
  query: URLSearchParams,
): XmlElement[] {
  if (!isSecond) return more ? [["NextMarker", encoderOf(query)(last)]] : [];
  const next = Buffer.from(last).toString("base64url");
  return [
    ["KeyCount", count],
    ...(more ? [["NextContinuationToken", next] satisfies XmlElement] : []),
  ];
}

function entryElement({ name, object }: Entry, encode: (text: string) => string): XmlElement {
  if (object === undefined) return ["CommonPrefixes", [["Prefix", encode(name)]]];
  return [
    "Contents",
    [
      ["Key", encode(name)],
      ["LastModified", object.modified],
      ["ETag", `"${object.etag}"`],
      ["Size", object.size],
      ["StorageClass", "STANDARD"],
    ],
  ];
}

const encoderOf = (query: URLSearchParams): ((text: string) => string) =>
  query.get("encoding-type") === "url"
    ? (text) => encodeURIComponent(text).replaceAll("%2F", "/")
    : (text) => text;
