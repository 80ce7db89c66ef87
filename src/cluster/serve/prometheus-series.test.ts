import { expect, it } from "vitest";

import { createHistogram, createSums } from "./prometheus-series.ts";

it("writes sums by their labels", () => {
  const series = createSums({ name: "asked_total", help: "What was asked." }, "counter");
  series.add({ verb: "LIST" }, 1);
  series.add({ verb: 'G"T' }, 1);
  series.add({ verb: "LIST" }, 2);
  expect(series.text()).toBe(
    [
      "# HELP asked_total What was asked.",
      "# TYPE asked_total counter",
      'asked_total{verb="G\\"T"} 1',
      'asked_total{verb="LIST"} 3',
      "",
    ].join("\n"),
  );
});

it("writes the buckets of a histogram, each with those below it, in their order", () => {
  const series = createHistogram({ name: "took_seconds", help: "How long." }, [0.5, 2, 10]);
  for (const seconds of [0.5, 0.25, 3, 60]) series.observe({ verb: "LIST" }, seconds);
  expect(series.text()).toBe(
    [
      "# HELP took_seconds How long.",
      "# TYPE took_seconds histogram",
      'took_seconds_bucket{verb="LIST",le="0.5"} 2',
      'took_seconds_bucket{verb="LIST",le="2"} 2',
      'took_seconds_bucket{verb="LIST",le="10"} 3',
      'took_seconds_bucket{verb="LIST",le="+Inf"} 4',
      'took_seconds_sum{verb="LIST"} 63.75',
      'took_seconds_count{verb="LIST"} 4',
      "",
    ].join("\n"),
  );
});
