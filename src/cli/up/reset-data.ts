// `keelson up --reset`: the data of local services goes, after a person said so. As root it lies elsewhere and is linked to.

import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";

import { UsageError } from "../usage-error.ts";
import type { Terminal } from "../terminal.ts";
import type { StateFolder } from "./state-folder.ts";

/** Returns whether it may go on. */
export async function resetData(
  { data, processes }: StateFolder,
  terminal: Terminal,
  isAgreed: boolean,
): Promise<boolean> {
  const folders = [data, processes].filter((path) => existsSync(path));
  if (folders.length === 0) return true;
  if (!isAgreed && !(await isWanted(data, terminal))) return false;
  for (const folder of folders) removeWithLinks(folder);
  terminal.err(`removed the data of local services\n`);
  return true;
}

async function isWanted(data: string, { isInteractive }: Terminal): Promise<boolean> {
  if (!isInteractive || !process.stdin.isTTY)
    throw new UsageError("--reset asks first, and nobody can answer here", "add --yes");
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question(
      `Remove everything local services keep in ${data}? [y/N] `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}

/** Services keep data at `<namespace>/<name>`; as root these are links. */
function removeWithLinks(folder: string): void {
  for (const namespace of readdirSync(folder)) {
    for (const name of entriesOf(join(folder, namespace))) {
      const path = join(folder, namespace, name);
      if (lstatSync(path).isSymbolicLink() && existsSync(path))
        rmSync(realpathSync(path), { recursive: true, force: true });
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

const entriesOf = (path: string): string[] =>
  lstatSync(path).isDirectory() ? readdirSync(path) : [];
