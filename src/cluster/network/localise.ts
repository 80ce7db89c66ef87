// Rewrites names and ClusterIPs inside an injected value to addresses of this machine: whole values, `host:port`, URLs,
// DSNs (`host=orders-rw.data port=5432`) and lists with commas. A word without a dot counts only where a host is meant.

import { isIpv4 } from "./loopback-addresses.ts";
import type { HostPort } from "./service-proxy.ts";

export interface NameKnowledge {
  /** The address behind a name or ClusterIP; undefined: not one of the cluster's. */
  find(host: string): string | undefined;
  /** Where a connection to that address and port really goes. */
  reach(address: string, port: number): HostPort;
}

/** A host with an optional port, and what stands before it and tells whether it is one. */
const HOST =
  /(?<before>^|[\s,;=@([{"']|:\/\/)(?<host>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)\.?(?::(?<port>\d{1,5}))?(?=$|[\s,;/?#)\]}"'])/gi;

const HOST_KEYS = /(?:^|[\s;])(?:host|hostaddr|server|hostname)=$/i;

export function localiseValue(value: string, known: NameKnowledge): string {
  return value.replace(HOST, (all: string, ...rest: unknown[]) => {
    const { before = "", host = "", port } = rest.at(-1) as Record<string, string | undefined>;
    const offset = rest.at(-3) as number;
    if (!meansHost({ value, before, host, port, offset })) return all;
    const address = known.find(host);
    if (address === undefined) return all;
    const meant = port === undefined ? schemePort(value, offset, before) : Number(port);
    if (meant === undefined) return before + address;
    const at = known.reach(address, meant);
    return before + at.host + (port === undefined && at.port === meant ? "" : `:${at.port}`);
  });
}

function meansHost(found: {
  readonly value: string;
  readonly before: string;
  readonly host: string;
  readonly port: string | undefined;
  readonly offset: number;
}): boolean {
  const { value, before, host, port, offset } = found;
  if (isIpv4(host) || host.includes(".")) return true;
  if (port !== undefined || before === "://") return true;
  if (before === "@") return value.slice(0, offset).includes("://");
  return before === "=" && HOST_KEYS.test(value.slice(0, offset + 1));
}

const SCHEME_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ws: 80, wss: 443 };

/** `http://web.shop` means port 80: it has to be written where that port is another one here. */
function schemePort(value: string, offset: number, before: string): number | undefined {
  if (before !== "://") return undefined;
  const scheme = /([a-z]+)$/i.exec(value.slice(0, offset))?.[1]?.toLowerCase() ?? "";
  return SCHEME_PORTS[scheme];
}
