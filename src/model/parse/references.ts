// Checks names against what the definition declares. Only the written names count, so a database with a mistake inside is
// still a database to whoever needs it.

import type { Diagnostic, Path } from "../../core/index.ts";
import { isRecord } from "../../core/index.ts";
import { ambiguousName, danglingReference, needsItself } from "../diagnostics.ts";
import { INTENT_KINDS, NEEDED_KINDS, SERVED_PLACES } from "../intents/intent-kinds.ts";
import type { Reference, ReferenceTarget } from "../schema/schema.ts";

/** Where the names of each target stand. */
const PLACES: ReadonlyMap<ReferenceTarget, readonly string[]> = new Map<
  ReferenceTarget,
  readonly string[]
>([
  ["site", ["sites"]],
  ["cluster", ["clusters"]],
  ["environment", ["environments"]],
  ["app", ["apps"]],
  ["need", [...SERVED_PLACES, "apps"]],
  ["secrets", ["secrets"]],
  ...INTENT_KINDS.map(({ kind, place }) => [kind, [place]] as const),
]);

const WORDS: Partial<Record<ReferenceTarget, string>> = {
  need: NEEDED_KINDS,
  secrets: "provider of secrets",
};

type Definition = Readonly<Record<string, unknown>>;

/** What is wrong with each reference of one merged definition; `base` is the definition before overrides. */
export function checkReferences(
  references: readonly Reference[],
  definition: Definition,
  base: Definition = definition,
): Diagnostic[] {
  return references.flatMap((reference) => checkReference(reference, definition, base));
}

function checkReference(
  { target, name, path }: Reference,
  definition: Definition,
  base: Definition,
): Diagnostic[] {
  const places = PLACES.get(target) ?? [];
  const found = places.filter((place) => hasName(definition, place, name));
  // An app that needs its own name means the database of that name.
  const meant = found.filter((place) => !(target === "need" && isOwnApp(path, place, name)));
  if (meant.length > 1) {
    return [ambiguousName(path, { name, places: meant })];
  }
  if (meant.length === 1) return [];
  if (found.length > 0) return [needsItself(path, { app: name })];
  const known = places.flatMap((place) => namesAt(definition, place));
  const before = places.find((place) => hasName(base, place, name));
  const removed = before === undefined ? undefined : [before, name];
  return [danglingReference(path, { name, target: WORDS[target] ?? target, known, removed })];
}

function isOwnApp(path: Path, place: string, name: string): boolean {
  return place === "apps" && path[0] === "apps" && path[1] === name;
}

function hasName(definition: Definition, place: string, name: string): boolean {
  return Object.hasOwn(recordAt(definition, place), name);
}

function namesAt(definition: Definition, place: string): string[] {
  return Object.keys(recordAt(definition, place)).toSorted();
}

function recordAt(definition: Definition, place: string): Definition {
  const value = Object.hasOwn(definition, place) ? definition[place] : undefined;
  return isRecord(value) ? value : {};
}
