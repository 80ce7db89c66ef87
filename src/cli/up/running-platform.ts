// What other commands find of a platform that runs on a folder.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { UsageError } from "../usage-error.ts";

export const STATE_FOLDER = ".keelson";

export const ADDRESSES_FILE = "addresses.json";

/** Where an application answers while it runs here. */
export interface AppAddress {
  readonly app: string;
  /** The cluster's name in the kubeconfig. */
  readonly cluster: string;
  readonly url: string;
}

/** Throws UsageError when no platform runs on the folder. */
export function readAddresses(cwd: string): readonly AppAddress[] {
  const text = readIfPresent(join(cwd, STATE_FOLDER, ADDRESSES_FILE));
  // Written above, by this version or one before.
  return text === undefined ? refuseAbsent() : (JSON.parse(text) as readonly AppAddress[]);
}

/** Throws UsageError when no platform runs on the folder. */
export function readRunningKubeconfig(cwd: string): string {
  return readIfPresent(join(cwd, STATE_FOLDER, "kubeconfig")) ?? refuseAbsent();
}

function refuseAbsent(): never {
  throw new UsageError(
    "no platform runs on this folder",
    "start one with keelson up, in this folder",
  );
}

export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
