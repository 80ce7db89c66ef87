// Reads the environments: each with its own merged settings, so that a mistake is found whichever environment has it.

import type { Diagnostic, Path } from "../../core/index.ts";
import { isRecord, setOwn, valueAt } from "../../core/index.ts";
import type { Registry } from "../contracts/component.ts";
import type { Environment } from "../definition.ts";
import { emptyCollection } from "../diagnostics.ts";
import { merge, originsOf, type OriginOf } from "../merge.ts";
import { oneOf } from "../schema/choice.ts";
import { list } from "../schema/list.ts";
import { object } from "../schema/object.ts";
import { optional } from "../schema/optional.ts";
import { record } from "../schema/record.ts";
import { reference } from "../schema/reference.ts";
import type { Reference, ReadContext } from "../schema/schema.ts";
import { string } from "../schema/string.ts";
import { CLUSTER_OVERRIDES, settingsKeys } from "./overrides.ts";
import type { ClusterSettings, ParsedEnvironment } from "./parsed-definition.ts";
import { checkReferences } from "./references.ts";
import { readSettings } from "./settings.ts";

export const environmentSchema = object<Environment>({
  clusters: list(reference("cluster"), { min: 1 }),
  scale: oneOf(["single", "highly-available"]),
  domain: optional(string("domain")),
});

const environmentsSchema = record(environmentSchema);

type Definition = Readonly<Record<string, unknown>>;

export function readEnvironments(
  definition: Definition,
  registry: Registry,
  context: ReadContext,
): ReadonlyMap<string, ParsedEnvironment> {
  const written = Object.hasOwn(definition, "environments") ? definition["environments"] : {};
  const environments = environmentsSchema.read(written, ["environments"], context) ?? {};
  const names = isRecord(written) ? Object.keys(written).toSorted() : [];
  if (names.length === 0) {
    context.report(emptyCollection(["environments"], { expected: "at least one environment" }));
    // Its settings deserve a look all the same.
    readOne(definition, undefined, registry, context);
  }
  const parsed = new Map<string, ParsedEnvironment>();
  for (const name of names) {
    const { layer, ...read } = readOne(definition, name, registry, context);
    const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
    if (environment === undefined) continue;
    const exceptions = readExceptions(definition, { name, layer }, registry, context);
    parsed.set(name, { name, path: ["environments", name], ...environment, ...read, exceptions });
  }
  return parsed;
}

/** Settings with everything laid over them so far, and where each value was written. */
interface Layer {
  readonly merged: unknown;
  readonly originOf: OriginOf;
}

interface OneEnvironment extends ClusterSettings {
  readonly layer: Layer;
}

function readOne(
  definition: Definition,
  name: string | undefined,
  registry: Registry,
  context: ReadContext,
): OneEnvironment {
  const base = { merged: settingsOf(definition, registry), originOf: (path: Path) => path };
  const override = name === undefined ? undefined : overrideOf(definition, name, registry);
  const layer = layOver(base, override, ["overrides", name ?? ""], registry);
  return { ...readLayer(definition, layer, registry, context), layer };
}

/** Clusters of the environment that have an override of their own: `overrides.prod.clusters.office`. */
function readExceptions(
  definition: Definition,
  { name, layer }: { readonly name: string; readonly layer: Layer },
  registry: Registry,
  context: ReadContext,
): ReadonlyMap<string, ClusterSettings> {
  const overrides = valueAt(definition, ["overrides", name, CLUSTER_OVERRIDES]);
  if (!isRecord(overrides)) return new Map();
  return new Map(
    Object.entries(overrides).flatMap(([cluster, override]) => {
      if (!isRecord(override)) return [];
      const at = ["overrides", name, CLUSTER_OVERRIDES, cluster];
      const own = layOver(layer, settingsOf(override, registry), at, registry);
      return [[cluster, readLayer(definition, own, registry, context)] as const];
    }),
  );
}

function layOver(
  { merged, originOf }: Layer,
  override: unknown,
  at: Path,
  { slots }: Registry,
): Layer {
  const here = originsOf(merged, override, at);
  const whole = keepingEmptied(merge(merged, override), override, slots);
  return { merged: whole, originOf: (path) => originOf(here(path)) };
}

/** Removing what was inherited is not enough where a slot fills itself: there `null` stays, and means empty. */
function keepingEmptied(merged: unknown, override: unknown, slots: Registry["slots"]): unknown {
  if (!isRecord(override)) return merged;
  const emptied = slots.filter(
    ({ name, fallback }) => fallback !== undefined && override[name] === null,
  );
  if (emptied.length === 0) return merged;
  const whole: Record<string, unknown> = { ...(isRecord(merged) ? merged : {}) };
  for (const { name } of emptied) setOwn(whole, name, null);
  return whole;
}

function readLayer(
  definition: Definition,
  { merged, originOf }: Layer,
  registry: Registry,
  context: ReadContext,
): ClusterSettings {
  const whole = isRecord(merged) ? merged : {};
  const references: Reference[] = [];
  const report = (found: Diagnostic): void => context.report(relocate(found, originOf));
  const refer = (reference: Reference): void => void references.push(reference);
  const settings = readSettings(whole, registry, { report, refer });
  const effective = { ...definition, ...withSettings(whole, registry) };
  checkReferences(references, effective, definition).forEach(report);
  return { settings, originOf };
}

/** The part of the definition an environment may override. */
function settingsOf(definition: Definition, registry: Registry): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const key of settingsKeys(registry)) {
    if (Object.hasOwn(definition, key)) setOwn(settings, key, definition[key]);
  }
  return settings;
}

/** Every key of the settings, also those the merge removed. */
function withSettings(merged: Definition, registry: Registry): Definition {
  return Object.fromEntries(settingsKeys(registry).map((key) => [key, merged[key]]));
}

function overrideOf(definition: Definition, name: string, registry: Registry): unknown {
  const overrides = Object.hasOwn(definition, "overrides") ? definition["overrides"] : undefined;
  if (!isRecord(overrides) || !Object.hasOwn(overrides, name)) return undefined;
  const override = overrides[name];
  // What else stands there has been reported and belongs to no setting.
  return isRecord(override) ? settingsOf(override, registry) : undefined;
}

/** The same finding where its value was written. */
export function relocate(found: Diagnostic, originOf: OriginOf): Diagnostic {
  const { path, related } = found;
  const moved = related?.map((other) => ({ ...other, path: originOf(other.path) }));
  return { ...found, path: originOf(path), ...(moved === undefined ? {} : { related: moved }) };
}
