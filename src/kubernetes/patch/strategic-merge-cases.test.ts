// Strategic merge patches as apimachinery tests them: applied to an object of a type with every kind of list.
// Transcribed from k8s.io/apimachinery pkg/util/strategicpatch/patch_test.go @v0.36.6 (two-way and three-way patches,
// old clients' patches, patches that are refused).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import type { FieldSchema } from "../schemas/schema.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

type Fields = Readonly<Record<string, unknown>>;

interface PatchCase {
  readonly name: string;
  readonly target: Fields;
  readonly patch: Fields;
  readonly result?: Fields;
  /** Part of the message, when the patch is refused. */
  readonly error?: string;
}

const FILE = join(import.meta.dirname, "testdata/strategic-merge-cases.json");
const { cases }: { cases: PatchCase[] } = JSON.parse(readFileSync(FILE, "utf8"));

const text = { type: "string" } as const;
const integers = { type: "array", items: { type: "integer" } } as const;

/** The test's own type; an item holds items. */
function mergeItem(): FieldSchema {
  const item: { type: "object"; properties: Record<string, FieldSchema> } = {
    type: "object",
    properties: {},
  };
  const merging = { type: "array", items: item, patchMergeKey: "name" } as const;
  const members: Record<string, FieldSchema> = {
    name: text,
    value: text,
    other: text,
    mergingList: { ...merging, patchStrategy: "merge" },
    nonMergingList: { type: "array", items: item },
    mergingIntList: { ...integers, patchStrategy: "merge" },
    nonMergingIntList: integers,
    mergeItemPtr: { ...merging, patchStrategy: "merge" },
    simpleMap: { type: "object", additionalProperties: text },
    replacingItem: { type: "object", patchStrategy: "replace" },
    retainKeysMergingList: { ...merging, patchStrategy: "merge,retainKeys" },
  };
  Object.assign(item.properties, members, {
    retainKeysMap: { type: "object", patchStrategy: "retainKeys", properties: members },
  });
  return item;
}

const SCHEMA = mergeItem();

describe("strategic merge", () => {
  it.each(cases)("$name", ({ target, patch, result, error }) => {
    if (error !== undefined) {
      expect(() => applyStrategicMergePatch(target, patch, SCHEMA)).toThrow(error);
      return;
    }
    expect(applyStrategicMergePatch(target, patch, SCHEMA)).toEqual(result);
  });
});
