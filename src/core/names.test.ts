import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isDns1035Label,
  isDnsLabel,
  isDnsSubdomain,
  isLabelValue,
  isQualifiedName,
  shortenName,
  toDnsLabel,
} from "./names.ts";

const long = (length: number): string => "a".repeat(length);

describe("name rules", () => {
  it.each([
    // text, label, subdomain, 1035 label
    ["web", true, true, true],
    ["123-abc", true, true, false],
    ["a.b.c", false, true, false],
    ["Web", false, false, false],
    ["-web", false, false, false],
    ["web-", false, false, false],
    ["a..b", false, false, false],
    ["", false, false, false],
    ["web\n", false, false, false],
    [long(63), true, true, true],
    [long(64), false, true, false],
    [long(254), false, false, false],
  ])("%s", (text, label, subdomain, label1035) => {
    expect([isDnsLabel(text), isDnsSubdomain(text), isDns1035Label(text)]).toEqual([
      label,
      subdomain,
      label1035,
    ]);
  });

  it.each([
    ["app.kubernetes.io/name", true],
    ["name", true],
    ["A_b.c-d", true],
    ["/name", false],
    ["a/b/c", false],
    ["Upper.example/name", false],
    ["example.com/", false],
    [`example.com/${long(64)}`, false],
  ])("key %s: %s", (key, valid) => expect(isQualifiedName(key)).toBe(valid));

  it.each([
    ["", true],
    ["v1.2.3", true],
    ["a b", false],
    ["-x", false],
    [long(64), false],
  ])("value %j: %s", (value, valid) => expect(isLabelValue(value)).toBe(valid));
});

describe("shortenName", () => {
  it("leaves what fits", () => expect(shortenName(long(63))).toBe(long(63)));

  it("drops a separator before the hash", () => {
    const name = `${long(53)}-${long(20)}`;
    expect(shortenName(name)).toMatch(new RegExp(`^${long(53)}-[0-9a-f]{8}$`));
  });

  it("fits, stays a label, and tells different tails apart", () => {
    const label = fc.stringMatching(/^[a-z]([-a-z0-9]{0,90}[a-z0-9])?$/);
    fc.assert(
      fc.property(label, fc.integer({ min: 12, max: 63 }), (name, max) => {
        const short = shortenName(name, max);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(short.length > 63 || isDnsLabel(short)).toBe(true);
        expect(shortenName(name, max)).toBe(short);
      }),
    );
    expect(shortenName(`${long(80)}1`)).not.toBe(shortenName(`${long(80)}2`));
  });
});

it.each([
  ["Order Service!", "order-service"],
  ["--a__b--", "a-b"],
  ["?", ""],
  ["shop.example.com", "shop-example-com"],
])("%j becomes %j", (text, label) => expect(toDnsLabel(text)).toBe(label));
