// Series under a virtual clock, read as rows. Distributions are known, so percentiles are.

import { describe, expect, it } from "vitest";

import { createVirtualClock } from "../../core/index.ts";
import type { MetricRecord } from "./metric-record.ts";
import { summariseMetrics, type MetricQuery, type MetricRow } from "./metric-summary.ts";
import { quantileOf } from "./quantile.ts";
import { createTelemetryStore } from "./telemetry-store.ts";

const START_MS = 1_000_000;
const STEP_MS = 10_000;

type Values = readonly MetricRecord["value"][];

/** One series with a value every ten seconds. */
function series(values: Values, about: Partial<MetricRecord> = {}): readonly MetricRecord[] {
  return values.map((value, index) => ({
    service: "shop",
    instance: "shop-1",
    name: "m",
    kind: "counter",
    unit: "",
    description: "",
    attributes: {},
    atMs: START_MS + (index + 1) * STEP_MS,
    startMs: START_MS,
    value,
    ...about,
  }));
}

/** Rows after a minute, of the whole minute. */
function rows(
  records: readonly (readonly MetricRecord[])[],
  query: Partial<MetricQuery> = {},
): readonly MetricRow[] {
  const clock = createVirtualClock(START_MS + 6 * STEP_MS);
  const store = createTelemetryStore({ clock });
  records.forEach((part) => store.addMetrics(part));
  const nowMs = clock.now();
  return summariseMetrics(store.series(), { nowMs, windowMs: 60_000, steps: 6, ...query });
}

const COUNTED: readonly {
  readonly name: string;
  readonly records: readonly (readonly MetricRecord[])[];
  readonly value: number;
  readonly perMinute: number;
}[] = [
  { name: "from the start", records: [series([6, 12])], value: 12, perMinute: 12 },
  {
    name: "from before the window only what came since",
    records: [series([106, 112], { startMs: 1 })],
    value: 112,
    perMinute: 6,
  },
  {
    name: "a restart as new counts",
    records: [series([6, 12, 3])],
    value: 3,
    perMinute: 15,
  },
  {
    name: "two instances together",
    records: [series([6]), series([4], { instance: "shop-2" })],
    value: 10,
    perMinute: 10,
  },
  {
    name: "deltas added up",
    records: [series([6, 1, 2], { isDelta: true })],
    value: 9,
    perMinute: 9,
  },
];

describe("counters", () => {
  it.each(COUNTED)("count $name", ({ records, value, perMinute }) => {
    const [row] = rows(records);
    expect(row?.value).toBe(value);
    expect((row?.rate ?? 0) * 60).toBeCloseTo(perMinute);
  });

  it("have a history of rates, with gaps where nothing is known", () => {
    const [row] = rows([series([10, 30])]);
    expect(row?.history).toEqual([1, 2, null, null, null, null]);
    const [older] = rows([series([10, 30], { startMs: 1 })]);
    expect(older?.history).toEqual([null, 2, null, null, null, null]);
  });

  it("split by an attribute", () => {
    const records = [
      series([1], { attributes: { route: "/a" } }),
      series([2], { attributes: { route: "/b" } }),
      series([4], { attributes: { route: "/b", method: "POST" } }),
    ];
    expect(rows(records, { by: "route" }).map(({ by, value }) => [by, value])).toEqual([
      ["/a", 1],
      ["/b", 6],
    ]);
    expect(rows(records).map(({ value }) => value)).toEqual([7]);
  });

  it("of other services are left out when one is asked for", () => {
    const records = [series([1]), series([1], { service: "worker" })];
    expect(rows(records, { service: "worker" }).map(({ service }) => service)).toEqual(["worker"]);
  });
});

describe("levels and gauges", () => {
  it("levels add up over instances, gauges tell the highest", () => {
    const two = (kind: "level" | "gauge") => [
      series([3], { kind }),
      series([5], { kind, instance: "shop-2" }),
    ];
    expect(rows(two("level"))[0]).toMatchObject({ value: 8, history: [8, 8, 8, 8, 8, 8] });
    expect(rows(two("gauge"))[0]?.value).toBe(5);
    expect(rows(two("gauge"))[0]).not.toHaveProperty("rate");
  });
});

describe("histograms", () => {
  const bounds = [1, 2, 4];
  const histogram = (counts: readonly number[]) => ({
    count: counts.reduce((sum, count) => sum + count, 0),
    sum: 0,
    bounds,
    counts,
  });

  it("give percentiles of what the window added", () => {
    const values = [histogram([100, 0, 0, 0]), histogram([100, 50, 50, 0])];
    const [row] = rows([series(values, { kind: "histogram", startMs: 1 })]);
    expect(row).toMatchObject({ value: 200, percentiles: { p50: 2, p95: 3.8, p99: 3.96 } });
  });

  it("without a point in the window give none", () => {
    const [row] = rows([series([histogram([1, 0, 0, 0])], { kind: "histogram", startMs: 1 })]);
    expect(row).not.toHaveProperty("percentiles");
  });
});

describe("quantileOf", () => {
  it.each([
    ["the middle of one bucket", 0.5, [0, 10, 0, 0], 1.5],
    ["the first bucket from zero", 0.5, [10, 0, 0, 0], 0.5],
    ["beyond the last bound", 0.99, [0, 0, 0, 10], 4],
    ["an empty histogram", 0.5, [0, 0, 0, 0], undefined],
    ["the very first", 0, [0, 10, 0, 0], 1],
    ["the very last", 1, [5, 5, 0, 0], 2],
  ])("is, for %s, known", (_name, q, counts, expected) => {
    expect(quantileOf(q, { bounds: [1, 2, 4], counts })).toBe(expected);
  });
});
