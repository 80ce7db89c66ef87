// The store cannot be opened because what was acknowledged is not all there. Nothing is repaired without being asked: that
// would be losing data silently.

import type { Revision } from "../store.ts";
import type { Directory } from "./directory.ts";

export class DamagedError extends Error {
  override readonly name = "DamagedError";
  /** What the reader can do. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

export interface DamagedPlace {
  readonly directory: Directory;
  readonly name: string;
  /** Bytes before it that are good. */
  readonly atBytes: number;
  /** Of the last write that can still be read. */
  readonly revision: Revision;
}

export function damagedJournal({ directory, name, atBytes, revision }: DamagedPlace): DamagedError {
  const file = `${directory.path}/${name}`;
  return new DamagedError(
    `${file} is damaged at byte ${atBytes}: what is there is not what was written`,
    `put a copy of ${directory.path} in its place; or, to give up everything after revision ${revision}, ` +
      `cut the file with \`truncate -s ${atBytes} ${file}\` and remove the files named after a later revision`,
  );
}

export function damagedSnapshot(directory: Directory, name: string): DamagedError {
  const file = `${directory.path}/${name}`;
  return new DamagedError(
    `${file} is damaged: what is there is not what was written`,
    `put a copy of ${directory.path} in its place; or, when a later snapshot is there, remove this one`,
  );
}

export function missingFile(directory: Directory, name: string): DamagedError {
  return new DamagedError(
    `${directory.path}/${name} is missing, and the files after it need it`,
    `put a copy of ${directory.path} in its place`,
  );
}

export function laterFormat(directory: Directory, name: string, version: number): DamagedError {
  return new DamagedError(
    `${directory.path}/${name} has format ${version}, which a later version wrote`,
    "open it with that version",
  );
}
