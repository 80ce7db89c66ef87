import fc from "fast-check";
import { expect, test } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import { createObjectTable } from "./object-table.ts";

const object = (namespace: string, name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace, name },
});

const step = fc.record({
  does: fc.constantFrom("set", "set", "remove", "list"),
  namespace: fc.constantFrom("a", "a-b", "b"),
  name: fc.constantFrom("m", "a", "z", "a-1", "a.1", "10", "9"),
});

test("lists in the order of keys, whatever came, went and came back in between", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = createObjectTable();
      const model = new Map<string, KubernetesObject>();
      for (const { does, namespace, name } of steps) {
        const key = `${namespace}/${name}`;
        if (does === "set") {
          model.set(key, object(namespace, name));
          table.set(namespace, name, object(namespace, name));
        } else if (does === "remove") {
          model.delete(key);
          table.remove(namespace, name);
        }
        // Listing sorts, so that not listing at every step is part of the test.
        if (does === "list") expect(table.list()).toEqual(inOrder(model));
      }
      expect(table.list()).toEqual(inOrder(model));
      expect(table.list("a")).toEqual(
        inOrder(model).filter(({ metadata }) => metadata.namespace === "a"),
      );
      expect(table.size).toBe(model.size);
    }),
  );
});

function inOrder(model: ReadonlyMap<string, KubernetesObject>): KubernetesObject[] {
  return [...model].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}
