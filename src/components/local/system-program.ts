// A program of this machine that servers are made of: in the folders where distributions put what is in nobody's PATH, else in
// PATH, with the version it says it is.

import type { LocalMachine } from "../../model/index.ts";

export interface SystemProgram {
  /** Absolute. */
  readonly path: string;
  /** The folder it lies in. */
  readonly directory: string;
  /** `of unknown version` where it does not say. */
  readonly version: string;
}

export interface ProgramPlaces {
  readonly folders?: readonly string[];
  /** Its first group is the version in the output of `--version`. */
  readonly version: RegExp;
}

/** Undefined where it is not installed. */
export async function systemProgram(
  machine: LocalMachine,
  name: string,
  { folders = [], version }: ProgramPlaces,
): Promise<SystemProgram | undefined> {
  const path = await machine.findProgram(name, folders);
  if (path === undefined) return undefined;
  const said = version.exec((await machine.run([path, "--version"])) ?? "")?.[1];
  const directory = path.slice(0, path.lastIndexOf("/"));
  return { path, directory, version: said ?? "of unknown version" };
}
