// Every field that somebody manages is there. Mirrors what structured-merge-diff keeps true: what is removed from an object
// is removed from every manager's set.

import type { Checker } from "./checker.ts";
import { nameOf } from "./checker.ts";

interface ManagedEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly fieldsV1?: unknown;
}

export const managedFieldsExist: Checker = {
  name: "managed fields exist in their object",
  phase: "safety",
  check: ({ objects }) =>
    objects.flatMap((object) => {
      const entries = (object.metadata.managedFields ?? []) as readonly ManagedEntry[];
      return entries.flatMap(({ manager, operation, fieldsV1 }) =>
        missing(fieldsV1, object, "")
          .filter((path) => !isDropped(object.kind, path))
          .map(
            (path) => `${nameOf(object)}${path} is managed by ${manager} (${operation}) and absent`,
          ),
      );
    }),
};

/** Why a pod was not scheduled; a binding takes it away. */
const WHY_UNSCHEDULED =
  /^\.f:status\.f:conditions\.k:\{"type":"PodScheduled"\}\.f:(reason|message)$/;

/**
 * What goes where nobody tracks fields stays in the set of whoever wrote it, here as in the API server: what a change of a
 * Service's type drops (pkg/registry/core/service/strategy.go dropTypeDependentFields), and what a binding does to the
 * condition (pkg/registry/core/pod/storage/storage.go setPodNodeAndMetadata).
 */
function isDropped(kind: string, path: string): boolean {
  if (kind === "Service") return path.startsWith(".f:spec.f:");
  return kind === "Pod" && WHY_UNSCHEDULED.test(path);
}

/** Paths of the field set that lead nowhere. */
function missing(fields: unknown, value: unknown, path: string): readonly string[] {
  if (typeof fields !== "object" || fields === null) return [];
  return Object.entries(fields).flatMap(([step, below]) => {
    if (step === ".") return [];
    const next = follow(step, value);
    return next === undefined ? [`${path}.${step}`] : missing(below, next, `${path}.${step}`);
  });
}

function follow(step: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const [kind, rest] = [step.slice(0, 2), step.slice(2)];
  if (kind === "f:") return (value as Readonly<Record<string, unknown>>)[rest];
  if (!Array.isArray(value)) return undefined;
  const wanted: unknown = JSON.parse(rest);
  const items = value as readonly unknown[];
  if (kind === "v:") return items.find((item) => JSON.stringify(item) === JSON.stringify(wanted));
  if (kind === "i:") return items[Number(wanted)];
  return items.find((item) => hasKeys(item, wanted as Readonly<Record<string, unknown>>));
}

function hasKeys(item: unknown, keys: Readonly<Record<string, unknown>>): boolean {
  if (typeof item !== "object" || item === null) return false;
  const fields = item as Readonly<Record<string, unknown>>;
  return Object.entries(keys).every(([name, value]) => fields[name] === value);
}
