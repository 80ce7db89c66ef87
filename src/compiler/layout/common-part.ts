// Splits variants of one value into what they share and what each has besides. Joining the two with a strategic merge
// patch gives every variant back, field for field and in the same order, so a remainder only ever adds.
//
// Lists are taken apart only where Kubernetes merges them by a single key and all variants hold the same keys in the same
// order. Kustomize moves patched items to the front, so a remainder names every item up to the last one it touches.

import { deepEqual, isRecord } from "../../core/index.ts";
import type { FieldSchema } from "../../kubernetes/index.ts";

/** Stands for "nothing here"; `undefined` inside objects means the same. */
export type Part = unknown;

export interface Split {
  /** Undefined when the variants share nothing. */
  readonly common: Part;
  /** One for each variant, in order; undefined when the common part is already the whole. */
  readonly rests: readonly Part[];
}

type Fields = Record<string, unknown>;

export function splitVariants(variants: readonly unknown[], schema?: FieldSchema): Split {
  const [first] = variants;
  if (variants.every((variant) => deepEqual(variant, first))) {
    return { common: first, rests: variants.map(() => undefined) };
  }
  if (variants.every(isRecord)) return splitRecords(variants, schema) ?? whole(variants);
  if (variants.every(Array.isArray)) return splitLists(variants, schema) ?? whole(variants);
  return whole(variants);
}

function whole(variants: readonly unknown[]): Split {
  return { common: undefined, rests: variants };
}

function splitRecords(variants: readonly Fields[], schema?: FieldSchema): Split | undefined {
  const common: Fields = {};
  const rests: Fields[] = variants.map(() => ({}));
  const keys = new Set(variants.flatMap((variant) => Object.keys(variant)));
  for (const key of keys) {
    const values = variants.map((variant) => variant[key]);
    const split = values.includes(undefined)
      ? whole(values)
      : splitVariants(values, member(schema, key));
    if (split.common !== undefined) common[key] = split.common;
    for (const [index, rest] of split.rests.entries()) {
      const target = rests[index];
      if (target !== undefined && rest !== undefined) target[key] = rest;
    }
  }
  if (Object.keys(common).length === 0) return undefined;
  return {
    common,
    rests: rests.map((rest) => (Object.keys(rest).length === 0 ? undefined : rest)),
  };
}

function member(schema: FieldSchema | undefined, key: string): FieldSchema | undefined {
  return schema?.properties?.[key] ?? schema?.additionalProperties;
}

function splitLists(
  variants: readonly (readonly unknown[])[],
  schema?: FieldSchema,
): Split | undefined {
  const key = mergeKeyOf(schema);
  if (key === undefined || !sameKeys(variants, key)) return undefined;
  const [first = []] = variants;
  const splits = first.map((_, index) =>
    splitVariants(
      variants.map((variant) => variant[index]),
      schema?.items,
    ),
  );
  const rests = variants.map((_, variant) => patchedItems(first, splits, variant, key));
  if (rests.some((rest) => rest === MOSTLY_MENTIONS)) return undefined;
  return { common: splits.map(({ common }) => common), rests };
}

/** The one field by which a strategic merge patch finds items, where it is also the whole list key. */
export function mergeKeyOf(schema: FieldSchema | undefined): string | undefined {
  const { patchStrategy = "", patchMergeKey, listMapKeys } = schema ?? {};
  if (!patchStrategy.split(",").includes("merge") || patchMergeKey === undefined) return undefined;
  const composite = (listMapKeys?.length ?? 1) > 1;
  return composite ? undefined : patchMergeKey;
}

export function sameKeys(variants: readonly (readonly unknown[])[], key: string): boolean {
  const keysOf = (list: readonly unknown[]): unknown[] =>
    list.map((item) => (isRecord(item) ? item[key] : undefined));
  const [first = [], ...others] = variants.map(keysOf);
  const unique = new Set(first);
  if (unique.size !== first.length || unique.has(undefined)) return false;
  return others.every((keys) => deepEqual(keys, first));
}

/** Says that a patch of the list would consist of bare keys for the most part. */
const MOSTLY_MENTIONS = Symbol("mostly mentions");

/** Items of a patch: what one variant adds, and bare keys in front of it to keep the order. */
function patchedItems(
  items: readonly unknown[],
  splits: readonly Split[],
  variant: number,
  key: string,
): Part {
  const touched = splits.map(({ rests }) => rests[variant]);
  const last = touched.findLastIndex((rest) => rest !== undefined);
  if (last < 0) return undefined;
  const mentions = touched.slice(0, last).filter((rest) => rest === undefined).length;
  if (mentions > last + 1 - mentions) return MOSTLY_MENTIONS;
  return touched.slice(0, last + 1).map((rest, index) => {
    const item = items[index] as Fields; // sameKeys has seen a record
    return { [key]: item[key], ...(rest as Fields | undefined) };
  });
}
