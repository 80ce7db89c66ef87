// One process for each directory. The lock names its process, so that the lock of a dead one is nobody's.

import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LockedError, type DirectoryLock } from "./directory.ts";
import { isRunning, readProcess, thisProcess, type RunningProcess } from "./running-process.ts";

export const LOCK_FILE = "lock";

/** Tries enough for locks that come and go meanwhile. */
const TRIES_MAX = 10;

export async function takeLock(directory: string): Promise<DirectoryLock> {
  const path = join(directory, LOCK_FILE);
  const own = `${thisProcess()}\n`;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (await createExclusively(path, own)) return { release: () => releaseLock(path, own) };
    await removeIfStale(directory, path);
  }
  throw new Error(`the lock ${path} changes hands all the time`);
}

/** The lock appears with its text in it: an empty one would be taken for stale. */
async function createExclusively(path: string, text: string): Promise<boolean> {
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, text, { mode: 0o600 });
  try {
    await link(fresh, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Moves the lock away before it looks again, so that of two that find a stale lock one does not remove the other's. */
async function removeIfStale(directory: string, path: string): Promise<void> {
  const seen = await readLock(path);
  if (seen === undefined) return;
  if (isRunning(seen)) throw new LockedError(directory, seen.pid);
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = await readLock(aside);
  if (moved !== undefined && isRunning(moved)) {
    await link(aside, path);
    await rm(aside, { force: true });
    throw new LockedError(directory, moved.pid);
  }
  await rm(aside, { force: true });
}

async function releaseLock(path: string, own: string): Promise<void> {
  const text = await readFile(path, "utf8").catch(() => "");
  if (text === own) await rm(path, { force: true });
}

/** Undefined when there is none; a lock that names nobody is stale. */
async function readLock(path: string): Promise<RunningProcess | undefined> {
  try {
    return readProcess(await readFile(path, "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
