import { describe, expect, it } from "vitest";

import { formatTable, formatValue, type Result, summarise } from "./table.ts";

const KEELSON = { label: "keelson", values: [600, 500, 900] };

const ROWS: readonly { readonly name: string; readonly result: Result; readonly row: string }[] = [
  {
    name: "compares medians with a peer",
    result: {
      case: "a",
      what: "compile",
      unit: "ms",
      keelson: KEELSON,
      budget: 1000,
      pace: 1.5,
      peer: { label: "cdk8s", values: [1200, 1100, 1500] },
    },
    row: "compile  0.60 s (0.50 s)  1.00 s  0.40 s holds  cdk8s 1.20 s (1.10 s)  2.0×",
  },
  {
    name: "turns the ratio around for rates",
    result: {
      case: "a",
      what: "creates",
      unit: "per second",
      keelson: { label: "keelson", values: [2000] },
      peer: { label: "real", values: [500] },
    },
    row: "creates  2,000/s  –  –  real 500/s  4.0×",
  },
  {
    name: "says why there is no figure",
    result: { case: "a", what: "boot", unit: "ms", keelson: "run make build first", budget: 500 },
    row: "boot  run make build first  0.50 s  –  –  –",
  },
  {
    name: "shows where a figure from elsewhere is from",
    result: { case: "a", what: "boot", unit: "ms", keelson: KEELSON, reference: "real 2.2 s" },
    row: "boot  0.60 s (0.50 s)  –  –  real 2.2 s  –",
  },
  {
    name: "says that a budget is missed even at its pace",
    result: { case: "a", what: "boot", unit: "ms", keelson: KEELSON, budget: 300, pace: 1.5 },
    row: "boot  0.60 s (0.50 s)  0.30 s  0.40 s missed  –  –",
  },
  {
    name: "turns the pace around for rates",
    result: {
      case: "a",
      what: "creates",
      unit: "per second",
      keelson: { label: "keelson", values: [1500] },
      budget: 2000,
      pace: 1.5,
    },
    row: "creates  1,500/s  2,000/s  2,250/s holds  –  –",
  },
  {
    name: "leaves sizes alone",
    result: {
      case: "a",
      what: "memory",
      unit: "bytes",
      keelson: { label: "keelson", values: [90e6] },
      budget: 80e6,
      pace: 1.5,
    },
    row: "memory  90 MB  80 MB  90 MB missed  –  –",
  },
];

describe("the table", () => {
  it.each(ROWS)("$name", ({ result, row }) => {
    const lines = formatTable([result]).split("\n");
    expect(lines[1]?.replaceAll(/ {2,}/g, "  ")).toBe(row);
  });

  it("aligns its columns", () => {
    const [header, line] = formatTable(ROWS.slice(0, 1).map(({ result }) => result)).split("\n");
    expect(header?.indexOf("peer")).toBe(line?.indexOf("cdk8s"));
  });
});

describe("figures", () => {
  it("takes the lower of the two middle runs", () => {
    expect(summarise([4, 1, 3, 2], "ms")).toEqual({ median: 2, best: 1 });
  });

  it.each([
    [0.123, "ms", "0.12 ms"],
    [12, "ms", "12 ms"],
    [1234, "ms", "1.23 s"],
    [20e6, "bytes", "20 MB"],
    [10_000, "count", "10,000"],
  ] as const)("prints %s %s as %s", (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});
