// One secret of an environment, whichever of its clusters ask for it: everybody who seals or makes values asks for it once.

import type { PlannedSecret } from "../../model/index.ts";

/** Clusters of one environment share a secret by its id, and each has it in namespaces of its own. */
export function mergeSecrets(planned: readonly PlannedSecret[]): readonly PlannedSecret[] {
  const merged = new Map<string, PlannedSecret>();
  for (const secret of planned) {
    const known = merged.get(secret.id) ?? secret;
    const namespaces = [...new Set([...known.namespaces, ...secret.namespaces])].toSorted();
    const names = new Set(known.keys.map(({ key }) => key));
    const keys = [...known.keys, ...secret.keys.filter(({ key }) => !names.has(key))];
    merged.set(secret.id, { ...known, namespaces, keys });
  }
  return [...merged.values()];
}
