import { describe, expect, it } from "vitest";

import { compareVersions, parseRange, parseVersion } from "./semver-range.ts";

const VERSIONS = [
  "0.9.0",
  "1.0.0",
  "1.0.1",
  "1.2.0-rc.1",
  "1.2.0",
  "1.9.3",
  "2.0.0-alpha",
  "2.0.0",
];

describe("a range of versions", () => {
  it.each([
    ["1.x", ["1.0.0", "1.0.1", "1.2.0", "1.9.3"]],
    ["1.0.x", ["1.0.0", "1.0.1"]],
    ["*", ["0.9.0", "1.0.0", "1.0.1", "1.2.0", "1.9.3", "2.0.0"]],
    ["1.0.1", ["1.0.1"]],
    ["^1.0.1", ["1.0.1", "1.2.0", "1.9.3"]],
    ["~1.0", ["1.0.0", "1.0.1"]],
    ["~1", ["1.0.0", "1.0.1", "1.2.0", "1.9.3"]],
    ["^0.9", ["0.9.0"]],
    [">=1.2.0 <2.0.0", ["1.2.0", "1.9.3"]],
    [">1.2.0, <=1.9.3", ["1.9.3"]],
    [">=1.2.0-0 <1.9.0-0", ["1.2.0-rc.1", "1.2.0"]],
    ["0.9.x || >=2", ["0.9.0", "2.0.0"]],
    ["!=1.x", ["0.9.0", "2.0.0"]],
  ])("%s", (range, taken) => {
    const isIn = parseRange(range);
    const found = VERSIONS.filter((text) => {
      const version = parseVersion(text);
      return version !== undefined && isIn?.(version) === true;
    });
    expect(found).toEqual(taken);
  });

  it("puts versions in their order, and refuses what it cannot read", () => {
    const shuffled = [
      "2.0.0",
      "1.2.0",
      "2.0.0-alpha",
      "0.9.0",
      "1.2.0-rc.1",
      "1.9.3",
      "1.0.1",
      "1.0.0",
    ];
    const versions = shuffled.flatMap((text) => parseVersion(text) ?? []);
    expect(versions.toSorted(compareVersions).map(({ text }) => text)).toEqual(VERSIONS);
    expect(parseVersion("latest")).toBeUndefined();
    expect(parseRange("newest")).toBeUndefined();
  });
});
