// A snapshot: every object as of one revision. It appears under its name only when all of it is on the disk.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { StoreCore } from "../memory-store.ts";
import type { Revision } from "../store.ts";
import { damagedSnapshot, laterFormat } from "./damaged-error.ts";
import { writeAll } from "./directory.ts";
import type { Directory } from "./directory.ts";
import { encodeFrame, scanFrames } from "./frame.ts";
import { asRecord, FORMAT_VERSION, keyOfRecord } from "./record.ts";
import type { FileRecord, JournalRecord } from "./record.ts";
import { snapshotName, unfinishedName } from "./store-files.ts";
import type { StoreFile } from "./store-files.ts";

export interface SnapshotState {
  readonly revision: Revision;
  readonly compacted: Revision;
  /** By resource. Objects are frozen, so the state stays what it was while the store moves on. */
  readonly objects: ReadonlyMap<string, readonly KubernetesObject[]>;
  /** On the cluster's clock. */
  readonly time: number;
}

/** Objects written between two looks at other work. */
const OBJECTS_PER_FRAME = 200;

/** Resolves with the size of the snapshot in bytes. */
export async function writeSnapshot(directory: Directory, state: SnapshotState): Promise<number> {
  const name = snapshotName(state.revision);
  const unfinished = unfinishedName(name);
  await directory.remove(unfinished);
  const file = await directory.append(unfinished);
  try {
    for (const lines of linesOf(state)) await writeAll(file, encodeFrame(lines, state.time));
    await file.sync();
  } finally {
    await file.close();
  }
  await directory.rename(unfinished, name);
  await directory.sync();
  return file.sizeBytes;
}

function* linesOf({ revision, compacted, objects }: SnapshotState): Iterable<readonly string[]> {
  const head: FileRecord = { file: "snapshot", version: FORMAT_VERSION, revision, compacted };
  let lines = [JSON.stringify(head)];
  let count = 0;
  for (const [resource, list] of objects) {
    for (const object of list) {
      const { namespace = "", name } = object.metadata;
      const record: JournalRecord = { put: [resource, namespace, name], object };
      lines.push(JSON.stringify(record));
      count += 1;
      if (lines.length < OBJECTS_PER_FRAME) continue;
      yield lines;
      lines = [];
    }
  }
  const end: JournalRecord = { end: count };
  yield [...lines, JSON.stringify(end)];
}

/** Fills an empty core; returns when the snapshot was made, on the cluster's clock. */
export async function readSnapshot(
  directory: Directory,
  { name, revision }: StoreFile,
  core: StoreCore,
): Promise<number> {
  const { frames, damage } = scanFrames(await directory.read(name));
  if (damage !== undefined) throw damagedSnapshot(directory, name);
  let count = 0;
  let end = -1;
  for (const record of frames.flatMap(({ records }) => records.map(asRecord))) {
    if ("file" in record) checkHead(directory, name, record);
    else if ("put" in record) {
      core.load(keyOfRecord(record.put), record.object);
      count += 1;
    } else if ("end" in record) ({ end } = record);
  }
  if (end !== count) throw damagedSnapshot(directory, name);
  core.startAt(revision);
  return frames.at(-1)?.time ?? 0;
}

function checkHead(directory: Directory, name: string, { version }: FileRecord): void {
  if (version > FORMAT_VERSION) throw laterFormat(directory, name, version);
}
