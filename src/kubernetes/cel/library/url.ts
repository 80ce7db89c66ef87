// URLs as Go reads them (net/url; apiserver pkg/cel/library/urls.go): absolute, or a path from the root.

import { CelEntries, CelError, CelOpaque, type CelValue } from "../values/value.ts";
import type { Library } from "./overload.ts";

class CelUrl extends CelOpaque {
  override readonly typeName = "kubernetes.URL";
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(text: string, [scheme, host, path, query]: readonly string[]) {
    super();
    this.text = text;
    this.scheme = scheme ?? "";
    this.host = host ?? "";
    this.path = path ?? "";
    this.query = query ?? "";
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelUrl && other.text === this.text;
  }
}

const PARTS = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/s;

function parse(text: string): CelUrl | string {
  const quoted = `parse ${JSON.stringify(text)}:`;
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(text)) return `${quoted} net/url: invalid control character in URL`;
  if (text === "") return `${quoted} empty url`;
  const [, scheme, authority, path = "", query] = PARTS.exec(text) ?? [];
  if (scheme === undefined) {
    if (text.startsWith(":")) return `${quoted} missing protocol scheme`;
    if (!text.startsWith("/")) return `${quoted} invalid URI for request`;
  } else if (authority === undefined && !path.startsWith("/") && path === "") {
    return `${quoted} invalid URI for request`;
  }
  const host = (authority ?? "").replace(/^.*@/, "");
  const fault = hostFault(host) ?? escapeFault(path);
  if (fault !== undefined) return `${quoted} ${fault}`;
  return new CelUrl(text, [(scheme ?? "").toLowerCase(), host, escapedPath(path), query ?? ""]);
}

function hostFault(host: string): string | undefined {
  if (host.startsWith("[")) {
    const end = host.indexOf("]");
    if (end < 0) return "missing ']' in host";
    return portFault(host.slice(end + 1));
  }
  if (/[ "<>\\^`{|}]/.test(host)) {
    return `invalid character ${JSON.stringify(/[ "<>\\^`{|}]/.exec(host)?.[0])} in host name`;
  }
  const colon = host.lastIndexOf(":");
  return colon < 0 ? undefined : portFault(host.slice(colon));
}

function portFault(port: string): string | undefined {
  if (port === "" || /^:\d*$/.test(port)) return undefined;
  return `invalid port ${JSON.stringify(port)} after host`;
}

function escapeFault(path: string): string | undefined {
  const wrong = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(path);
  return wrong === null ? undefined : `invalid URL escape ${JSON.stringify(wrong[0])}`;
}

function escapedPath(path: string): string {
  return path.replaceAll(/[^A-Za-z0-9\-_.~$&+,/:;=@%!'()*[\]]+/g, (text) =>
    encodeURIComponent(text),
  );
}

function hostname({ host }: CelUrl): string {
  if (host.startsWith("[")) return host.slice(1, host.indexOf("]"));
  return host.replace(/:\d*$/, "");
}

function queryOf({ query }: CelUrl): CelValue {
  const values = new Map<string, string[]>();
  for (const part of query.split("&")) {
    if (part === "" || part.includes(";")) continue;
    const [key = "", ...rest] = part.split("=");
    const name = decoded(key);
    values.set(name, [...(values.get(name) ?? []), decoded(rest.join("="))]);
  }
  return new CelEntries(values);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

const U = "kubernetes.URL";

export const URLS: Library = {
  [`url(string): ${U}`]: (text: string) => {
    const url = parse(text);
    if (typeof url !== "string") return url;
    throw new CelError(`URL parse error during conversion from string: ${url}`);
  },
  "isURL(string): bool": (text: string) => typeof parse(text) !== "string",
  [`${U}->getScheme(): string`]: ({ scheme }: CelUrl) => scheme,
  [`${U}->getHost(): string`]: ({ host }: CelUrl) => host,
  [`${U}->getHostname(): string`]: hostname,
  [`${U}->getPort(): string`]: ({ host }: CelUrl) => /:(\d+)$/.exec(host)?.[1] ?? "",
  [`${U}->getEscapedPath(): string`]: ({ path }: CelUrl) => path,
  [`${U}->getQuery(): map<string, list<string>>`]: queryOf,
};
