// The end of the journal that is written to. When it has grown enough, the group being written becomes its last, the next
// one begins a new file, and a snapshot of the state between the two is made meanwhile.

import type { Revision } from "../store.ts";
import { writeAll } from "./directory.ts";
import type { AppendFile, Directory } from "./directory.ts";
import { encodeFrame } from "./frame.ts";
import { FORMAT_VERSION } from "./record.ts";
import type { FileRecord, JournalRecord } from "./record.ts";
import { listStoreFiles, journalName } from "./store-files.ts";
import { writeSnapshot } from "./snapshot.ts";
import type { SnapshotState } from "./snapshot.ts";

export interface JournalWriterOptions {
  readonly directory: Directory;
  /** The file to go on with. */
  readonly journal: string;
  /** A file this large is the last to be written to for a while. */
  readonly rotateBytes: number;
  /** Journals kept beside the newest snapshot may be this large, whether or not somebody could still ask for them. */
  readonly retainBytes: number;
  /** The state as of now. */
  readonly capture: () => SnapshotState;
  readonly onNotice: (message: string) => void;
}

export interface JournalWriter {
  /** Resolves when the records are durable. One caller at a time. */
  write(records: readonly JournalRecord[], time: number): Promise<void>;
  /** Removes files that show nothing but what may be forgotten. */
  prune(compacted: Revision): Promise<void>;
  close(): Promise<void>;
}

export async function openJournalWriter(options: JournalWriterOptions): Promise<JournalWriter> {
  const { directory, rotateBytes, capture, onNotice } = options;
  let file = await openJournal(directory, options.journal);
  let housekeeping: Promise<void> = Promise.resolve();

  /** Failures here lose nothing: the journals stay, and the next rotation tries again. */
  const keepHouse = (work: () => Promise<void>): Promise<void> => {
    housekeeping = housekeeping.then(work).catch((error: unknown) => {
      onNotice(`the store keeps older files for now: ${String(error)}`);
    });
    return housekeeping;
  };
  const rotate = async (state: SnapshotState): Promise<void> => {
    await file.close();
    file = await openJournal(directory, journalName(state.revision));
    void keepHouse(async () => {
      await writeSnapshot(directory, state);
      await prune(options, state.compacted);
    });
  };
  return {
    async write(records, time) {
      // Taken before anything waits: later writes are not in it.
      const state = file.sizeBytes > rotateBytes ? capture() : undefined;
      const lines = records.map((record) => JSON.stringify(record));
      await writeAll(file, encodeFrame(lines, time));
      await file.sync();
      if (state !== undefined) await rotate(state);
    },
    prune: (compacted) => keepHouse(() => prune(options, compacted)),
    async close() {
      await housekeeping;
      await file.close();
    },
  };
}

async function openJournal(directory: Directory, name: string): Promise<AppendFile> {
  const file = await directory.append(name);
  if (file.sizeBytes > 0) return file;
  const revision = Number(name.slice(name.lastIndexOf("-") + 1));
  const head: FileRecord = { file: "journal", version: FORMAT_VERSION, revision };
  await writeAll(file, encodeFrame([JSON.stringify(head)], 0));
  await file.sync();
  await directory.sync();
  return file;
}

/** Keeps the newest snapshot that is no younger than what may be asked for, and everything after it. */
async function prune(
  { directory, retainBytes, rotateBytes }: JournalWriterOptions,
  compacted: Revision,
): Promise<void> {
  const { snapshots, journals } = await listStoreFiles(directory);
  const filesMax = Math.max(2, Math.ceil(retainBytes / rotateBytes));
  const isTooMuch = journals.length > filesMax;
  const base = isTooMuch
    ? snapshots.at(-1)
    : snapshots.findLast(({ revision }) => revision <= compacted);
  if (base === undefined) return;
  const older = ({ revision }: { readonly revision: Revision }): boolean =>
    revision < base.revision;
  // Journals go after the snapshots that need them.
  for (const files of [snapshots.filter(older), journals.filter(older)]) {
    for (const { name } of files) await directory.remove(name);
    await directory.sync();
  }
}
