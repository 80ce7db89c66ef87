// The pods of a namespace that a map selector picks, and the other way round: which selecting objects a pod
// concerns. Indexed by label, so that neither question walks a namespace.

import { matchesLabelMap } from "../../kubernetes/index.ts";
import type { KubernetesObject, TypedInformer } from "../../kubernetes/index.ts";
import { createIndex } from "./object-index.ts";

export interface LabelIndex<T extends KubernetesObject> {
  /** Objects of the namespace with all these labels. */
  select(namespace: string, wanted: Readonly<Record<string, string>>): readonly T[];
}

/** One index per informer, shared by everybody who asks. */
const indexes = new WeakMap<object, LabelIndex<never>>();

/** Objects by `namespace`, label and value. */
export function labelIndexOf<T extends KubernetesObject>(
  informer: TypedInformer<T>,
): LabelIndex<T> {
  // An index is stored under its own informer, so it has that informer's type.
  const known = indexes.get(informer) as LabelIndex<T> | undefined;
  if (known !== undefined) return known;
  const created = createLabelIndex(informer);
  indexes.set(informer, created as LabelIndex<never>);
  return created;
}

function createLabelIndex<T extends KubernetesObject>(informer: TypedInformer<T>): LabelIndex<T> {
  const index = createIndex(
    informer,
    ({ metadata }) =>
      Object.entries(metadata.labels ?? {}).map(
        ([label, value]) => `${metadata.namespace ?? ""} ${label}=${value}`,
      ),
    (current, old) => current.metadata.labels === old.metadata.labels,
  );
  return {
    select(namespace, wanted) {
      const pairs = Object.entries(wanted);
      const candidates = pairs.map(([label, value]) =>
        index.names(`${namespace} ${label}=${value}`),
      );
      const smallest = candidates.toSorted((a, b) => a.size - b.size)[0];
      if (smallest === undefined) return informer.list(namespace);
      return index
        .resolve(smallest)
        .filter(({ metadata }) => matchesLabelMap(wanted, metadata.labels));
    },
  };
}

export interface SelectorIndex {
  /** Keys of the selecting objects of the namespace that match these labels. */
  matching(
    namespace: string,
    labels: Readonly<Record<string, string>> | undefined,
  ): readonly string[];
}

/** Selecting objects by one of their pairs; `selectorOf` answers undefined for those that select nothing. */
export function createSelectorIndex<T extends KubernetesObject>(
  informer: TypedInformer<T>,
  selectorOf: (object: T) => Readonly<Record<string, string>> | undefined,
  keyOf: (object: T) => string,
): SelectorIndex {
  const byPair = new Map<string, Map<string, Readonly<Record<string, string>>>>();
  const pairOf = (object: T): string | undefined => {
    const selector = selectorOf(object);
    const name = selector && Object.keys(selector).toSorted()[0];
    return name && `${object.metadata.namespace ?? ""} ${name}=${selector[name]}`;
  };
  informer.onChange((current, old) => {
    const before = old && pairOf(old);
    if (old !== undefined && before !== undefined) {
      const there = byPair.get(before);
      if (there?.delete(keyOf(old)) && there.size === 0) byPair.delete(before);
    }
    const pair = current && pairOf(current);
    if (current === undefined || pair === undefined) return;
    const selector = selectorOf(current) ?? {};
    const there = byPair.get(pair);
    if (there === undefined) byPair.set(pair, new Map([[keyOf(current), selector]]));
    else there.set(keyOf(current), selector);
  });
  return {
    matching(namespace, labels = {}) {
      const keys: string[] = [];
      if (byPair.size === 0) return keys;
      for (const label in labels) {
        const candidates = byPair.get(`${namespace} ${label}=${labels[label]}`);
        candidates?.forEach((selector, key) => {
          if (matchesLabelMap(selector, labels)) keys.push(key);
        });
      }
      return keys;
    },
  };
}
