import { describe, expect, test } from "vitest";
import { createEventBudget } from "./event-budget.ts";

const key = (message: string, about = "pod") => ({ about, type: "Normal", reason: "R", message });

describe("event budget", () => {
  test("an equal event is counted on the first", () => {
    const budget = createEventBudget();
    expect(budget.decide(key("m"), 0).outcome).toBe("create");
    const second = budget.decide(key("m"), 1000);
    expect(second).toMatchObject({ outcome: "count", slot: { count: 2, lastAt: 1000 } });
  });

  test("the tenth similar event in ten minutes begins a summary", () => {
    const budget = createEventBudget();
    const outcomes = Array.from({ length: 12 }, (_, index) => budget.decide(key(`m${index}`), 0));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 10 }, () => "create"),
      "count",
      "count",
    ]);
    expect(outcomes[8]).toMatchObject({ message: "m8" });
    expect(outcomes[9]).toMatchObject({ message: "(combined from similar events): m9" });
  });

  test("one object gets 25 events in a burst, then one every five minutes", () => {
    const budget = createEventBudget();
    const burst = Array.from({ length: 30 }, () => budget.decide(key("m"), 0).outcome);
    expect(burst.filter((outcome) => outcome === "drop")).toHaveLength(5);
    expect(budget.decide(key("m", "other"), 0).outcome).toBe("create");
    expect(budget.decide(key("m"), 299_000).outcome).toBe("drop");
    expect(budget.decide(key("m"), 300_000).outcome).toBe("count");
    expect(budget.decide(key("m"), 300_001).outcome).toBe("drop");
  });
});
