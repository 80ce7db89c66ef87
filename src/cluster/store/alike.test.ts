import { describe, expect, it } from "vitest";

import { createAlike } from "./alike.ts";

const spec = (image: string) => ({ containers: [{ name: "main", image }] });

describe("equal values", () => {
  it("are one, frozen all the way down", () => {
    const alike = createAlike();
    const first = alike(spec("a"));
    expect(alike(spec("a"))).toBe(first);
    expect(alike(spec("b"))).not.toBe(first);
    expect(Object.isFrozen(first.containers[0])).toBe(true);
  });

  it("are told apart by the order of their fields, which is kept", () => {
    const alike = createAlike();
    expect(Object.keys(alike({ a: 1, b: 2 }))).toEqual(["a", "b"]);
    expect(Object.keys(alike({ b: 2, a: 1 }))).toEqual(["b", "a"]);
  });

  it("stay their owner's when they are long, or frozen already", () => {
    const alike = createAlike();
    const long = () => spec("x".repeat(40_000));
    const given = long();
    expect(alike(given)).toBe(given);
    expect(Object.isFrozen(given)).toBe(false);
    expect(alike(long())).not.toBe(given);
    const frozen = Object.freeze(spec("a"));
    alike(spec("a"));
    expect(alike(frozen)).toBe(frozen);
  });

  it.each([
    { of: "many", count: 2_000, length: 1 },
    { of: "large ones", count: 150, length: 30_000 },
  ])("are forgotten after $of", ({ count, length }) => {
    const alike = createAlike();
    const first = alike(spec("a"));
    for (let index = 0; index < count; index += 1) alike(spec("x".repeat(length) + index));
    expect(alike(spec("a"))).not.toBe(first);
  });
});
