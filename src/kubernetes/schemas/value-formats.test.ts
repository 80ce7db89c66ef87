import { describe, expect, it } from "vitest";
import { fitsInteger, isQuantity, matchesFormat } from "./value-formats.ts";

/** Format, texts that have it, texts that do not. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    "quantity",
    ["0", "500m", "1.5Gi", ".5", "1.", "-1", "+2k", "1e3", "1E-3", "12Ei", "5E", "100n", "7u"],
    ["", "1 Gi", "1gi", "1K", "Gi", "1e", "0x1", "1.2.3", "1Mib"],
  ],
  [
    "date-time",
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123+02:00", "2024-02-29T00:00:00Z"],
    [
      "",
      "2026-01-02",
      "2026-01-02 03:04:05Z",
      "2026-02-29T00:00:00Z",
      "2026-01-02T24:00:00Z",
      "2026-01-02T03:04:05",
      "2026-13-01T00:00:00Z",
    ],
  ],
  [
    "micro-time",
    ["2026-01-02T03:04:05.000001Z"],
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.001Z", "noon.000001Z"],
  ],
  ["date", ["2026-12-31"], ["2026-12-32", "26-12-31"]],
  ["duration", ["5s", "1h30m", "1.5h", "-10ms", "0"], ["", "5", "5 s", "1d", "s"]],
  ["byte", ["", "YQ==", "YWI=", "YWJj"], ["YQ", "YQ=", "a b", "YQ==="]],
  ["ipv4", ["10.0.0.1", "255.255.255.255"], ["10.0.0", "10.0.0.256", "010.0.0.1", "::1"]],
  [
    "ipv6",
    ["::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1"],
    ["1:2:3:4:5:6:7", "1::2::3", "12345::", "10.0.0.1", ":1", "1:2:3:4:5:6:7:8::"],
  ],
  [
    "cidr",
    ["10.0.0.0/8", "::/0", "2001:db8::/128"],
    ["10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/08", "/8"],
  ],
  ["uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"]],
  ["hostname", ["example.com", "a", "a.b."], ["-a.example", "a..b", "a_b", ""]],
  ["mac", ["00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E"], ["00:1a:2b:3c:4d", "00:1a-2b:3c:4d:5e"]],
  ["uri", ["https://example.com/a?b=c", "/path"], ["no scheme", "relative/path"]],
  ["email", ["a@example.com"], ["a.example.com"]],
];

describe("matchesFormat", () => {
  it.each(CASES)("%s", (format, good, bad) => {
    for (const text of good) expect(matchesFormat(text, format), text).toBe(true);
    for (const text of bad) expect(matchesFormat(text, format), text).toBe(false);
  });

  it("restricts nothing by formats it does not know", () => {
    expect(matchesFormat("anything", "password")).toBe(true);
    expect(matchesFormat("anything", "constructor")).toBe(true);
  });
});

describe("numbers", () => {
  it("takes numbers as quantities", () => {
    expect([1, 0.5, -3].every(isQuantity)).toBe(true);
    expect([true, null, {}, [], Number.NaN].some(isQuantity)).toBe(false);
  });

  it("knows the bounds of integer formats", () => {
    expect([2 ** 31 - 1, -(2 ** 31)].every((value) => fitsInteger(value, "int32"))).toBe(true);
    expect([2 ** 31, -(2 ** 31) - 1].some((value) => fitsInteger(value, "int32"))).toBe(false);
    expect(fitsInteger(2 ** 40, "int64")).toBe(true);
    expect(fitsInteger(2 ** 64, "int64")).toBe(false);
    expect(fitsInteger(2 ** 64, "double")).toBe(true);
  });
});
