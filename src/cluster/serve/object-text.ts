// JSON of stored objects, written once per object: stored objects never change, and many clients read the same ones.

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { TextSlices } from "./text-slices.ts";

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

/** In slices, each written when it is asked for: a client takes one while the next is made. */
export function* listSlices(list: ListText): Generator<Buffer, void> {
  const slices = new TextSlices();
  for (const text of listTexts(list)) {
    const full = slices.add(text);
    if (full !== undefined && full.length > 0) yield full;
  }
  yield slices.take();
}

function* listTexts(list: ListText): Generator<string, void> {
  const { apiVersion, kind, metadata, items } = list;
  yield `${JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1)},"items":[`;
  const bodyOf = list.isCustom ? bodyWithKind : bodyWithoutKind(list);
  let before = "{";
  for (const item of items) {
    yield before;
    yield bodyOf(item);
    before = ",{";
  }
  yield "]}\n";
}

function bodyWithKind(item: KubernetesObject): string {
  return objectText(item).slice(1);
}

const textsWithoutKind = new WeakMap<object, string>();

function bodyWithoutKind({ apiVersion, itemKind: kind }: ListText) {
  const starts = [
    { apiVersion, kind },
    { kind, apiVersion },
  ].map((start) => `${JSON.stringify(start).slice(0, -1)},`);
  return (item: KubernetesObject): string => {
    const text = objectText(item);
    // Most texts begin with apiVersion and kind: cutting them off copies nothing.
    for (const start of starts) if (text.startsWith(start)) return text.slice(start.length);
    return textWithoutKind(item).slice(1);
  };
}

/** An object that has its kind elsewhere than first. */
function textWithoutKind(item: KubernetesObject): string {
  let text = textsWithoutKind.get(item);
  if (text === undefined) {
    const { apiVersion: _, kind: __, ...others } = item;
    text = JSON.stringify(others);
    if (Object.isFrozen(item)) textsWithoutKind.set(item, text);
  }
  return text;
}

/** Go writes an absent item list as null and an empty one as []. */
export function eventText(type: string, objectJson: string): string {
  return `{"type":"${type}","object":${objectJson}}\n`;
}
