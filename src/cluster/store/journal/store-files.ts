// The files of a store and their names. A snapshot shows the state at a revision; a journal has the writes after one:
//
//   snapshot-0000000000000420   everything as of 420
//   journal-0000000000000420    421 to 9000
//   journal-0000000000009000    9001 and on; the last one is written to
//
// Names sort by revision. The oldest snapshot and every journal from its revision on are the store.

import type { Revision } from "../store.ts";
import type { Directory } from "./directory.ts";

export interface StoreFile {
  readonly name: string;
  readonly revision: Revision;
}

export interface StoreFiles {
  /** Oldest first. */
  readonly snapshots: readonly StoreFile[];
  readonly journals: readonly StoreFile[];
  /** Left by a process that ended while it wrote them. */
  readonly unfinished: readonly string[];
}

/** Marks a file that is being written. */
const UNFINISHED = ".new";
const DIGITS = 16;

export function journalName(revision: Revision): string {
  return `journal-${String(revision).padStart(DIGITS, "0")}`;
}

export function snapshotName(revision: Revision): string {
  return `snapshot-${String(revision).padStart(DIGITS, "0")}`;
}

export function unfinishedName(name: string): string {
  return `${name}${UNFINISHED}`;
}

export async function listStoreFiles(directory: Directory): Promise<StoreFiles> {
  const names = (await directory.list()).toSorted();
  const called = (kind: string): readonly StoreFile[] =>
    names.flatMap((name) => {
      const digits = new RegExp(`^${kind}-(\\d{${DIGITS}})$`).exec(name)?.[1];
      return digits === undefined ? [] : [{ name, revision: Number(digits) }];
    });
  return {
    snapshots: called("snapshot"),
    journals: called("journal"),
    unfinished: names.filter((name) => name.endsWith(UNFINISHED)),
  };
}
