// Address ranges: CIDR blocks, single addresses and first–last ranges, for IPv4 and IPv6.
// Arithmetic comes from cidr-tools, which accepts almost any text; the syntax is therefore checked here first.

import { normalizeCidr, parseCidr as parseWithTools } from "cidr-tools";

/** Both ends included. */
export interface AddressRange {
  readonly version: 4 | 6;
  readonly start: bigint;
  readonly end: bigint;
}

/** A range that is a block; `start` is its network address. */
export interface Cidr extends AddressRange {
  readonly prefix: number;
  /** The text as written had address bits set below the prefix: `10.0.0.5/8`. */
  readonly hostBits: boolean;
}

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const IPV6_GROUPS = /^(?:[0-9a-f]{1,4})(?::[0-9a-f]{1,4})*$/i;

/** 4 or 6, or `undefined` when the text is no address. No leading zeros, no zone index. */
export function addressVersion(text: string): 4 | 6 | undefined {
  if (IPV4.test(text)) return 4;
  return isIpv6(text) ? 6 : undefined;
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const counts = halves.map(countGroups);
  if (counts.some((count) => count === undefined)) return false;
  const total = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return halves.length === 2 ? total < 8 : total === 8;
}

/** How many 16-bit groups a colon-separated half holds; a dotted tail counts for two. */
function countGroups(half: string): number | undefined {
  if (half === "") return 0;
  const tail = half.slice(half.lastIndexOf(":") + 1);
  const dotted = IPV4.test(tail);
  const groups = dotted ? `${half.slice(0, half.length - tail.length)}0:0` : half;
  return IPV6_GROUPS.test(groups) ? groups.split(":").length : undefined;
}

/** `"10.0.0.0/8"`; a prefix is required. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const version = addressVersion(match?.[1] ?? "");
  if (!match || version === undefined) return undefined;
  const prefix = Number(match[2]);
  if (prefix > widthOf(version)) return undefined;
  const { start, end } = parseWithTools(text);
  return { version, start, end, prefix, hostBits: addressValue(match[1] ?? "") !== start };
}

function widthOf(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

function addressValue(address: string): bigint {
  return parseWithTools(address).start;
}

/** A block, one address, `172.18.255.200-172.18.255.250`, or the same short: `172.18.255.200-250`. */
export function parseRange(text: string): AddressRange | undefined {
  if (text.includes("/")) return parseCidr(text);
  const [first = "", last = first] = text.split("-");
  if (text.split("-").length > 2) return undefined;
  const full = /^\d{1,3}$/.test(last) ? first.replace(/\d+$/, last) : last;
  const version = addressVersion(first);
  if (version === undefined || addressVersion(full) !== version) return undefined;
  const range = { version, start: addressValue(first), end: addressValue(full) };
  return range.start <= range.end ? range : undefined;
}

export function formatCidr({ version, start, prefix }: Cidr): string {
  return `${formatAddress(start, version)}/${prefix}`;
}

/** A block prints as CIDR, one address alone, anything else as `first-last`. */
export function formatRange({ version, start, end }: AddressRange): string {
  const first = formatAddress(start, version);
  if (start === end) return first;
  const size = end - start + 1n;
  const aligned = (size & (size - 1n)) === 0n && start % size === 0n;
  if (aligned) return `${first}/${widthOf(version) - (size.toString(2).length - 1)}`;
  return `${first}-${formatAddress(end, version)}`;
}

/** Dotted, from an unsigned 32-bit number. */
export function formatIpv4(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

/** Dotted for IPv4; lower-case and compressed (RFC 5952) for IPv6. */
export function formatAddress(value: bigint, version: 4 | 6): string {
  if (version === 4) {
    return formatIpv4(Number(value & 0xffffffffn));
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  );
  return normalizeCidr(groups.join(":"));
}

export function rangeContains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.version === inner.version && outer.start <= inner.start && inner.end <= outer.end;
}

export function rangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return a.version === b.version && a.start <= b.end && b.start <= a.end;
}

/** How many addresses; network and broadcast addresses count. */
export function rangeSize({ start, end }: AddressRange): bigint {
  return end - start + 1n;
}

/** The address `index` steps from the start, or from the end (−1 is the last); `undefined` outside. */
export function nthAddress(range: AddressRange, index: number): string | undefined {
  const value = index < 0 ? range.end + 1n + BigInt(index) : range.start + BigInt(index);
  if (value < range.start || value > range.end) return undefined;
  return formatAddress(value, range.version);
}

/** The `index`-th block of the given prefix inside `pool`; `undefined` when the pool is too small. */
export function nthSubnet(pool: Cidr, prefix: number, index: number): Cidr | undefined {
  if (prefix < pool.prefix || prefix > widthOf(pool.version) || index < 0) return undefined;
  const size = 1n << BigInt(widthOf(pool.version) - prefix);
  const start = pool.start + BigInt(index) * size;
  const subnet = { version: pool.version, start, end: start + size - 1n, prefix, hostBits: false };
  return rangeContains(pool, subnet) ? subnet : undefined;
}

/** The lowest block of the given prefix inside `pool` that overlaps none of `taken`. */
export function firstFreeSubnet(
  pool: Cidr,
  prefix: number,
  taken: readonly AddressRange[],
): Cidr | undefined {
  let subnet = nthSubnet(pool, prefix, 0);
  while (subnet !== undefined) {
    const current = subnet;
    const blocker = taken.find((range) => rangesOverlap(range, current));
    if (blocker === undefined) return current;
    subnet = nthSubnet(pool, prefix, indexAfter(pool, current, blocker));
  }
  return undefined;
}

function indexAfter(pool: Cidr, subnet: Cidr, blocker: AddressRange): number {
  return Number((blocker.end - pool.start) / rangeSize(subnet)) + 1;
}
