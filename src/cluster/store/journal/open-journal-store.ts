// The durable store: the same structures in memory as the store without a disk, and beside them a journal of every write.
// Learnt from etcd's write-ahead log and snapshots (server/storage/wal, server/etcdserver/api/snap).

import type { Clock } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createStoreCore } from "../memory-store.ts";
import type { StoreCore } from "../memory-store.ts";
import type { Revision, Store, StoreEvent } from "../store.ts";
import type { Directory, DirectoryLock } from "./directory.ts";
import { createGroupCommit } from "./group-commit.ts";
import { openJournalWriter } from "./journal-writer.ts";
import type { JournalWriter } from "./journal-writer.ts";
import { keepTime } from "./kept-time.ts";
import { openNodeDirectory } from "./node-directory.ts";
import { eventRecord } from "./record.ts";
import type { JournalRecord } from "./record.ts";
import { recover } from "./recover.ts";
import { writeSnapshot } from "./snapshot.ts";
import type { SnapshotState } from "./snapshot.ts";
import { journalName } from "./store-files.ts";

export interface JournalStoreOptions {
  /** Made when it is not there. It belongs to the store: nothing else should be in it. */
  readonly directory: string | Directory;
  /** Events kept per resource, as in memory. */
  readonly historyMax?: number;
  /** A journal this large is followed by a snapshot and a new journal. Default 32 MiB. */
  readonly rotateBytes?: number;
  /** Journals kept for watches that ask for the past. Default 256 MiB. */
  readonly retainBytes?: number;
  /** What a person may want to know and need not act on, such as a torn last write. */
  readonly onNotice?: (message: string) => void;
}

export interface JournalStore extends Store {
  /** Resolves with the reason when the disk has failed: from then on nothing is acknowledged. */
  readonly failed: Promise<Error>;
  /** Everything written is durable, and another process may open the directory. */
  close(): Promise<void>;
}

const ROTATE_BYTES = 32 * 1024 * 1024;
const RETAIN_BYTES = 256 * 1024 * 1024;

/** Rejects with LockedError while another process has the directory, and with DamagedError when data is lost. */
export async function openJournalStore(options: JournalStoreOptions): Promise<JournalStore> {
  const { directory: given } = options;
  const directory = typeof given === "string" ? await openNodeDirectory(given) : given;
  const lock = await directory.lock();
  try {
    return await openLocked(options, directory, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Write {
  /** Absent for a note that is no write. */
  readonly event?: StoreEvent;
  readonly record: JournalRecord;
}

async function openLocked(
  options: JournalStoreOptions,
  directory: Directory,
  lock: DirectoryLock,
): Promise<JournalStore> {
  const { onNotice = () => {}, historyMax } = options;
  const { rotateBytes = ROTATE_BYTES, retainBytes = RETAIN_BYTES } = options;
  let tellFailed = (_error: Error): void => {};
  const failed = new Promise<Error>((resolve) => (tellFailed = resolve));
  let closed = false;

  const core = createStoreCore(historyMax === undefined ? {} : { historyMax }, (event, last) =>
    commit.add({ event, record: eventRecord(event, last) }),
  );
  const recovered = await recover({ directory, core, onNotice });
  let time = recovered?.time ?? 0;
  let clock: Clock | undefined;
  const now = (): number => (time = Math.max(time, clock?.now() ?? 0));
  const capture = (): SnapshotState => capturedState(core, now());
  if (recovered === undefined) await writeSnapshot(directory, capture());
  const journal = recovered?.journal ?? journalName(core.revision);
  const writer = await openJournalWriter({
    directory,
    journal,
    rotateBytes,
    retainBytes,
    capture,
    onNotice,
  });
  const commit = createGroupCommit<Write>({
    write: (group) =>
      writer.write(
        group.map(({ record }) => record),
        now(),
      ),
    onDurable: (group) => {
      for (const { event } of group) if (event !== undefined) core.publish(event);
    },
    onFailure: tellFailed,
  });

  return {
    ...readsOf(core),
    get revision() {
      return core.revision;
    },
    get settledRevision() {
      return core.settledRevision;
    },
    put(key, object, expected) {
      refuseWrites(closed, commit.failure);
      return core.put(key, object, expected);
    },
    delete(key, expected, last?: KubernetesObject) {
      refuseWrites(closed, commit.failure);
      return core.delete(key, expected, last);
    },
    compact(revision: Revision) {
      const before = core.compacted;
      core.compact(revision);
      if (core.compacted === before || closed || commit.failure !== undefined) return;
      commit.add({ record: { compact: core.compacted } });
      void writer.prune(core.compacted);
    },
    settled: () => commit.settled(),
    keepTime: (given) => (clock = keepTime(given, time)),
    failed,
    async close() {
      if (closed) return;
      closed = true;
      await closeStore(commit.settled(), writer, lock);
    },
  };
}

function readsOf(core: StoreCore): Pick<Store, "get" | "list" | "count" | "watch"> {
  const { get, list, count, watch } = core;
  return { get, list, count, watch };
}

function capturedState(core: StoreCore, time: number): SnapshotState {
  const { revision, compacted } = core;
  return { revision, compacted, objects: core.contents(), time };
}

/** A write after a failure would be shown to readers and be gone tomorrow. */
function refuseWrites(closed: boolean, failure: Error | undefined): void {
  if (failure !== undefined) throw failure;
  if (closed) throw new Error("the store is closed");
}

async function closeStore(
  settled: Promise<void>,
  writer: JournalWriter,
  lock: DirectoryLock,
): Promise<void> {
  try {
    await settled;
  } finally {
    await writer.close();
    await lock.release();
  }
}
