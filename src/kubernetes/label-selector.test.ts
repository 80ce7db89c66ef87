import { describe, expect, it } from "vitest";
import { matchesFields, parseFieldSelector } from "./field-selector.ts";
import {
  formatLabelRequirements,
  labelRequirements,
  matchesLabels,
  parseLabelSelector,
  SelectorSyntaxError,
} from "./label-selector.ts";

const OBJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  a: { tier: "a", env: "x" },
  b: { tier: "b", env: "x" },
  c: { other: "1" },
};

describe("label selectors", () => {
  it.each([
    ["", "abc"],
    ["tier=a", "a"],
    ["tier==a", "a"],
    ["tier!=a", "bc"],
    ["tier in (a,b)", "ab"],
    ["tier notin (a)", "bc"],
    ["tier", "ab"],
    ["!tier", "c"],
    ["env=x,tier=b", "b"],
    ["other>0", "c"],
    ["other<1", ""],
    ["tier=", ""],
  ])("%s selects %s", (text, expected) => {
    const requirements = parseLabelSelector(text);
    const selected = Object.keys(OBJECTS).filter((key) =>
      matchesLabels(requirements, OBJECTS[key]),
    );
    expect(selected.join("")).toBe(expected);
  });

  it.each(["a in", "a in (b", "a,", "=b", "a b", "!", "a=b c", "-x=y"])("refuses %s", (text) => {
    expect(() => parseLabelSelector(text)).toThrow(SelectorSyntaxError);
  });

  it("prints the object form sorted by key", () => {
    const requirements = labelRequirements({
      matchLabels: { b: "1" },
      matchExpressions: [
        { key: "a", operator: "In", values: ["y", "x"] },
        { key: "c", operator: "Exists" },
      ],
    });
    expect(formatLabelRequirements(requirements)).toBe("a in (x,y),b=1,c");
  });

  it("selects nothing without a selector and everything with an empty one", () => {
    expect(matchesLabels(labelRequirements(undefined), { a: "b" })).toBe(false);
    expect(matchesLabels(labelRequirements({}), undefined)).toBe(true);
  });
});

describe("field selectors", () => {
  const fields: Readonly<Record<string, string>> = {
    "metadata.name": "web",
    "status.phase": "a,b",
  };
  it.each([
    ["metadata.name=web", true],
    ["metadata.name==web,status.phase!=x", true],
    ["metadata.name!=web", false],
    ["status.phase=a\\,b", true],
    ["spec.nodeName=", true],
  ])("%s is %s", (text, expected) => {
    expect(matchesFields(parseFieldSelector(text), (field) => fields[field] ?? "")).toBe(expected);
  });

  it("refuses a term without an operator", () => {
    expect(() => parseFieldSelector("name")).toThrow(SelectorSyntaxError);
  });
});
