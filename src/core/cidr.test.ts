import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressVersion,
  firstFreeSubnet,
  formatCidr,
  formatRange,
  nthAddress,
  nthSubnet,
  parseCidr,
  parseRange,
  rangeContains,
  rangeSize,
  rangesOverlap,
  type AddressRange,
  type Cidr,
} from "./cidr.ts";

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`no CIDR: ${text}`);
  return parsed;
};
const range = (text: string): AddressRange => {
  const parsed = parseRange(text);
  if (parsed === undefined) throw new Error(`no range: ${text}`);
  return parsed;
};

describe("parseCidr", () => {
  it.each(["0.0.0.0/0", "10.0.0.0/8", "192.168.40.0/22", "172.18.0.1/32", "::/0", "fd00::/8"])(
    "prints %s back",
    (text) => expect(formatCidr(cidr(text))).toBe(text),
  );

  it.each([
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0/8",
    "256.0.0.0/8",
    "01.0.0.0/8",
    "10.0.0.0/08",
    "10.0.0.0/",
    "/8",
    "fd00::/129",
    "zz::/8",
    "1::2::3/64",
    "1:2:3:4:5:6:7/64",
    "10.0.0.0/8/8",
  ])("refuses %j", (text) => expect(parseCidr(text)).toBeUndefined());

  it("marks address bits below the prefix", () => {
    expect([cidr("10.0.0.5/8").hostBits, cidr("10.0.0.0/8").hostBits]).toEqual([true, false]);
    expect(formatCidr(cidr("10.0.0.5/8"))).toBe("10.0.0.0/8");
  });
});

it.each([
  ["10.0.0.1", 4],
  ["::", 6],
  ["::1", 6],
  ["::ffff:1.2.3.4", 6],
  ["1:2:3:4:5:6:7:8", 6],
  ["1:2:3:4:5:6:1.2.3.4", 6],
  ["1:2:3:4:5:6:7:8:9", undefined],
  ["1::2:3:4:5:6:7:8", undefined],
  ["1.2.3", undefined],
  ["fe80::1%eth0", undefined],
  [":1", undefined],
])("%s is version %s", (text, version) => expect(addressVersion(text)).toBe(version));

it.each([
  ["172.18.255.200-250", "172.18.255.200-172.18.255.250", 51n],
  ["172.18.255.200-172.18.255.250", "172.18.255.200-172.18.255.250", 51n],
  ["10.0.0.1", "10.0.0.1", 1n],
  ["10.0.0.0-10.0.0.255", "10.0.0.0/24", 256n],
  ["10.0.0.0/30", "10.0.0.0/30", 4n],
  ["fd00::1-fd00::ffff", "fd00::1-fd00::ffff", 65_535n],
])("range %s is %s with %d addresses", (text, printed, size) => {
  expect([formatRange(range(text)), rangeSize(range(text))]).toEqual([printed, size]);
});

it.each([
  "10.0.0.9-10.0.0.1",
  "10.0.0.9-1",
  "10.0.0.1-300",
  "10.0.0.1-fd00::1",
  "a-b",
  "1.1.1.1-2-3",
])("refuses range %j", (text) => expect(parseRange(text)).toBeUndefined());

it.each([
  ["10.96.0.0/12", "10.100.0.0/16", true, true],
  ["10.100.0.0/16", "10.96.0.0/12", false, true],
  ["172.18.0.0/16", "172.18.255.200-250", true, true],
  ["10.42.0.0/16", "10.43.0.0/16", false, false],
  ["0.0.0.0/0", "::/0", false, false],
])("%s against %s: contains %s, overlaps %s", (a, b, contains, overlaps) => {
  expect([rangeContains(range(a), range(b)), rangesOverlap(range(a), range(b))]).toEqual([
    contains,
    overlaps,
  ]);
});

describe("allocation", () => {
  it("counts addresses from either end", () => {
    const pool = range("10.0.0.0/24");
    expect([0, 1, 255, 256, -1, -256, -257].map((index) => nthAddress(pool, index))).toEqual([
      "10.0.0.0",
      "10.0.0.1",
      "10.0.0.255",
      undefined,
      "10.0.0.255",
      "10.0.0.0",
      undefined,
    ]);
  });

  it("cuts subnets", () => {
    const subnet = (prefix: number, index: number): string | undefined => {
      const found = nthSubnet(cidr("10.100.0.0/16"), prefix, index);
      return found && formatCidr(found);
    };
    expect([subnet(20, 0), subnet(20, 3), subnet(20, 16), subnet(15, 0), subnet(16, 0)]).toEqual([
      "10.100.0.0/20",
      "10.100.48.0/20",
      undefined,
      undefined,
      "10.100.0.0/16",
    ]);
  });

  it("skips what is taken", () => {
    const free = (taken: readonly string[]): string | undefined => {
      const found = firstFreeSubnet(cidr("10.0.0.0/8"), 16, taken.map(range));
      return found && formatCidr(found);
    };
    expect(free([])).toBe("10.0.0.0/16");
    expect(free(["10.0.0.0/12"])).toBe("10.16.0.0/16");
    expect(free(["10.1.0.0/16", "10.0.3.4"])).toBe("10.2.0.0/16");
    expect(free(["10.0.0.0/8"])).toBeUndefined();
  });
});

it("allocates what lies in the pool and overlaps nothing taken", () => {
  const pool = cidr("10.0.0.0/20");
  const taken = fc.array(fc.tuple(fc.nat(255), fc.integer({ min: 20, max: 30 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(taken, fc.integer({ min: 20, max: 28 }), (blocks, prefix) => {
      const ranges = blocks.map(([octet, bits]) => range(`10.0.${octet % 16}.${octet}/${bits}`));
      const found = firstFreeSubnet(pool, prefix, ranges);
      if (found === undefined) return;
      expect(rangeContains(pool, found)).toBe(true);
      expect(ranges.some((other) => rangesOverlap(other, found))).toBe(false);
      expect(parseCidr(formatCidr(found))).toEqual(found);
    }),
  );
});
