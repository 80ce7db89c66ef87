// Opens what an earlier process left: the oldest snapshot, then every journal in turn. The last write of a process that
// was killed may be torn; it was never acknowledged, and is cut off. Any other damage is refused.

import type { StoreCore } from "../memory-store.ts";
import type { Revision } from "../store.ts";
import { damagedJournal, laterFormat, missingFile } from "./damaged-error.ts";
import type { Directory } from "./directory.ts";
import { scanFrames } from "./frame.ts";
import { asRecord, FORMAT_VERSION, keyOfRecord } from "./record.ts";
import type { JournalRecord } from "./record.ts";
import { readSnapshot } from "./snapshot.ts";
import { journalName, listStoreFiles, snapshotName } from "./store-files.ts";
import type { StoreFile } from "./store-files.ts";

export interface Recovered {
  /** The journal to go on with; undefined when it has to be made. */
  readonly journal: string | undefined;
  /** Latest instant anything was written at, on the cluster's clock. */
  readonly time: number;
}

export interface RecoverOptions {
  readonly directory: Directory;
  /** Empty. */
  readonly core: StoreCore;
  readonly onNotice: (message: string) => void;
}

/** Undefined when there is no store yet. */
export async function recover(options: RecoverOptions): Promise<Recovered | undefined> {
  const { directory, core } = options;
  const { snapshots, journals, unfinished } = await listStoreFiles(directory);
  for (const name of unfinished) await directory.remove(name);
  const [base] = snapshots;
  if (base === undefined) {
    // The first snapshot comes before the first journal.
    if (journals.length > 0) throw missingFile(directory, snapshotName(0));
    return undefined;
  }
  let time = await readSnapshot(directory, base, core);
  const needed = journals.filter(({ revision }) => revision >= base.revision);
  for (const journal of needed) {
    // Every journal begins where the one before ended.
    if (journal.revision !== core.revision)
      throw missingFile(directory, journalName(core.revision));
    time = Math.max(time, await replay(options, journal, journal === needed.at(-1)));
  }
  for (const { name } of journals.filter((journal) => !needed.includes(journal))) {
    await directory.remove(name);
  }
  const newest = snapshots.at(-1)?.revision ?? 0;
  if (newest > core.revision) throw missingFile(directory, journalName(core.revision));
  return { journal: needed.at(-1)?.name, time };
}

/** Returns when its last write was. */
async function replay(
  { directory, core, onNotice }: RecoverOptions,
  { name }: StoreFile,
  isLast: boolean,
): Promise<number> {
  const bytes = await directory.read(name);
  const { frames, endBytes, damage } = scanFrames(bytes);
  for (const frame of frames) {
    for (const record of frame.records) restore(directory, name, core, asRecord(record));
  }
  if (damage !== undefined) {
    const place = { directory, name, atBytes: endBytes, revision: core.revision };
    if (damage === "corrupt" || !isLast) throw damagedJournal(place);
    await directory.truncate(name, endBytes);
    onNotice(describeCut(bytes.length - endBytes, core.revision, `${directory.path}/${name}`));
  }
  return frames.at(-1)?.time ?? 0;
}

function describeCut(bytes: number, revision: Revision, file: string): string {
  return `cut ${bytes} bytes off ${file}: the last write, which nobody was told is kept, is torn; the store stands at revision ${revision}`;
}

function restore(directory: Directory, name: string, core: StoreCore, record: JournalRecord): void {
  if ("file" in record) {
    if (record.version > FORMAT_VERSION) throw laterFormat(directory, name, record.version);
  } else if ("put" in record) {
    const { put, object } = record;
    const revision = Number(object.metadata.resourceVersion);
    core.restore({ type: "put", key: keyOfRecord(put), revision, object });
  } else if ("delete" in record) {
    const { revision, object } = record;
    core.restore({ type: "delete", key: keyOfRecord(record.delete), revision, object });
  } else if ("compact" in record) {
    core.compact(record.compact);
  }
}
