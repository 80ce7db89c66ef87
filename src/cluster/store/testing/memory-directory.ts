// A disk in memory that can fail as disks do: it writes short, tears the last write at a power cut, forgets files whose
// directory was not synced, and refuses writes and syncs. Only promises are waited for, so virtual time needs no sockets.

import type { Rng } from "../../../core/index.ts";
import { LockedError } from "../journal/directory.ts";
import type { AppendFile, Directory } from "../journal/directory.ts";

/** Set and unset while the directory is in use. */
export interface DiskFaults {
  /** Bytes a single write takes at most. */
  writeBytesMax?: number | undefined;
  /** Taken bytes are written; then this. */
  writeError?: Error | undefined;
  syncError?: Error | undefined;
}

export interface MemoryDirectory extends Directory {
  readonly faults: DiskFaults;
  /** Syncs of files and of the directory so far. */
  readonly syncs: number;
  /** What a machine finds after its power was cut now. The process that had the directory is gone. */
  powerCut(rng: Rng): MemoryDirectory;
  /** Changes bytes behind everybody's back. */
  damage(name: string, change: (bytes: Buffer) => Buffer): void;
}

interface StoredFile {
  bytes: Buffer;
  /** Bytes that survive a power cut. */
  syncedBytes: number;
}

const SECTOR_BYTES = 512;

/** How long a sync takes; a promise of a virtual clock. */
export type SyncDelay = () => Promise<void>;

export function createMemoryDirectory(
  files: ReadonlyMap<string, Buffer> = new Map(),
  syncDelay: SyncDelay = () => Promise.resolve(),
): MemoryDirectory {
  const stored = [...files].map(
    ([name, bytes]) => [name, { bytes, syncedBytes: bytes.length }] as const,
  );
  const live = new Map<string, StoredFile>(stored);
  let durable = new Map(live);
  const faults: DiskFaults = {};
  let isLocked = false;
  let isGone = false;
  let syncs = 0;

  const find = (name: string): StoredFile => {
    if (isGone) throw new Error("the power is off");
    const file = live.get(name);
    if (file === undefined) throw new Error(`no file ${name}`);
    return file;
  };
  const sync = async (): Promise<void> => {
    await syncDelay();
    if (isGone) throw new Error("the power is off");
    if (faults.syncError !== undefined) throw faults.syncError;
    syncs += 1;
  };
  return {
    path: "/memory",
    faults,
    get syncs() {
      return syncs;
    },
    lock() {
      if (isLocked) return Promise.reject(new LockedError("/memory", 1));
      isLocked = true;
      const release = (): Promise<void> => {
        isLocked = false;
        return Promise.resolve();
      };
      return Promise.resolve({ release });
    },
    list: () => Promise.resolve([...live.keys()]),
    read: async (name) => find(name).bytes,
    async append(name) {
      if (!live.has(name)) live.set(name, { bytes: Buffer.alloc(0), syncedBytes: 0 });
      return appendTo(() => find(name), faults, sync);
    },
    async truncate(name, sizeBytes) {
      const file = find(name);
      file.bytes = file.bytes.subarray(0, sizeBytes);
      file.syncedBytes = sizeBytes;
    },
    async rename(from, to) {
      const file = find(from);
      live.delete(from);
      live.set(to, file);
    },
    remove: async (name) => void live.delete(name),
    async sync() {
      const now = new Map(live);
      await sync();
      durable = now;
    },
    powerCut(rng) {
      isGone = true;
      const entries = rng.below(2) === 0 ? durable : live;
      return createMemoryDirectory(
        new Map([...entries].map(([name, file]) => [name, remainder(file, rng)])),
        syncDelay,
      );
    },
    damage(name, change) {
      const file = find(name);
      file.bytes = change(Buffer.from(file.bytes));
    },
  };
}

function appendTo(
  find: () => StoredFile,
  faults: DiskFaults,
  sync: () => Promise<void>,
): AppendFile {
  // An open file stays itself when its name changes.
  const file = find();
  return {
    get sizeBytes() {
      return file.bytes.length;
    },
    async write(bytes) {
      find();
      const taken = bytes.subarray(0, faults.writeBytesMax ?? bytes.length);
      file.bytes = Buffer.concat([file.bytes, taken]);
      if (faults.writeError !== undefined) throw faults.writeError;
      return taken.length;
    },
    async sync() {
      const written = file.bytes.length;
      await sync();
      file.syncedBytes = Math.max(file.syncedBytes, written);
    },
    close: () => Promise.resolve(),
  };
}

/** All that was synced, some of the rest, and perhaps a hole in that. */
function remainder({ bytes, syncedBytes }: StoredFile, rng: Rng): Buffer {
  const kept = syncedBytes + rng.below(bytes.length - syncedBytes + 1);
  const left = Buffer.from(bytes.subarray(0, kept));
  const firstSector = Math.ceil(syncedBytes / SECTOR_BYTES);
  const sectors = Math.floor(kept / SECTOR_BYTES) - firstSector;
  if (sectors > 0 && rng.below(2) === 0) {
    const at = (firstSector + rng.below(sectors)) * SECTOR_BYTES;
    left.fill(0, at, at + SECTOR_BYTES);
  }
  return left;
}
