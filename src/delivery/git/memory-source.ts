// A git source in memory, for virtual time: commits are trees, reading takes no I/O, pushes are calls.

import { canonicalJson, hash32 } from "../../core/index.ts";
import type { GitSource, Tree } from "../../model/index.ts";
import { filesBelow } from "./mirrored-source.ts";

export interface MemorySource extends GitSource {
  /** Makes a commit the tip of `main` and tells the watchers; returns its id. */
  push(url: string, tree: Tree): string;
}

export function createMemorySource(): MemorySource {
  const tips = new Map<string, string>();
  const commits = new Map<string, Tree>();
  const watchers = new Map<string, Set<() => void>>();
  const push = (url: string, tree: Tree): string => {
    const commit = commitId(tips.get(url) ?? "", tree);
    commits.set(commit, tree);
    tips.set(url, commit);
    for (const callback of watchers.get(url) ?? []) callback();
    return commit;
  };
  return {
    push,
    commit: async (url, { files }) =>
      push(url, new Map([...(commits.get(tips.get(url) ?? "") ?? []), ...files])),
    resolve: async (url, revision) => {
      const commit = commits.has(revision) ? revision : tips.get(url);
      if (commit === undefined) throw new Error(`unable to resolve '${revision}' to a commit SHA`);
      return commit;
    },
    read: async (_url, commit, directory) =>
      filesBelow(commits.get(commit) ?? new Map(), directory),
    onPush: (url, callback) => {
      const set = watchers.get(url) ?? new Set();
      watchers.set(url, set.add(callback));
      return { stop: () => void set.delete(callback) };
    },
  };
}

/** Forty hexadecimal digits that depend on parent and content, as long as a SHA-1 and as opaque. */
function commitId(parent: string, tree: Tree): string {
  const content = canonicalJson([parent, ...[...tree].toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  const words = [0, 1, 2, 3, 4].map((salt) =>
    hash32(`${salt}${content}`).toString(16).padStart(8, "0"),
  );
  return words.join("");
}
