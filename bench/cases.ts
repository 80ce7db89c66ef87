// Every benchmark, in the order of the table. Budgets are promises for a machine with two cores.

import type { BenchCase } from "./case.ts";
import { cdk8sSynth } from "./cdk8s.ts";
import { keelsonCompile } from "./compile.ts";
import { installedSize } from "./installed-size.ts";

export const CASES: readonly BenchCase[] = [
  compileCase(1_000, 1_000),
  compileCase(10_000, 2_500),
  {
    name: "install",
    keelson: installedSize,
    rows: [
      {
        what: "installed package and production dependencies",
        figure: "installedBytes",
        unit: "bytes",
        budget: 20e6,
        reference: "cdk8s-plus 26 MB, Pulumi 143 MB (npm install, 2026-11)",
      },
    ],
  },
];

function compileCase(objects: number, budgetMs: number): BenchCase {
  const count = objects.toLocaleString("en-US");
  return {
    name: `compile-${objects}`,
    keelson: keelsonCompile(objects),
    peer: cdk8sSynth(objects),
    rows: [
      { what: `compile ${count} objects`, figure: "wallMs", unit: "ms", budget: budgetMs },
      { what: `  memory at most`, figure: "peakRssBytes", unit: "bytes" },
      { what: `  objects written`, figure: "objects", unit: "count" },
    ],
  };
}
