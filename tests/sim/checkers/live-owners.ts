// At rest everything that has owners has one that lives: garbage is collected.

import { nameOf, type Checker } from "./checker.ts";

export const liveOwners: Checker = {
  name: "every owned object has a live owner",
  phase: "rest",
  check({ objects }) {
    const uids = new Set(objects.map(({ metadata }) => metadata.uid));
    return objects
      .filter(({ metadata }) => (metadata.ownerReferences ?? []).length > 0)
      .filter(({ metadata }) => !(metadata.ownerReferences ?? []).some(({ uid }) => uids.has(uid)))
      .map((object) => `${nameOf(object)} has no owner any more`);
  },
};
