// Checks how overrides are written: which environment they are for, which keys they may have, and that what they change or
// remove is there to be changed. Their values are read after the merge.

import type { Diagnostic, Path } from "../../core/index.ts";
import { closestTo, formatPath, isRecord, valueAt } from "../../core/index.ts";
import type { Registry } from "../contracts/component.ts";
import {
  addsSimilarName,
  danglingReference,
  notOverridable,
  nothingToRemove,
  unknownKey,
  wrongType,
} from "../diagnostics.ts";
import { SERVED_PLACES } from "../intents/intent-kinds.ts";
import { merge, removedPaths } from "../merge.ts";
import { describeValue } from "../schema/found.ts";
import { SETTINGS_KEYS } from "./settings.ts";

export const STRUCTURE_KEYS = [
  "name",
  "domain",
  "packaging",
  "layout",
  "sites",
  "links",
  "clusters",
  "environments",
  "overrides",
] as const;

/** Key of an environment's override below which single clusters of it have theirs. */
export const CLUSTER_OVERRIDES = "clusters";

/** Keys whose records are named by a person, so that a slip makes a new entry. */
const NAMED = ["apps", ...SERVED_PLACES, "roles", "exposures", "roadmap"];

export function checkOverrides(
  definition: Readonly<Record<string, unknown>>,
  environments: readonly string[],
  registry: Registry,
): Diagnostic[] {
  const path = ["overrides"];
  const overrides = Object.hasOwn(definition, "overrides") ? definition["overrides"] : undefined;
  if (overrides === undefined) return [];
  if (!isRecord(overrides)) return [notARecord(path, "a record by environment", overrides)];
  return Object.keys(overrides).flatMap((name) => {
    const at = [...path, name];
    const override = overrides[name];
    if (!environments.includes(name)) {
      return [danglingReference(at, { name, target: "environment", known: environments })];
    }
    if (!isRecord(override)) return [notARecord(at, "a record of settings", override)];
    const { [CLUSTER_OVERRIDES]: clusters, ...own } = override;
    return [
      ...checkOverride(definition, own, at, registry),
      ...checkClusters({ definition, own, name }, clusters, registry),
    ];
  });
}

/** What single clusters change lies over what their environment changed. */
function checkClusters(
  environment: { readonly definition: Definition; readonly own: Definition; readonly name: string },
  clusters: unknown,
  registry: Registry,
): Diagnostic[] {
  const { definition, own, name } = environment;
  const at = ["overrides", name, CLUSTER_OVERRIDES];
  if (clusters === undefined) return [];
  if (!isRecord(clusters)) return [notARecord(at, "a record by cluster", clusters)];
  const written = valueAt(definition, ["environments", name, "clusters"]);
  const known = Array.isArray(written) ? written.filter((one) => typeof one === "string") : [];
  const merged = merge(definition, own);
  return Object.entries(clusters).flatMap(([cluster, override]) => {
    const path = [...at, cluster];
    if (!known.includes(cluster))
      return [danglingReference(path, { name: cluster, target: `cluster of ${name}`, known })];
    if (!isRecord(override)) return [notARecord(path, "a record of settings", override)];
    return checkOverride(isRecord(merged) ? merged : {}, override, path, registry);
  });
}

type Definition = Readonly<Record<string, unknown>>;

function checkOverride(
  definition: Readonly<Record<string, unknown>>,
  override: Record<string, unknown>,
  at: Path,
  registry: Registry,
): Diagnostic[] {
  const known = settingsKeys(registry);
  const keys = Object.keys(override).flatMap((key) => {
    if (known.includes(key)) return [];
    return STRUCTURE_KEYS.some((fixed) => fixed === key)
      ? [notOverridable([...at, key], { key })]
      : [unknownKey([...at, key], { key, known })];
  });
  const removed = removedPaths(override).flatMap((path) =>
    fillsItself(path, registry) ? [] : checkRemoved(definition, path, at),
  );
  return [...keys, ...removed, ...similarNames(definition, override, at, registry)];
}

/** The keys an environment may override. */
export function settingsKeys({ slots }: Registry): readonly string[] {
  return [...slots.map(({ name }) => name), ...SETTINGS_KEYS];
}

/** A slot that is filled unasked can always be emptied. */
const fillsItself = ([slot, ...rest]: Path, { slots }: Registry): boolean =>
  rest.length === 0 && slots.some(({ name, fallback }) => name === slot && fallback !== undefined);

function checkRemoved(definition: unknown, path: Path, at: Path): Diagnostic[] {
  if (valueAt(definition, path) !== undefined) return [];
  const parent = valueAt(definition, path.slice(0, -1));
  const known = isRecord(parent) ? Object.keys(parent) : [];
  return [nothingToRemove([...at, ...path], { path, name: formatPath(path.slice(-1)), known })];
}

function similarNames(
  definition: Readonly<Record<string, unknown>>,
  override: Record<string, unknown>,
  at: Path,
  { slots }: Registry,
): Diagnostic[] {
  const additive = slots.filter(({ cardinality }) => cardinality === "additive");
  return [...NAMED, ...additive.map(({ name }) => name)].flatMap((place) => {
    const [base, changed] = [valueAt(definition, [place]), valueAt(override, [place])];
    if (!isRecord(base) || !isRecord(changed)) return [];
    const untouched = Object.keys(base).filter((name) => !Object.hasOwn(changed, name));
    return Object.keys(changed).flatMap((name) => {
      if (Object.hasOwn(base, name) || changed[name] === null) return [];
      const similar = closestTo(name, untouched);
      if (similar === undefined) return [];
      return [addsSimilarName([...at, place, name], { name, similar, at: [place, similar] })];
    });
  });
}

function notARecord(path: Path, expected: string, found: unknown): Diagnostic {
  return wrongType(path, { expected, found: describeValue(found) });
}
