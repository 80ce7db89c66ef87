// The git source of an engine on a laptop: the URLs the platform names, answered from local repositories.

import { watch } from "node:fs";
import { join } from "node:path";

import type { GitSource } from "../../model/index.ts";
import { git } from "./git-process.ts";
import { MAIN } from "./platform-repository.ts";

/** `mirrors`: repository URL → folder of a local repository with a working tree. */
export function createMirroredSource(mirrors: ReadonlyMap<string, string>): GitSource {
  const directoryOf = (url: string): string => {
    const directory = mirrors.get(url);
    if (directory === undefined) throw new Error(`repository ${url} has no local mirror`);
    return directory;
  };
  const trees = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const treeOf = (url: string, commit: string): Promise<ReadonlyMap<string, string>> => {
    // Commits never change: two processes read all of one, and every folder of it is answered from memory.
    const key = `${url}\u0000${commit}`;
    const known = trees.get(key) ?? readTree(directoryOf(url), commit);
    trees.set(key, known);
    known.catch(() => trees.delete(key));
    return known;
  };
  return {
    resolve: async (url, revision) => {
      const name = revision === "HEAD" ? MAIN : revision;
      const args = ["rev-parse", "--verify", "--quiet", `${name}^{commit}`];
      const answer = await git(args, { directory: directoryOf(url), allow: [1, 128] });
      if (answer.exitCode !== 0) throw new Error(`unable to resolve '${revision}' to a commit SHA`);
      return answer.stdout.trim();
    },
    read: async (url, commit, directory) => filesBelow(await treeOf(url, commit), directory),
    onPush: (url, callback) => watchBranches(directoryOf(url), callback),
  };
}

/** That file, or all below that folder. */
export function filesBelow(
  tree: ReadonlyMap<string, string>,
  directory: string,
): ReadonlyMap<string, string> {
  if (directory === "") return tree;
  return new Map(
    [...tree].filter(([path]) => path === directory || path.startsWith(`${directory}/`)),
  );
}

async function readTree(repository: string, commit: string): Promise<ReadonlyMap<string, string>> {
  const list = await git(["ls-tree", "-r", "-z", commit], { directory: repository });
  const entries = list.stdout.split("\0").filter(Boolean).map(parseEntry);
  const blobs = await readBlobs(
    repository,
    entries.map(({ blob }) => blob),
  );
  return new Map(entries.map(({ path, blob }) => [path, blobs.get(blob) ?? ""]));
}

/** `100644 blob <id>\t<path>` */
function parseEntry(line: string): { readonly blob: string; readonly path: string } {
  const tab = line.indexOf("\t");
  return { blob: line.slice(0, tab).split(" ")[2] ?? "", path: line.slice(tab + 1) };
}

async function readBlobs(
  repository: string,
  blobs: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (blobs.length === 0) return new Map();
  const wanted = [...new Set(blobs)];
  const answer = await git(["cat-file", "--batch"], {
    directory: repository,
    stdin: `${wanted.join("\n")}\n`,
  });
  return splitBatch(Buffer.from(answer.stdout, "utf8"));
}

/** The batch form: `<id> blob <bytes>\n<content>\n`, repeated. */
function splitBatch(batch: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let offset = 0;
  while (offset < batch.length) {
    const newline = batch.indexOf(10, offset);
    const [id = "", , size = "0"] = batch.toString("utf8", offset, newline).split(" ");
    const start = newline + 1;
    found.set(id, batch.toString("utf8", start, start + Number(size)));
    offset = start + Number(size) + 1;
  }
  return found;
}

/** Branch files are renamed into place on every commit; the folder tells. */
function watchBranches(repository: string, callback: () => void): { stop(): void } {
  const watcher = watch(join(repository, ".git", "refs", "heads"), { persistent: false }, () =>
    callback(),
  );
  return { stop: () => watcher.close() };
}
