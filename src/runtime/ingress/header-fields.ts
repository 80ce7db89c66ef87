// Header fields on their way through the ingress, kept in order and spelling: what belongs to one connection alone stays
// there, and what the ingress knows about the client is added. RFC 9110 section 7.6, and what nginx' proxies set.

import type { HeaderChanges } from "../../model/index.ts";

/** Name, value, name, value, as Node gives and takes raw headers. */
export type RawHeaders = readonly string[];

/** Concern one connection (RFC 9110 section 7.6.1), or the framing, which every hop makes itself. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "transfer-encoding",
  "upgrade",
]);

export function fieldsOf(raw: RawHeaders): (readonly [name: string, value: string])[] {
  const fields: (readonly [string, string])[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) fields.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return fields;
}

/** Without the fields of one connection, those that `Connection` names, and those in `also` (lower case). */
export function endToEnd(raw: RawHeaders, also: readonly string[] = []): string[] {
  const fields = fieldsOf(raw);
  const named = fields
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.split(",").map((token) => token.trim().toLowerCase()));
  const dropped = new Set([...HOP_BY_HOP, ...named, ...also]);
  return fields.filter(([name]) => !dropped.has(name.toLowerCase())).flat();
}

export function changeHeaders(raw: RawHeaders, changes: HeaderChanges | undefined): string[] {
  if (changes === undefined) return [...raw];
  const { set = {}, add = {}, remove = [] } = changes;
  const gone = new Set([...Object.keys(set), ...remove].map((name) => name.toLowerCase()));
  const kept = fieldsOf(raw).filter(([name]) => !gone.has(name.toLowerCase()));
  return [...kept, ...Object.entries(set), ...Object.entries(add)].flat();
}

export interface ForwardedFacts {
  readonly clientAddress: string;
  /** As the client wrote it, with port. */
  readonly host: string;
  readonly scheme: "http" | "https";
  /** Where the client knocked. */
  readonly port: number;
  readonly forwardedFor: "append" | "replace";
}

const FORWARDED = [
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-real-ip",
];

/** Only the address of the connection can be trusted: the chain before it is kept in front where the proxy keeps it. */
export function withForwarded(raw: RawHeaders, facts: ForwardedFacts): string[] {
  const chain = fieldsOf(raw)
    .filter(([name]) => name.toLowerCase() === "x-forwarded-for")
    .map(([, value]) => value);
  const before = facts.forwardedFor === "append" ? chain : [];
  const gone = new Set(FORWARDED);
  return [
    ...fieldsOf(raw)
      .filter(([name]) => !gone.has(name.toLowerCase()))
      .flat(),
    "X-Forwarded-For",
    [...before, facts.clientAddress].join(", "),
    "X-Forwarded-Host",
    facts.host.replace(/:\d+$/, ""),
    "X-Forwarded-Proto",
    facts.scheme,
    "X-Forwarded-Port",
    String(facts.port),
    "X-Real-IP",
    facts.clientAddress,
  ];
}
