// The git repository `up` makes: a working tree a person can commit to, whose `main` an engine syncs. Generated content
// lives on a branch of its own and is merged three-way, so a person's commits stay.

import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";

import type { InstantMs } from "../../core/index.ts";
import type { Tree } from "../../model/index.ts";
import { git } from "./git-process.ts";

export const MAIN = "main";
export const GENERATED = "keelson/generated";

export type RecordOutcome =
  | { readonly outcome: "created" | "merged"; readonly commit: string }
  | { readonly outcome: "unchanged"; readonly commit: string }
  /** `main` is as it was; the generated commit waits on its branch. */
  | { readonly outcome: "conflict"; readonly files: readonly string[]; readonly commit: string };

export interface PlatformRepository {
  readonly directory: string;
  /** Writes the tree to the generated branch and merges it into `main`. */
  record(
    tree: Tree,
    about: { readonly message: string; readonly at: InstantMs },
  ): Promise<RecordOutcome>;
}

/** Opens the repository in `directory`, making it when it is not there. */
export async function openPlatformRepository(directory: string): Promise<PlatformRepository> {
  await mkdir(directory, { recursive: true });
  if (!(await exists(join(directory, ".git")))) {
    await git(["init", "--quiet", `--initial-branch=${MAIN}`], { directory });
  }
  return { directory, record: (tree, about) => record(directory, tree, about) };
}

async function record(
  directory: string,
  tree: Tree,
  about: { readonly message: string; readonly at: InstantMs },
): Promise<RecordOutcome> {
  const before = await revision(directory, GENERATED);
  const commit = await commitGenerated(directory, tree, before, about);
  const main = await revision(directory, MAIN);
  if (main === undefined) {
    await git(["reset", "--quiet", "--hard", commit], { directory });
    return { outcome: "created", commit };
  }
  if (commit === before && (await isMerged(directory, commit)))
    return { outcome: "unchanged", commit: main };
  return mergeGenerated(directory, about.message);
}

/** One `fast-import` process writes blobs, tree and commit; returns the old commit when nothing differs. */
async function commitGenerated(
  directory: string,
  tree: Tree,
  parent: string | undefined,
  about: { readonly message: string; readonly at: InstantMs },
): Promise<string> {
  const scratch = `refs/keelson/candidate`;
  const stdin = importStream(scratch, tree, parent, about);
  await git(["fast-import", "--quiet", "--force", "--date-format=raw"], { directory, stdin });
  const candidate = await required(directory, scratch);
  const same =
    parent !== undefined &&
    (await treeOf(directory, parent)) === (await treeOf(directory, candidate));
  if (!same) await git(["update-ref", `refs/heads/${GENERATED}`, candidate], { directory });
  await git(["update-ref", "-d", scratch], { directory });
  return same && parent !== undefined ? parent : candidate;
}

function importStream(
  ref: string,
  tree: Tree,
  parent: string | undefined,
  { message, at }: { readonly message: string; readonly at: InstantMs },
): string {
  const files = [...tree].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = [
    `commit ${ref}`,
    `committer keelson <keelson@localhost> ${Math.floor(at / 1000)} +0000`,
    data(message),
    ...(parent === undefined ? [] : [`from ${parent}`]),
    "deleteall",
    ...files.map(([path, text]) => `M 100644 inline ${quotePath(path)}\n${data(text)}`),
  ];
  return `${lines.join("\n")}\n`;
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`;

const quotePath = (path: string): string =>
  /^[A-Za-z0-9._/-]+$/.test(path)
    ? path
    : `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

async function mergeGenerated(directory: string, message: string): Promise<RecordOutcome> {
  await requireMain(directory);
  const args = ["merge", "--quiet", "--no-edit", "-m", message, GENERATED];
  const merge = await git(args, { directory, allow: [1, 2, 128] });
  if (merge.exitCode === 0) return { outcome: "merged", commit: await required(directory, MAIN) };
  const files = await conflictingFiles(directory, merge.stderr);
  await git(["merge", "--abort"], { directory, allow: [128] }); // 128: git refused before it began
  return { outcome: "conflict", files, commit: await required(directory, MAIN) };
}

/** Merging moves what is checked out; only `main` is ours to move. */
async function requireMain(directory: string): Promise<void> {
  const head = (await git(["rev-parse", "--abbrev-ref", "HEAD"], { directory })).stdout.trim();
  if (head === MAIN) return;
  throw new Error(
    `${directory} has '${head}' checked out; run: git -C ${directory} switch ${MAIN}`,
  );
}

/** Files with both sides changed, or those whose uncommitted edits made git refuse. */
async function conflictingFiles(directory: string, stderr: string): Promise<string[]> {
  const unmerged = await git(["diff", "--name-only", "--diff-filter=U"], { directory });
  const listed = unmerged.stdout.split("\n").filter(Boolean);
  if (listed.length > 0) return listed;
  return stderr
    .split("\n")
    .filter((line) => line.startsWith("\t"))
    .map((line) => line.trim());
}

async function isMerged(directory: string, commit: string): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", commit, MAIN];
  return (await git(args, { directory, allow: [1] })).exitCode === 0;
}

async function revision(directory: string, name: string): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", `refs/heads/${name}`];
  const answer = await git(args, { directory, allow: [1] });
  return answer.exitCode === 0 ? answer.stdout.trim() : undefined;
}

async function required(directory: string, name: string): Promise<string> {
  return (await git(["rev-parse", "--verify", name], { directory })).stdout.trim();
}

async function treeOf(directory: string, commit: string): Promise<string> {
  return (await git(["rev-parse", `${commit}^{tree}`], { directory })).stdout.trim();
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
