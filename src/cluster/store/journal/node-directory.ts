// A directory of the machine's disk. Its files are for their owner only: a cluster's Secrets are in them.

import { chmod, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join, resolve } from "node:path";

import type { AppendFile, Directory } from "./directory.ts";
import { LOCK_FILE, takeLock } from "./lock-file.ts";

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** Makes the directory when it is not there. */
export async function openNodeDirectory(given: string): Promise<Directory> {
  const path = resolve(given);
  await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
  await chmod(path, DIRECTORY_MODE);
  const at = (name: string): string => join(path, name);
  return {
    path,
    lock: () => takeLock(path),
    list: async () => (await readdir(path)).filter((name) => !name.startsWith(LOCK_FILE)),
    read: (name) => readFile(at(name)),
    append: (name) => openForAppending(at(name)),
    truncate: (name, sizeBytes) =>
      withHandle(at(name), "r+", async (handle) => {
        await handle.truncate(sizeBytes);
        await handle.sync();
      }),
    rename: (from, to) => rename(at(from), at(to)),
    remove: (name) => rm(at(name), { force: true }),
    // Windows cannot open a directory; its file system keeps the order of names by itself.
    sync: async () => {
      if (process.platform !== "win32") await withHandle(path, "r", (handle) => handle.sync());
    },
  };
}

async function openForAppending(path: string): Promise<AppendFile> {
  const handle = await open(path, "a", FILE_MODE);
  let { size } = await handle.stat();
  return {
    get sizeBytes() {
      return size;
    },
    async write(bytes) {
      const { bytesWritten } = await handle.write(bytes);
      size += bytesWritten;
      return bytesWritten;
    },
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function withHandle(
  path: string,
  flags: string,
  use: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}
