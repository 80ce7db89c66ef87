// Which resources this API serves right now: the built-in kinds, and what CustomResourceDefinitions add and take away.

import { builtinKinds } from "../../kubernetes/index.ts";
import type { KindFacts } from "../../kubernetes/index.ts";
import { emptyStruct } from "./decoding/zero-values.ts";
import { apiVersionOf } from "./resource.ts";
import type { Resource } from "./resource.ts";
import { builtinStorage } from "./storage-versions.ts";
import { customStrategy, strategyOf } from "./strategies/strategies.ts";

export interface ResourceRegistry {
  /** By the path of a request: group, version, plural. */
  byPath(group: string, version: string, resource: string): Resource | undefined;
  /** By what objects say of themselves. */
  byKind(apiVersion: string, kind: string): Resource | undefined;
  /** Facts of the body of a subresource: `autoscaling/v1` Scale, `v1` Binding. */
  bodyKind(apiVersion: string, kind: string): KindFacts | undefined;
  /** A body as a resource of its own that is never stored, for decoding it. */
  bodyResource(apiVersion: string, kind: string): Resource | undefined;
  /** Any served resource stored under this name, in its preferred version. */
  byStoreResource(storeResource: string): Resource | undefined;
  /** In discovery order. */
  all(): readonly Resource[];
  /** The versions of one custom resource, replacing the earlier ones; an empty list removes it. */
  setCustom(
    definition: string,
    kinds: readonly KindFacts[],
    storageVersion: string,
    isTerminating: boolean,
  ): void;
  /** Grows with every change of what is served. */
  readonly generation: number;
  onChange(listener: () => void): void;
}

export function createResourceRegistry(
  builtins: readonly KindFacts[] = builtinKinds().all(),
): ResourceRegistry {
  const fixed = builtins.map(builtinResource);
  const custom = new Map<string, readonly Resource[]>();
  const listeners: (() => void)[] = [];
  let index = buildIndex(fixed);
  let generation = 1;
  const rebuild = (): void => {
    generation += 1;
    const sorted = [...custom].toSorted(([a], [b]) => (a < b ? -1 : 1));
    index = buildIndex([...fixed, ...sorted.flatMap(([, resources]) => resources)]);
    for (const listener of listeners) listener();
  };
  return {
    byPath: (group, version, resource) => index.byPath.get(`${group}/${version}/${resource}`),
    byKind: (apiVersion, kind) => index.byKind.get(apiVersion)?.get(kind),
    bodyKind: (apiVersion, kind) => builtinKinds().find(apiVersion, kind),
    bodyResource(apiVersion, kind) {
      const facts = builtinKinds().find(apiVersion, kind);
      return facts && builtinResource(facts);
    },
    byStoreResource: (storeResource) => index.byStore.get(storeResource),
    all: () => index.all,
    setCustom(definition, kinds, storageVersion, isTerminating) {
      if (kinds.length === 0) custom.delete(definition);
      else
        custom.set(
          definition,
          kinds.map((facts) => customResource(facts, storageVersion, isTerminating)),
        );
      rebuild();
    },
    get generation() {
      return generation;
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

interface Index {
  readonly all: readonly Resource[];
  readonly byPath: ReadonlyMap<string, Resource>;
  /** By version, then by kind: asked for several times with every write. */
  readonly byKind: ReadonlyMap<string, ReadonlyMap<string, Resource>>;
  readonly byStore: ReadonlyMap<string, Resource>;
}

function buildIndex(all: readonly Resource[]): Index {
  const byPath = new Map<string, Resource>();
  const byKind = new Map<string, Map<string, Resource>>();
  const byStore = new Map<string, Resource>();
  for (const resource of all) {
    const { facts, apiVersion, storeResource } = resource;
    byPath.set(`${facts.group}/${facts.version}/${facts.resource}`, resource);
    const ofVersion = byKind.get(apiVersion) ?? new Map<string, Resource>();
    byKind.set(apiVersion, ofVersion.set(facts.kind, resource));
    if (!byStore.has(storeResource) || resource.storageVersion === apiVersion) {
      byStore.set(storeResource, resource);
    }
  }
  return { all, byPath, byKind, byStore };
}

function builtinResource(facts: KindFacts): Resource {
  const apiVersion = apiVersionOf(facts);
  const { storeResource, storageVersion } = builtinStorage(facts);
  return {
    facts,
    apiVersion,
    storeResource,
    storageVersion,
    strategy: strategyOf(facts, storeResource),
    get initialStatus() {
      return initialStatusOf(facts);
    },
  };
}

function customResource(
  facts: KindFacts,
  storageVersion: string,
  isTerminating: boolean,
): Resource {
  return {
    facts,
    apiVersion: apiVersionOf(facts),
    storeResource: `${facts.group}/${facts.resource}`,
    storageVersion,
    strategy: customStrategy(facts),
    initialStatus: undefined,
    isTerminating,
  };
}

/** Go writes the status struct of most built-in kinds even when it is empty. */
function initialStatusOf({ schema }: KindFacts): unknown {
  const status = schema.properties?.["status"];
  const isWritten = schema.always?.includes("status") === true;
  return status !== undefined && isWritten ? emptyStruct(status) : undefined;
}
