// What a field manager has put on a cluster, so that what is no longer wanted can be found and pruned. Before anything is
// written the inventory holds the old set and the new; after the last prune only the new. An interruption in between
// loses nothing: the next run sees every object either run may have made.

import {
  formatRef,
  isNotFound,
  parseApiVersion,
  type KubeApi,
  type KubernetesObject,
  type ObjectRef,
} from "../kubernetes/index.ts";
import { isRecord } from "../core/index.ts";

export interface Inventory {
  /** Where it is kept, if in a namespace; created first when the set brings it along. */
  readonly namespace?: string;
  load(): Promise<readonly ObjectRef[]>;
  save(refs: readonly ObjectRef[]): Promise<void>;
  /** Forgets the inventory itself. */
  remove(): Promise<void>;
}

export interface ConfigMapInventoryOptions {
  /** Of the set, e.g. `bootstrap`; the ConfigMap is `keelson-inventory-<name>`. */
  readonly name: string;
  readonly namespace: string;
  readonly fieldManager: string;
}

/** Bytes of one ConfigMap are limited to 1 MiB: about eight thousand references. */
export function configMapInventory(
  api: KubeApi,
  { name, namespace, fieldManager }: ConfigMapInventoryOptions,
): Inventory {
  const ref = { apiVersion: "v1", kind: "ConfigMap", name: `keelson-inventory-${name}`, namespace };
  return {
    namespace,
    async load() {
      try {
        return parseInventory(await api.get(ref));
      } catch (error) {
        if (isNotFound(error)) return [];
        throw error;
      }
    },
    async save(refs) {
      const object = {
        apiVersion: ref.apiVersion,
        kind: ref.kind,
        metadata: {
          name: ref.name,
          namespace,
          labels: { "app.kubernetes.io/managed-by": "keelson" },
        },
        data: { objects: formatInventory(refs) },
      };
      await api.apply(object, { fieldManager, force: true });
    },
    async remove() {
      try {
        await api.delete(ref);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

/** One `group/version Kind namespace name` a line, sorted, so that a person can read and diff it. */
export function formatInventory(refs: readonly ObjectRef[]): string {
  const lines = refs.map(({ apiVersion, kind, namespace, name }) =>
    [apiVersion, kind, namespace ?? "-", name].join(" "),
  );
  return [...new Set(lines)].toSorted().join("\n");
}

function parseInventory(configMap: KubernetesObject): ObjectRef[] {
  const data = isRecord(configMap["data"]) ? configMap["data"]["objects"] : undefined;
  if (typeof data !== "string") return [];
  return data.split("\n").flatMap((line) => {
    const [apiVersion, kind, namespace, name] = line.split(" ");
    if (!apiVersion || !kind || !namespace || !name) return [];
    return [namespace === "-" ? { apiVersion, kind, name } : { apiVersion, kind, name, namespace }];
  });
}

/** Identity across versions: an object moved from v1beta1 to v1 is the same object. */
export function identityOf(ref: ObjectRef): string {
  return formatRef({ ...ref, apiVersion: parseApiVersion(ref.apiVersion).group });
}

/** Both sets, the newer reference winning. */
export function mergeRefs(older: readonly ObjectRef[], newer: readonly ObjectRef[]): ObjectRef[] {
  return [...new Map([...older, ...newer].map((ref) => [identityOf(ref), ref])).values()];
}

/** What is in `older` and no longer in `newer`. */
export function removedRefs(older: readonly ObjectRef[], newer: readonly ObjectRef[]): ObjectRef[] {
  const kept = new Set(newer.map(identityOf));
  return older.filter((ref) => !kept.has(identityOf(ref)));
}
