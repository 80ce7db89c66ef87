// A short set of runs for every test run; `make sim` runs more.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { REPOSITORY } from "../../scripts/run-command.ts";
import { describeFailure } from "./describe-failure.ts";
import { simulate } from "./simulate.ts";

const text = readFileSync(join(REPOSITORY, "tests", "sim", "regressions.txt"), "utf8");
const regressions = text
  .split("\n")
  .filter((line) => /^\d/.test(line))
  .map((line) => ({ seed: Number.parseInt(line, 10), why: line.replace(/^\d+\s+/, "") }));

it.each(regressions)("seed $seed: $why", async ({ seed }) => {
  const result = await simulate({ seed });
  expect(result.violations, describeFailure(result, undefined)).toEqual([]);
});

it("repeats event for event from its seed, and not from another", async () => {
  const ticks = 12;
  const first = await simulate({ seed: 18, ticks });
  const second = await simulate({ seed: 18, ticks });
  const other = await simulate({ seed: 19, ticks });
  for (const result of [first, other]) {
    expect(result.violations, describeFailure(result, ticks)).toEqual([]);
  }
  expect(second).toEqual(first);
  expect(other.digest).not.toBe(first.digest);
});
