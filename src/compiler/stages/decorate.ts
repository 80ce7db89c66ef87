// Lets slot fillers change what others emitted, in a fixed order, with one owner for every field of every object.

import type { Diagnostic, Path } from "../../core/index.ts";
import { deepEqual, formatPath, isRecord } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { AnySlotFiller, Outcome, SlotChoice } from "../../model/index.ts";
import { contestedField } from "../diagnostics.ts";
import type { EmitInput, Emitted } from "./emit.ts";
import { emitContext, slotFiller } from "./emit.ts";

type EmittedChart = Emitted["charts"][number];

interface Decorator {
  readonly name: string;
  readonly path: Path;
  readonly apply: (object: KubernetesObject) => KubernetesObject;
  readonly applyToChart: (release: EmittedChart) => EmittedChart;
}

/** Fields already taken, as printed paths, with the decorator that set them. */
type Owners = Map<string, string>;

export function decorate(emitted: Emitted, input: EmitInput): Outcome<Emitted> {
  const decorators = decoratorsOf(input);
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  if (decorators.length === 0) return { value: emitted, diagnostics };
  const objects = emitted.objects.map((entry) => {
    const object = decorateObject(entry.object, decorators, report);
    return object === entry.object ? entry : { ...entry, object };
  });
  const charts = emitted.charts.map((release) =>
    decorators.reduce((current, { applyToChart }) => applyToChart(current), release),
  );
  return { value: { ...emitted, objects, charts }, diagnostics };
}

function decoratorsOf(input: EmitInput): Decorator[] {
  return input.cluster.slots
    .map((choice) => ({
      choice,
      filler: slotFiller(input.registry, choice.slot, choice.component),
    }))
    .filter(({ filler }) => filler.decorate !== undefined || filler.decorateChart !== undefined)
    .toSorted((a, b) => (a.filler.decorateOrder ?? 0) - (b.filler.decorateOrder ?? 0))
    .map(({ choice, filler }) => decoratorOf(choice, filler, input));
}

function decoratorOf(choice: SlotChoice, filler: AnySlotFiller, input: EmitInput): Decorator {
  const context = emitContext(input, choice.path);
  return {
    name: choice.component,
    path: choice.path,
    apply: (object) => filler.decorate?.(object, context, choice.options) ?? object,
    applyToChart: (release) => ({
      ...(filler.decorateChart?.(release, context, choice.options) ?? release),
      component: release.component,
    }),
  };
}

function decorateObject(
  object: KubernetesObject,
  decorators: readonly Decorator[],
  report: (diagnostic: Diagnostic) => void,
): KubernetesObject {
  const owners: Owners = new Map();
  let current = object;
  for (const { name, path, apply } of decorators) {
    const next = apply(current);
    if (next === current) continue;
    for (const field of changedFields(current, next)) {
      const first = ownerOf(owners, field);
      const facts = { object: displayRef(refOf(object)), field, second: name };
      if (first !== undefined && first !== name) report(contestedField(path, { ...facts, first }));
      owners.set(field, name);
    }
    current = next;
  }
  return current;
}

/** The decorator that set this field, one above it or one below it. */
function ownerOf(owners: Owners, field: string): string | undefined {
  for (const [owned, name] of owners) {
    if (owned === field || isInside(owned, field) || isInside(field, owned)) return name;
  }
  return undefined;
}

function isInside(inner: string, outer: string): boolean {
  return inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length));
}

/** Deepest paths whose values differ; items of lists are compared by `name` where they have one, else by index. */
export function changedFields(before: unknown, after: unknown, path: Path = []): string[] {
  if (before === after) return [];
  if (isRecord(before) && isRecord(after)) return changedMembers(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) {
    return deepEqual(before, after) ? [] : changedMembers(keyed(before), keyed(after), path);
  }
  return deepEqual(before, after) ? [] : [formatPath(path)];
}

function changedMembers(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  path: Path,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    before[key] === after[key] ? [] : changedFields(before[key], after[key], [...path, key]),
  );
}

function keyed(list: readonly unknown[]): Record<string, unknown> {
  const nameOf = (item: unknown): unknown => (isRecord(item) ? item["name"] : undefined);
  const named = list.every((item) => typeof nameOf(item) === "string");
  return Object.fromEntries(
    list.map((item, index) => [named ? String(nameOf(item)) : `#${index}`, item]),
  );
}
