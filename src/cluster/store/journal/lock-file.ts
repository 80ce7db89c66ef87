// One process for each directory. The lock names its process, so that the lock of a dead one is nobody's; where the
// system tells when a process started, a process that merely got the same number is not taken for it.

import { readFileSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LockedError, type DirectoryLock } from "./directory.ts";

export const LOCK_FILE = "lock";

interface LockOwner {
  readonly pid: number;
  /** As the kernel counts it; empty where it does not tell. */
  readonly started: string;
}

/** Tries enough for locks that come and go meanwhile. */
const TRIES_MAX = 10;

export async function takeLock(directory: string): Promise<DirectoryLock> {
  const path = join(directory, LOCK_FILE);
  const own = `${process.pid} ${startOf(process.pid)}\n`;
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
  if (isAlive(seen)) throw new LockedError(directory, seen.pid);
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = await readLock(aside);
  if (moved !== undefined && isAlive(moved)) {
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
async function readLock(path: string): Promise<LockOwner | undefined> {
  try {
    const [pid = "", started = ""] = (await readFile(path, "utf8")).trim().split(" ");
    return { pid: Number(pid), started };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive({ pid, started }: LockOwner): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const now = startOf(pid);
  if (now !== "" && started !== "" && now !== started) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive and somebody else's.
    return codeOf(error) === "EPERM";
  }
}

/** Ticks since boot at which a process started: field 22 of proc(5)'s `stat`, counted after the name in brackets. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
