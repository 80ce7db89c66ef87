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

export function listText(
  kind: string,
  apiVersion: string,
  metadata: ListMetadata,
  items: readonly KubernetesObject[],
): string {
  const head = JSON.stringify({ kind, apiVersion, metadata });
  return `${head.slice(0, -1)},"items":[${items.map(itemText).join(",")}]}`;
}

function itemText(item: KubernetesObject): string {
  return objectText(item);
}

/** Go writes an absent item list as null and an empty one as []. */
export function eventText(type: string, objectJson: string): string {
  return `{"type":"${type}","object":${objectJson}}\n`;
}
