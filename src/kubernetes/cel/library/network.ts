// IP addresses and ranges (apiserver pkg/cel/library/{ip,cidr}.go).

import { CelError, CelOpaque } from "../values/value.ts";
import {
  type Address,
  bitsOf,
  formatAddress,
  isMappedFour,
  maskAddress,
  readAddress,
} from "./address.ts";
import type { Library } from "./overload.ts";

class CelIp extends CelOpaque {
  override readonly typeName = "net.IP";
  readonly address: Address;

  constructor(address: Address) {
    super();
    this.address = address;
  }

  override equals(other: CelOpaque): boolean {
    return other instanceof CelIp && sameAddress(this.address, other.address);
  }
}

class CelCidr extends CelOpaque {
  override readonly typeName = "net.CIDR";
  readonly address: Address;
  readonly prefix: number;

  constructor(address: Address, prefix: number) {
    super();
    this.address = address;
    this.prefix = prefix;
  }

  override equals(other: CelOpaque): boolean {
    if (!(other instanceof CelCidr)) return false;
    return sameAddress(this.address, other.address) && this.prefix === other.prefix;
  }
}

function sameAddress(a: Address, b: Address): boolean {
  return a.family === b.family && a.value === b.value;
}

function ipFault(text: string): string | undefined {
  const address = readAddress(text);
  const quoted = JSON.stringify(text);
  if (typeof address === "string") {
    return `IP Address ${quoted} parse error during conversion from string: ${address}`;
  }
  if (address.zone !== "") return `IP address ${quoted} with zone value is not allowed`;
  return isMappedFour(address) ? `IPv4-mapped IPv6 address ${quoted} is not allowed` : undefined;
}

function ipOf(text: string): CelIp {
  const fault = ipFault(text);
  const address = readAddress(text);
  if (fault !== undefined || typeof address === "string") throw new CelError(fault ?? "");
  return new CelIp(address);
}

function readCidr(text: string): CelCidr | string {
  const where = `netip.ParsePrefix(${JSON.stringify(text)}):`;
  const failed = "network address parse error during conversion from string:";
  const slash = text.lastIndexOf("/");
  if (slash < 0) return `${failed} ${where} no '/'`;
  const address = readAddress(text.slice(0, slash));
  if (typeof address === "string") return `${failed} ${where} ${address}`;
  if (address.zone !== "") return `${failed} ${where} IPv6 zones cannot be present in a prefix`;
  const bits = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(bits)) {
    return `${failed} ${where} bad bits after slash: ${JSON.stringify(bits)}`;
  }
  if (Number(bits) > bitsOf(address)) return `${failed} ${where} prefix length out of range`;
  if (isMappedFour(address)) {
    return `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`;
  }
  return new CelCidr(address, Number(bits));
}

function cidrOf(text: string): CelCidr {
  const cidr = readCidr(text);
  if (typeof cidr !== "string") return cidr;
  throw new CelError(`network address parse error during conversion from string: ${cidr}`);
}

function contains({ address, prefix }: CelCidr, other: Address): boolean {
  if (address.family !== other.family) return false;
  return sameAddress(maskAddress(address, prefix), maskAddress(other, prefix));
}

function containsRange(outer: CelCidr, inner: CelCidr): boolean {
  return outer.prefix <= inner.prefix && contains(outer, inner.address);
}

/** Whether the first `bits` bits are those of `start`. */
function startsWith({ address }: CelIp, family: 4 | 6, start: bigint, bits: number): boolean {
  return address.family === family && address.value >> BigInt(bitsOf(address) - bits) === start;
}

const isUnspecified = ({ address }: CelIp): boolean => address.value === 0n;
const isLoopback = (ip: CelIp): boolean => startsWith(ip, 4, 127n, 8) || startsWith(ip, 6, 1n, 128);
const isLinkLocalUnicast = (ip: CelIp): boolean =>
  startsWith(ip, 4, 0xa9fen, 16) || startsWith(ip, 6, 0x3fan, 10);
const isLinkLocalMulticast = (ip: CelIp): boolean =>
  startsWith(ip, 4, 0xe00000n, 24) || (startsWith(ip, 6, 0xffn, 8) && isScope(ip, 2n));
const isMulticast = (ip: CelIp): boolean =>
  startsWith(ip, 4, 0xen, 4) || startsWith(ip, 6, 0xffn, 8);
const isBroadcast = (ip: CelIp): boolean => startsWith(ip, 4, 0xffffffffn, 32);

function isScope({ address }: CelIp, scope: bigint): boolean {
  return ((address.value >> 112n) & 0xfn) === scope;
}

export const NETWORK: Library = {
  "ip(string): net.IP": (text: string) => ipOf(text),
  "isIP(string): bool": (text: string) => ipFault(text) === undefined,
  "ip.isCanonical(string): bool": (text: string) => formatAddress(ipOf(text).address) === text,
  "string(net.IP): string": ({ address }: CelIp) => formatAddress(address),
  "net.IP->family(): int": ({ address }: CelIp) => BigInt(address.family),
  "net.IP->isUnspecified(): bool": isUnspecified,
  "net.IP->isLoopback(): bool": isLoopback,
  "net.IP->isLinkLocalMulticast(): bool": isLinkLocalMulticast,
  "net.IP->isLinkLocalUnicast(): bool": isLinkLocalUnicast,
  "net.IP->isGlobalUnicast(): bool": (ip: CelIp) =>
    ![isUnspecified, isLoopback, isMulticast, isLinkLocalUnicast, isBroadcast].some((is) => is(ip)),
  "cidr(string): net.CIDR": (text: string) => cidrOf(text),
  "isCIDR(string): bool": (text: string) => typeof readCidr(text) !== "string",
  "string(net.CIDR): string": ({ address, prefix }: CelCidr) =>
    `${formatAddress(address)}/${prefix}`,
  "net.CIDR->containsIP(string): bool": (cidr: CelCidr, ip: string) =>
    contains(cidr, ipOf(ip).address),
  "net.CIDR->containsIP(net.IP): bool": (cidr: CelCidr, { address }: CelIp) =>
    contains(cidr, address),
  "net.CIDR->containsCIDR(string): bool": (cidr: CelCidr, inner: string) =>
    containsRange(cidr, cidrOf(inner)),
  "net.CIDR->containsCIDR(net.CIDR): bool": containsRange,
  "net.CIDR->ip(): net.IP": ({ address }: CelCidr) => new CelIp(address),
  "net.CIDR->prefixLength(): int": ({ prefix }: CelCidr) => BigInt(prefix),
  "net.CIDR->masked(): net.CIDR": ({ address, prefix }: CelCidr) =>
    new CelCidr(maskAddress(address, prefix), prefix),
};
