// Writes the files of a volume so that a reader sees the old ones or the new ones, never a mixture: a folder with a new name,
// a link to it that is replaced at once. Mirrors pkg/volume/util/atomic_writer.go.

import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import type { VolumePayload } from "./volume-payload.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const DATA = "..data";

/** `version` names the new folder; one that was not used before. Says whether anything changed. */
export function writePayload(
  folder: string,
  payload: VolumePayload,
  { version, owner }: { readonly version: string; readonly owner?: Owner | undefined },
): boolean {
  makeFolder(folder, owner);
  const current = linkTarget(join(folder, DATA));
  if (current !== undefined && isSame(join(folder, current), payload)) return false;
  const name = `..${version}`;
  for (const [path, content] of payload) {
    const file = join(folder, name, path);
    makeFolder(dirname(file), owner);
    writeFileSync(file, content, { mode: 0o600 });
    if (owner !== undefined) chownSync(file, owner.uid, owner.gid);
  }
  makeFolder(join(folder, name), owner);
  symlinkSync(name, join(folder, `${DATA}_tmp`));
  renameSync(join(folder, `${DATA}_tmp`), join(folder, DATA));
  linkEntries(folder, payload);
  if (current !== undefined) rmSync(join(folder, current), { recursive: true, force: true });
  return true;
}

/** What a user sees at the top of the volume leads through the link that is swapped. */
function linkEntries(folder: string, payload: VolumePayload): void {
  const tops = new Set([...payload.keys()].map((path) => path.split("/")[0] ?? path));
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith("..") && !tops.has(entry)) rmSync(join(folder, entry), { force: true });
  }
  for (const top of tops) {
    const link = join(folder, top);
    if (linkTarget(link) === undefined) symlinkSync(join(DATA, top), link);
  }
}

function isSame(folder: string, payload: VolumePayload): boolean {
  const files = [...payload].every(([path, content]) => {
    const there = join(folder, path);
    return existsSync(there) && readFileSync(there).equals(content);
  });
  return files && countFiles(folder) === payload.size;
}

function countFiles(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  ).length;
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** For its owner alone. */
export function makeFolder(path: string, owner: Owner | undefined): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined || owner === undefined) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    chownSync(folder, owner.uid, owner.gid);
  }
}
