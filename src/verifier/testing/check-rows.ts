// A rule on the smallest broken cluster that trips it, beside a repaired twin that does not.

import { describe, expect, it } from "vitest";

import type { Check } from "../target-view.ts";
import { type Setup, viewOf } from "./platform.ts";

export interface Row {
  readonly name: string;
  readonly check: Check;
  readonly broken: Setup;
  readonly codes: readonly string[];
  readonly repaired: Setup;
}

export function describeChecks(rows: readonly Row[]): void {
  describe("checks", () => {
    it.each(rows)("find $name", ({ check, broken, codes }) => {
      expect([...check(viewOf(broken))].map(({ code }) => code)).toEqual(codes);
    });

    it.each(rows)("are content once it is repaired: $name", ({ check, repaired }) => {
      expect([...check(viewOf(repaired))]).toEqual([]);
    });
  });
}
