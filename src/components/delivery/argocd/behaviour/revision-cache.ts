// Remembers which commit a revision is until somebody pushes or the interval has passed, as Argo CD compares with the
// recent revision between refreshes: a change of a live object alone asks git nothing.

import type { Clock, InstantMs } from "../../../../core/index.ts";
import type { GitSource } from "../../../../model/index.ts";

interface Known {
  readonly commit: Promise<string>;
  readonly until: InstantMs;
}

/** `lifetimeMs`: how long a push may go unnoticed where nothing announces it. */
export function withRevisionCache(git: GitSource, clock: Clock, lifetimeMs: number): GitSource {
  const known = new Map<string, Map<string, Known>>();
  const callbacks = new Map<string, Set<() => void>>();

  const follow = (url: string): void => {
    if (callbacks.has(url)) return;
    callbacks.set(url, new Set());
    git.onPush(url, () => {
      known.delete(url);
      for (const callback of callbacks.get(url) ?? []) callback();
    });
  };
  const resolve: GitSource["resolve"] = (url, revision) => {
    follow(url);
    const revisions = known.get(url) ?? new Map<string, Known>();
    known.set(url, revisions);
    const found = revisions.get(revision);
    if (found !== undefined && found.until > clock.now()) return found.commit;
    const commit = git.resolve(url, revision);
    revisions.set(revision, { commit, until: clock.now() + lifetimeMs });
    // What could not be resolved is asked again.
    commit.catch(() => revisions.delete(revision));
    return commit;
  };
  return {
    resolve,
    read: (url, commit, directory) => git.read(url, commit, directory),
    onPush: (url, callback) => {
      follow(url);
      const set = callbacks.get(url) ?? new Set();
      callbacks.set(url, set.add(callback));
      return { stop: () => void set.delete(callback) };
    },
  };
}
