// The folder of `keelson cluster --data`: the store and what the cluster proves itself with. Only its owner may read it.

import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { LockedError, openJournalStore, type JournalStore } from "../cluster/index.ts";
import { UsageError } from "./usage-error.ts";

export interface ClusterData {
  readonly store: JournalStore;
  readonly certificates: string;
}

const STORE = "store";

export async function openClusterData(
  path: string,
  onNotice: (message: string) => void,
): Promise<ClusterData> {
  refuseForeign(path);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  try {
    const store = await openJournalStore({ directory: join(path, STORE), onNotice });
    return { store, certificates: join(path, "certificates") };
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    throw new UsageError(
      `another keelson cluster (process ${error.pid}) runs on ${path}`,
      "stop it, or give this one another folder",
    );
  }
}

/** Somebody else's files are neither made private nor mixed with ours. */
function refuseForeign(path: string): void {
  const names = readNames(path);
  if (names.length === 0 || names.includes(STORE)) return;
  throw new UsageError(
    `${path} is not empty and holds no cluster`,
    `give it a folder of its own: --data ${resolve(path, "cluster")}`,
  );
}

function readNames(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
