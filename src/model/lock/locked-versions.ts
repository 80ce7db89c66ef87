// The lock as components read it.

import { invariant } from "../../core/index.ts";
import type { Versions } from "../contracts/plan.ts";
import type { Lock } from "./lock.ts";

export function lockedVersions({ charts, images }: Lock): Versions {
  return {
    chart: (name) => entryOf(charts, name, "chart"),
    image: (name) => entryOf(images, name, "image"),
  };
}

/** That the lock is complete has been checked, so a name it lacks is none of the catalogue's. */
function entryOf<Entry>(
  entries: Readonly<Record<string, Entry>>,
  name: string,
  what: string,
): Entry {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  invariant(entry !== undefined, `${what} ${name} is in the catalogue`);
  return entry;
}
