// The lock as components read it. What it lacks is noted when somebody asks for it, so that a lock need not know systems the
// platform does not use.

import { invariant } from "../../core/index.ts";
import type { Versions } from "../contracts/plan.ts";
import type { Lock } from "./lock.ts";
import { SHIPPED_CATALOGUE } from "./shipped-catalogue.ts";
import { chartPins, imageReferences } from "./update-lock.ts";

export function lockedVersions({ charts, images }: Lock): Versions {
  const missing = new Set<string>();
  const read = <Entry>(locked: Entries<Entry>, offered: Entries<Entry>, what: string) => {
    return (name: string): Entry => {
      if (Object.hasOwn(locked, name)) return entryOf(locked, name, what);
      missing.add(`${what} ${name}`);
      return entryOf(offered, name, what);
    };
  };
  return {
    chart: read(charts, chartPins(SHIPPED_CATALOGUE), "chart"),
    image: read(images, imageReferences(SHIPPED_CATALOGUE), "image"),
    missing: () => [...missing].toSorted(),
  };
}

type Entries<Entry> = Readonly<Record<string, Entry>>;

/** A name that is not even in the catalogue is our mistake. */
function entryOf<Entry>(entries: Entries<Entry>, name: string, what: string): Entry {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  invariant(entry !== undefined, `${what} ${name} is in the catalogue`);
  return entry;
}
