// Group commit: what is written while the disk is busy goes to it together, so that many callers wait for one sync. Once a
// write or a sync has failed nobody knows what is on the disk, and nothing is acknowledged any more.

export interface GroupCommit<Item> {
  /** Sends the item with the next group. Throws after a failure. */
  add(item: Item): void;
  /** Resolves when everything added so far is durable; rejects after a failure. */
  settled(): Promise<void>;
  /** The disk failed; later writes are refused with this. */
  readonly failure: Error | undefined;
}

export interface GroupCommitOptions<Item> {
  /** Called when a group is taken, before anything is added to the next one. */
  readonly write: (group: readonly Item[]) => Promise<void>;
  /** The group is durable. Called before those who wait for it go on. */
  readonly onDurable: (group: readonly Item[]) => void;
  readonly onFailure: (error: Error) => void;
}

interface Group<Item> {
  readonly items: Item[];
  readonly done: Promise<void>;
  readonly finish: (error?: Error) => void;
}

export function createGroupCommit<Item>(options: GroupCommitOptions<Item>): GroupCommit<Item> {
  let next = createGroup<Item>();
  let current: Group<Item> | undefined;
  let failure: Error | undefined;

  const commit = async (group: Group<Item>): Promise<void> => {
    try {
      await options.write(group.items);
    } catch (error) {
      failure = new Error("the store cannot write to its disk and acknowledges nothing any more", {
        cause: error,
      });
      for (const waiting of [group, next]) waiting.finish(failure);
      options.onFailure(failure);
      return;
    }
    options.onDurable(group.items);
    group.finish();
  };
  const run = async (): Promise<void> => {
    while (next.items.length > 0 && failure === undefined) {
      current = next;
      next = createGroup();
      await commit(current);
    }
    current = undefined;
  };
  return {
    add(item) {
      if (failure !== undefined) throw failure;
      next.items.push(item);
      if (current !== undefined || next.items.length > 1) return;
      queueMicrotask(() => void run());
    },
    settled() {
      if (failure !== undefined) return Promise.reject(failure);
      if (next.items.length > 0) return next.done;
      return current?.done ?? Promise.resolve();
    },
    get failure() {
      return failure;
    },
  };
}

function createGroup<Item>(): Group<Item> {
  let finish: Group<Item>["finish"] = () => {};
  const done = new Promise<void>((resolve, reject) => {
    finish = (error) => (error === undefined ? resolve() : reject(error));
  });
  // Often nobody waits.
  done.catch(() => {});
  return { items: [], done, finish };
}
