// A list, and every change that a watch told since, is the list of now.

import { nameOf, type Checker, type World } from "./checker.ts";

export const watchEqualsList: Checker = {
  name: "a list plus its watch is a later list",
  phase: "safety",
  check: ({ lists, witness }: World) =>
    [...lists].flatMap(([kind, items]) => {
      const mirror = witness.mirror(kind);
      const keys = new Set<string>();
      const wrong: string[] = [];
      for (const item of items) {
        const key = `${item.metadata.namespace ?? ""}/${item.metadata.name}`;
        keys.add(key);
        const told = mirror.get(key)?.metadata.resourceVersion;
        if (told !== item.metadata.resourceVersion) {
          wrong.push(`${nameOf(item)} is at ${item.metadata.resourceVersion}, watches say ${told}`);
        }
      }
      for (const [key, object] of mirror) {
        if (!keys.has(key)) wrong.push(`${nameOf(object)} is gone, watches did not say so`);
      }
      return wrong;
    }),
};
