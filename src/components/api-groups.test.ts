// Engines order what uses a kind after the chart that brings it, by API group: each component has to name the groups of its kinds.

import { describe, expect, it } from "vitest";

import { kindsOfFacts } from "../kubernetes/index.ts";
import { registry } from "./index.ts";

const bringing = registry.components.flatMap((component) =>
  "crds" in component && component.crds !== undefined ? [component] : [],
);

describe("API groups of the kinds a component brings", () => {
  it.each(bringing)("$name", async ({ crds, apiGroups = [] }) => {
    const kinds = ((await crds?.()) ?? []).flatMap((facts) => kindsOfFacts(facts));
    const groups = new Set(kinds.map(({ group }) => group));
    expect([...apiGroups].toSorted()).toEqual([...groups].toSorted());
  });
});
