// Tells when something below a folder changes: one watch a directory, so that `node_modules` and names with a dot cost
// nothing. Editors write in bursts; one call comes for all of a burst.

import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { basename, join } from "node:path";

import type { Clock, Timer } from "../../core/index.ts";

/** Long enough for an editor that writes a file in two steps, short enough that nobody waits. */
const SETTLE_MS = 80;
const DIRECTORIES_MAX = 5000;

export interface FolderWatch {
  stop(): void;
}

/** `paths` are files and folders, absolute; what is not there is not watched. */
export function watchFolders(
  paths: readonly string[],
  clock: Clock,
  onChange: (path: string) => void,
): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let pending: Timer | undefined;

  const tell = (path: string): void => {
    pending?.cancel();
    pending = clock.setTimer(SETTLE_MS, () => onChange(path));
  };
  const watchOne = (path: string, isFolder: boolean): void => {
    if (watchers.has(path) || watchers.size >= DIRECTORIES_MAX) return;
    try {
      const watcher = watch(path, (_event, name) => onEvent(path, isFolder ? name : undefined));
      watcher.on("error", () => drop(path));
      watchers.set(path, watcher);
    } catch {
      // It went away between the look and the watch.
    }
  };
  const onEvent = (folder: string, name: string | null | undefined): void => {
    if (name === null || name === undefined) return tell(folder);
    if (isIgnored(name)) return;
    const path = join(folder, name);
    if (isDirectory(path)) add(path);
    tell(path);
  };
  const drop = (path: string): void => {
    watchers.get(path)?.close();
    watchers.delete(path);
  };
  const add = (path: string): void => {
    const isFolder = isDirectory(path);
    watchOne(path, isFolder);
    if (!isFolder) return;
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory() && !isIgnored(entry.name)) add(join(path, entry.name));
  };
  for (const path of paths) add(path);
  return {
    stop() {
      pending?.cancel();
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

/** What tools write beside the sources: dependencies, caches, swap files. */
const isIgnored = (name: string): boolean =>
  name === "node_modules" || basename(name).startsWith(".") || name.endsWith("~");

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
