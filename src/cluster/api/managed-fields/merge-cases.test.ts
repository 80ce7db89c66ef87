// Server-side apply as structured-merge-diff tests it: histories of applies and updates under schemas of their own, then
// what the object holds and who owns what. Transcribed from kubernetes-sigs/structured-merge-diff merge/*_test.go
// @15d0754; left out are cases that convert between versions, filter fields, or merge values that are no objects.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { isRecord } from "../../../core/index.ts";
import { StatusError } from "../../../kubernetes/index.ts";
import type { FieldSchema, KubernetesObject } from "../../../kubernetes/index.ts";
import type { Resource } from "../resource.ts";
import { PLAIN_STRATEGY } from "../strategy.ts";
import { applyFields } from "./apply-fields.ts";
import { appliedFaults } from "./check-applied.ts";
import { EMPTY_SET, union } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";
import { readEntries } from "./managed-entries.ts";
import { trackUpdate } from "./track.ts";
import type { Fields } from "./typed-value.ts";

/** `{"$ref": name}` stands for a type of the same document. */
interface SchemaDocument {
  readonly types: Readonly<Record<string, Fields>>;
  readonly root: Fields;
}

/** The index of a schema; or one for every version. */
type SchemaChoice = number | Readonly<Record<string, number>>;
type Conflict = readonly [manager: string, path: string];
type Step =
  | readonly ["schema", SchemaChoice]
  | readonly [
      "apply" | "force" | "update",
      manager: string,
      version: string,
      object: Fields,
      conflicts?: readonly Conflict[],
    ];

interface MergeCase {
  readonly name: string;
  readonly schema: SchemaChoice;
  readonly steps: readonly Step[];
  readonly object?: Fields;
  readonly managed?: Readonly<Record<string, readonly [version: string, FieldSet]>>;
  /** Some step is refused, with something other than a conflict. */
  readonly fails?: true;
}

const FILE = join(import.meta.dirname, "testdata/merge-cases.json");
const { schemas, cases }: { schemas: SchemaDocument[]; cases: MergeCase[] } = JSON.parse(
  readFileSync(FILE, "utf8"),
);

describe("structured merge", () => {
  it.each(cases)("$name", ({ schema, steps, object, managed, fails = false }) => {
    if (fails) {
      expect(() => run(schema, steps)).toThrow();
      return;
    }
    const live = run(schema, steps);
    if (object !== undefined) expect(contentOf(live)).toEqual(object);
    if (managed !== undefined) expect(ownersOf(live)).toEqual(managed);
  });
});

function run(first: SchemaChoice, steps: readonly Step[]): KubernetesObject | undefined {
  let choice = first;
  let live: KubernetesObject | undefined;
  for (const step of steps) {
    if (step[0] === "schema") choice = step[1];
    else live = take(live, step, choice);
  }
  return live;
}

function take(
  live: KubernetesObject | undefined,
  [operation, manager, version, object, conflicts]: Exclude<Step, readonly ["schema", unknown]>,
  choice: SchemaChoice,
): KubernetesObject | undefined {
  const resource = resourceOf(choice, version);
  const current = live === undefined ? undefined : { ...live, apiVersion: version };
  const next = { apiVersion: version, kind: "Test", metadata: { name: "t" }, ...object };
  const options = { manager, subresource: "", time: "2026-01-01T00:00:00Z" };
  if (operation === "update") {
    const metadata = { ...next.metadata, ...current?.metadata };
    return trackUpdate(resource, current, { ...next, metadata }, options);
  }
  const faults = appliedFaults(next, resource.facts.schema);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const force = operation === "force";
  if (conflicts === undefined) return applyFields(resource, current, next, { ...options, force });
  const found = conflictsOf(() => applyFields(resource, current, next, { ...options, force }));
  expect(found.toSorted()).toEqual(conflicts.map((conflict) => conflict.join(" ")).toSorted());
  return live;
}

function conflictsOf(apply: () => unknown): readonly string[] {
  try {
    apply();
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 409) throw error;
    const causes = error.status.details?.causes ?? [];
    return causes.map(({ message, field }) => `${/"([^"]*)"/.exec(message)?.[1]} ${field}`);
  }
  return [];
}

function resourceOf(choice: SchemaChoice, version: string): Resource {
  const index = typeof choice === "number" ? choice : (choice[version] ?? 0);
  const document = schemas[index];
  const facts = {
    group: "",
    version,
    kind: "Test",
    listKind: "TestList",
    resource: "tests",
    singular: "test",
    shortNames: [],
    categories: [],
    namespaced: false,
    verbs: [],
    subresources: [],
    schema: document === undefined ? {} : rootSchema(document),
    custom: { definition: "tests", storage: true },
  };
  const storage = { storeResource: "/tests", storageVersion: version, initialStatus: undefined };
  return { facts, apiVersion: version, ...storage, strategy: PLAIN_STRATEGY };
}

const roots = new WeakMap<SchemaDocument, FieldSchema>();

/** Types may contain themselves, so every name is made once and filled afterwards. */
function rootSchema(document: SchemaDocument): FieldSchema {
  const known = roots.get(document);
  if (known !== undefined) return known;
  const named = new Map(Object.keys(document.types).map((name) => [name, {}]));
  const resolve = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(resolve);
    if (!isRecord(node)) return node;
    const { $ref, $relationship, ...rest } = node;
    if (typeof $ref !== "string") return mapValues(rest, resolve);
    const target = named.get($ref) ?? {};
    if ($relationship === undefined && Object.keys(rest).length === 0) return target;
    const own = mapValues(document.types[$ref] ?? {}, resolve);
    return { ...own, ...relationship(own, $relationship), ...rest };
  };
  for (const [name, target] of named) Object.assign(target, resolve(document.types[name]));
  const root = resolve(document.root) as FieldSchema;
  const text = { type: "string" } as const;
  const meta = { type: "object", properties: { name: text } } as const;
  const properties = { apiVersion: text, kind: text, metadata: meta, ...root.properties };
  const made = root.type === undefined ? root : { ...root, properties };
  roots.set(document, made);
  return made;
}

function relationship(own: Fields, override: unknown): Fields {
  if (override === undefined) return {};
  if (own["type"] !== "array") return { mapType: override === "atomic" ? "atomic" : "granular" };
  const list = own["listMapKeys"] === undefined ? "set" : "map";
  return { listType: override === "atomic" ? "atomic" : list };
}

function mapValues(record: Fields, convert: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}

function contentOf(live: KubernetesObject | undefined): Fields {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...content } = live ?? {};
  return content;
}

function ownersOf(live: KubernetesObject | undefined): Fields {
  const owners: Record<string, readonly [version: string, FieldSet]> = {};
  for (const { manager, apiVersion, set } of readEntries(live?.metadata.managedFields)) {
    const known = owners[manager]?.[1] ?? EMPTY_SET;
    owners[manager] = [apiVersion, union(known, set)];
  }
  return owners;
}
