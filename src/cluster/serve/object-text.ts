// JSON of stored objects, written once per object: stored objects never change, and many clients read the same ones.

import type { KubernetesObject } from "../../kubernetes/index.ts";

const texts = new WeakMap<object, string>();

export function objectText(object: object): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    if (Object.isFrozen(object)) texts.set(object, text);
  }
  return text;
}

export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface ListText {
  readonly apiVersion: string;
  readonly kind: string;
  readonly itemKind: string;
  readonly metadata: ListMetadata;
  readonly items: readonly KubernetesObject[];
  /** Items of custom kinds say what they are; those of kinds that are Go types do not (kubernetes/kubernetes#3030). */
  readonly isCustom: boolean;
}

export function listText({
  apiVersion,
  kind,
  itemKind,
  metadata,
  items,
  isCustom,
}: ListText): string {
  const head = `${JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1)},"items":[`;
  if (isCustom || items.length === 0) return `${head}${items.map(itemText).join(",")}]}`;
  const starts = [
    { apiVersion, kind: itemKind },
    { kind: itemKind, apiVersion },
  ].map((start) => `${JSON.stringify(start).slice(0, -1)},`);
  const texts = items.map((item) => withoutKind(item, starts));
  texts[0] = `${head}{${texts[0] ?? ""}`;
  texts.push(`${texts.pop() ?? ""}]}\n`);
  // One join, whose text nothing is appended to: what is put together in two steps is copied twice.
  return texts.join(",{");
}

function itemText(item: KubernetesObject): string {
  return objectText(item);
}

const textsWithoutKind = new WeakMap<object, string>();

/** What follows the opening brace. Most texts begin with apiVersion and kind: cutting them off copies nothing. */
function withoutKind(item: KubernetesObject, starts: readonly string[]): string {
  const text = objectText(item);
  for (const start of starts) if (text.startsWith(start)) return text.slice(start.length);
  let rest = textsWithoutKind.get(item);
  if (rest === undefined) {
    const { apiVersion: _, kind: __, ...others } = item;
    rest = JSON.stringify(others).slice(1);
    if (Object.isFrozen(item)) textsWithoutKind.set(item, rest);
  }
  return rest;
}

/** Go writes an absent item list as null and an empty one as []. */
export function eventText(type: string, objectJson: string): string {
  return `{"type":"${type}","object":${objectJson}}\n`;
}
