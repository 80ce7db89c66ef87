import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  multiplyQuantity,
  parseQuantity,
  quantityMilliValue,
  quantityValue,
  subtractQuantities,
  type Quantity,
} from "./quantity.ts";

const quantity = (text: string): Quantity => {
  const parsed = parseQuantity(text);
  if (parsed === undefined) throw new Error(`no quantity: ${text}`);
  return parsed;
};

describe("canonical form, as apimachinery's quantity_test.go expects it", () => {
  it.each([
    ["0", "0"],
    ["0Ki", "0"],
    ["1", "1"],
    ["1000", "1k"],
    ["1024", "1024"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Gi", "512Mi"],
    ["0.5Ki", "512"],
    ["0.3Ki", "307200m"],
    ["1.1Ki", "1126400m"],
    ["1500m", "1500m"],
    ["1000m", "1"],
    ["0.1", "100m"],
    [".5", "500m"],
    ["1.", "1"],
    ["100n", "100n"],
    ["0.1n", "1n"],
    ["1e3", "1e3"],
    ["1E3", "1e3"],
    ["12e6", "12e6"],
    ["1e-3", "1e-3"],
    ["1234567e0", "1234567"],
    ["1E", "1E"],
    ["-1.5Gi", "-1536Mi"],
    ["+5", "5"],
    ["10Ei", "9223372036854775807"],
    ["9E", "9E"],
    ["100000000000E", "9223372036854775807"],
  ])("%s → %s", (text, expected) => expect(canonicalQuantity(text)).toBe(expected));
});

it.each(["", ".", "-", "1 Gi", "1gi", "1K", "1kb", "1e", "e3", "1.2.3", "1Gi5", "0x1", "1e999"])(
  "refuses %j",
  (text) => expect(parseQuantity(text)).toBeUndefined(),
);

it.each([
  ["1", 1, 1000],
  ["100m", 1, 100],
  ["1500m", 2, 1500],
  ["1n", 1, 1],
  ["1Gi", 1_073_741_824, 1_073_741_824_000],
  ["-1500m", -1, -1500],
])("%s has value %d and milli-value %d", (text, value, milli) => {
  expect([quantityValue(quantity(text)), quantityMilliValue(quantity(text))]).toEqual([
    value,
    milli,
  ]);
});

it("reads numbers as they stand in JSON", () => {
  expect(parseQuantity(2)).toEqual(quantity("2"));
  expect(parseQuantity(0.5)).toEqual(quantity("500m"));
});

it.each([
  ["1Gi", "512Mi", "1536Mi", "512Mi"],
  ["500m", "1", "1500m", "-500m"],
  ["0", "1Gi", "1Gi", "-1Gi"],
])("%s and %s", (a, b, sum, difference) => {
  expect(formatQuantity(addQuantities(quantity(a), quantity(b)))).toBe(sum);
  expect(formatQuantity(subtractQuantities(quantity(a), quantity(b)))).toBe(difference);
});

it("multiplies by a number of replicas", () => {
  expect(formatQuantity(multiplyQuantity(quantity("250m"), 4))).toBe("1");
});

const written = fc
  .tuple(
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc.constantFrom("n", "u", "m", "", "k", "M", "G", "Ki", "Mi", "Gi", "e3", "e-6"),
  )
  .map(([number, suffix]) => `${number}${suffix}`);

it("keeps its value through its canonical text, which is a fixed point", () => {
  fc.assert(
    fc.property(written, (text) => {
      const once = canonicalQuantity(text);
      expect(compareQuantities(quantity(once), quantity(text))).toBe(0);
      expect(canonicalQuantity(once)).toBe(once);
    }),
  );
});

it("orders and adds consistently", () => {
  fc.assert(
    fc.property(written, written, (a, b) => {
      const sum = addQuantities(quantity(a), quantity(b));
      expect(compareQuantities(subtractQuantities(sum, quantity(b)), quantity(a))).toBe(0);
      expect(compareQuantities(quantity(a), quantity(b))).toBe(
        -compareQuantities(quantity(b), quantity(a)) || 0,
      );
    }),
  );
});
