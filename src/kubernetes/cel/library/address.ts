// Addresses as Go's net/netip reads and prints them.

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly zone: string;
}

/** The address, or what is wrong with it, in Go's words. */
export function readAddress(text: string): Address | string {
  if (/^[0-9.]*\.[0-9.]*$/.test(text) || (text.includes(".") && !text.includes(":"))) {
    return readFour(text);
  }
  if (text.includes(":")) return readSix(text);
  return `ParseAddr(${JSON.stringify(text)}): unable to parse IP`;
}

function readFour(text: string): Address | string {
  const where = `ParseAddr(${JSON.stringify(text)}):`;
  const parts = text.split(".");
  if (parts.some((part) => !/^\d*$/.test(part))) return `${where} unexpected character`;
  if (parts.some((part) => part === "")) return `${where} IPv4 field must have at least one digit`;
  if (parts.some((part) => part.length > 1 && part.startsWith("0"))) {
    return `${where} IPv4 field has octet with leading zero`;
  }
  if (parts.some((part) => Number(part) > 255)) return `${where} IPv4 field has value >255`;
  if (parts.length < 4) return `${where} IPv4 address too short`;
  if (parts.length > 4) return `${where} IPv4 address too long`;
  return { family: 4, value: fromGroups(parts.map(Number), 8n), zone: "" };
}

function readSix(text: string): Address | string {
  const wrong = `ParseAddr(${JSON.stringify(text)}): unable to parse IP`;
  const [body = "", zone] = text.split("%", 2);
  if (zone === "") return `ParseAddr(${JSON.stringify(text)}): zone must be a non-empty string`;
  const halves = body.split("::");
  if (halves.length > 2) return wrong;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined || (halves.length === 2 && tail === undefined)) return wrong;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return wrong;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])];
  return { family: 6, value: fromGroups(groups, 16n), zone: zone ?? "" };
}

/** The last group may be an IPv4 address. */
function groupsOf(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const last = parts.at(-1) ?? "";
  const four = last.includes(".") ? readFour(last) : undefined;
  if (typeof four === "string") return undefined;
  const plain = four === undefined ? parts : parts.slice(0, -1);
  if (plain.some((part) => !/^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  const groups = plain.map((part) => Number.parseInt(part, 16));
  if (four === undefined) return groups;
  return [...groups, Number(four.value >> 16n), Number(four.value & 0xffffn)];
}

function fromGroups(groups: readonly number[], bits: bigint): bigint {
  return groups.reduce((value, group) => (value << bits) | BigInt(group), 0n);
}

export function isMappedFour({ family, value }: Address): boolean {
  return family === 6 && value >> 32n === 0xffffn;
}

export function formatAddress({ family, value }: Address): string {
  if (family === 4) return groupsIn(value, 4, 8n).join(".");
  const groups = groupsIn(value, 8, 16n);
  const [start, length] = longestZeros(groups);
  const texts = groups.map((group) => group.toString(16));
  if (length < 2) return texts.join(":");
  return `${texts.slice(0, start).join(":")}::${texts.slice(start + length).join(":")}`;
}

function groupsIn(value: bigint, count: number, bits: bigint): readonly number[] {
  const mask = (1n << bits) - 1n;
  return Array.from({ length: count }, (_, index) =>
    Number((value >> (BigInt(count - 1 - index) * bits)) & mask),
  );
}

function longestZeros(groups: readonly number[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best[1]) best = [start, length];
  }
  return best;
}

export const bitsOf = ({ family }: Address): number => (family === 4 ? 32 : 128);

/** The address with all bits after the prefix cleared. */
export function maskAddress(address: Address, prefix: number): Address {
  const shift = BigInt(bitsOf(address) - prefix);
  return { ...address, value: (address.value >> shift) << shift };
}
