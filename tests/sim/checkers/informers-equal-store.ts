// Once nothing happens any more, a cache behind the faulty network shows what the store has.

import { nameOf, type Checker } from "./checker.ts";

export const informersEqualStore: Checker = {
  name: "caches equal the store",
  phase: "rest",
  check: ({ lists, life }) =>
    [...lists].flatMap(([kind, items]) => {
      const cached = life.informers.find(kind)?.list() ?? [];
      const versions = new Map(cached.map((object) => [nameOf(object), versionOf(object)]));
      const wrong = items
        .filter((item) => versions.get(nameOf(item)) !== versionOf(item))
        .map(
          (item) =>
            `${nameOf(item)} is at ${versionOf(item)}, cached ${versions.get(nameOf(item))}`,
        );
      const count = cached.length - items.length;
      return count > 0 ? [...wrong, `${count} of ${kind.kind} are cached and gone`] : wrong;
    }),
};

const versionOf = ({
  metadata,
}: {
  readonly metadata: { readonly uid?: string; readonly resourceVersion?: string };
}) => `${metadata.uid}@${metadata.resourceVersion}`;
