// Sessions seen by this process lately: the figure of active users where no cache keeps it for all replicas.

export interface Visitors {
  touch(session: string): void;
  /** Within the last five minutes. */
  count(): number;
}

const ACTIVE_MS = 5 * 60 * 1000;
const VISITORS_MAX = 100_000;

export function createVisitors(): Visitors {
  // Insertion order is order of time: a visitor who comes again moves to the end.
  const seenMs = new Map<string, number>();
  const dropOld = (): void => {
    for (const [session, atMs] of seenMs) {
      if (performance.now() - atMs <= ACTIVE_MS && seenMs.size <= VISITORS_MAX) break;
      seenMs.delete(session);
    }
  };
  return {
    touch: (session) => {
      seenMs.delete(session);
      seenMs.set(session, performance.now());
      dropOld();
    },
    count: () => {
      dropOld();
      return seenMs.size;
    },
  };
}
