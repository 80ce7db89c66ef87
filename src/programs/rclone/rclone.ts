// What backup and restore jobs ask of rclone, for machines that do not have it: copy, sync with a backup folder, delete by age,
// purge, list folders, make buckets; between folders of this machine and S3 remotes. Source: rclone documentation, one page
// a command. Anything else is refused, never half done.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Clock } from "../../core/index.ts";
import { parseDuration } from "../../core/index.ts";
import { keyIn, remotePath, type RemotePath, type Variables } from "./remotes.ts";
import type { ListedObject } from "./s3-client.ts";

export interface RcloneRun {
  readonly parameters: readonly string[];
  readonly variables: Variables;
  readonly clock: Clock;
  out(text: string): void;
}

/** Rejects with what went wrong. */
export async function runRclone(run: RcloneRun): Promise<void> {
  const { words, options } = readParameters(run.parameters);
  const [command = "", ...places] = words;
  const remote = (at: number): RemotePath => {
    const path = remotePath(places[at] ?? "", run.variables, run.clock);
    if (path === undefined) throw new Error(`${places[at]} is not on a remote`);
    return path;
  };
  switch (command) {
    case "mkdir":
      return remote(0).client.makeBucket(remote(0).bucket);
    case "lsd":
      return run.out((await remote(0).client.buckets()).map((name) => `${name}\n`).join(""));
    case "lsf":
      return listFolder(remote(0), options.has("dirs-only"), run);
    case "copy":
      return copy(places[0] ?? "", places[1] ?? "", run);
    case "delete":
      return deleteOld(remote(0), options.get("min-age"), run.clock);
    case "purge":
      return purge(remote(0));
    case "sync":
      return sync(remote(0), remote(1), options.get("backup-dir"), run);
    default:
      throw new Error(
        `${command} is not among what this stand-in does; install rclone for the rest`,
      );
  }
}

const WITH_VALUE = new Set(["min-age", "backup-dir"]);

function readParameters(parameters: readonly string[]): {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
} {
  const words: string[] = [];
  const options = new Map<string, string>();
  const rest = [...parameters];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) words.push(word);
    else if (name === "dirs-only") options.set(name, "true");
    else if (WITH_VALUE.has(name)) options.set(name, value ?? rest.shift() ?? "");
    else throw new Error(`--${name} is not among what this stand-in does`);
  }
  return { words, options };
}

const listBelow = ({ client, bucket, folder }: RemotePath): Promise<readonly ListedObject[]> =>
  client.list(bucket, folder === "" ? "" : `${folder}/`);

const nameIn = ({ folder }: RemotePath, key: string): string =>
  folder === "" ? key : key.slice(folder.length + 1);

async function listFolder(path: RemotePath, onlyFolders: boolean, run: RcloneRun): Promise<void> {
  const names = new Set<string>();
  for (const { key } of await listBelow(path)) {
    const [first = "", ...rest] = nameIn(path, key).split("/");
    if (rest.length > 0) names.add(`${first}/`);
    else if (!onlyFolders) names.add(first);
  }
  run.out([...names].map((name) => `${name}\n`).join(""));
}

async function copy(from: string, to: string, run: RcloneRun): Promise<void> {
  const source = remotePath(from, run.variables, run.clock);
  const target = remotePath(to, run.variables, run.clock);
  if (source === undefined && target !== undefined) return upload(from, target);
  if (source !== undefined && target === undefined) return download(source, to);
  if (source !== undefined && target !== undefined) {
    await copyChanged(source, target);
    return;
  }
  throw new Error(
    "copying between two folders of this machine is not among what this stand-in does",
  );
}

async function upload(folder: string, target: RemotePath): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length).replace(/^\/+/, "");
    await target.client.put(target.bucket, keyIn(target, name), readFileSync(path));
  }
}

/** A folder, or the one object of that name. */
async function download(source: RemotePath, folder: string): Promise<void> {
  const below = await listBelow(source);
  const isObject = below.length === 0 && source.folder !== "";
  const names = isObject
    ? [{ key: source.folder, name: source.folder.split("/").at(-1) ?? "" }]
    : below.map(({ key }) => ({ key, name: nameIn(source, key) }));
  for (const { key, name } of names) {
    const { data } = await source.client.get(source.bucket, key);
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, data);
  }
}

async function copyChanged(
  source: RemotePath,
  target: RemotePath,
  before?: (key: string) => Promise<void>,
): Promise<ReadonlySet<string>> {
  const there = new Map((await listBelow(target)).map((one) => [nameIn(target, one.key), one]));
  const names = new Set<string>();
  for (const { key, etag, size } of await listBelow(source)) {
    const name = nameIn(source, key);
    names.add(name);
    const old = there.get(name);
    if (old !== undefined && old.etag === etag && old.size === size) continue;
    if (old !== undefined) await before?.(name);
    const { data, type } = await source.client.get(source.bucket, key);
    await target.client.put(target.bucket, keyIn(target, name), data, type);
  }
  return names;
}

/** What would be overwritten or deleted moves to the backup folder first. */
async function sync(
  source: RemotePath,
  target: RemotePath,
  backup: string | undefined,
  run: RcloneRun,
): Promise<void> {
  const kept = backup === undefined ? undefined : remotePath(backup, run.variables, run.clock);
  const keep = async (name: string): Promise<void> => {
    if (kept !== undefined)
      await target.client.copy(target.bucket, keyIn(target, name), keyIn(kept, name));
  };
  const names = await copyChanged(source, target, keep);
  for (const { key } of await listBelow(target)) {
    const name = nameIn(target, key);
    if (names.has(name)) continue;
    await keep(name);
    await target.client.remove(target.bucket, key);
  }
}

async function deleteOld(path: RemotePath, age: string | undefined, clock: Clock): Promise<void> {
  const ageMs = age === undefined ? 0 : parseDuration(age);
  if (ageMs === undefined) throw new Error(`--min-age ${age} is no length of time`);
  for (const { key, modified } of await listBelow(path)) {
    if (clock.now() - modified >= ageMs) await path.client.remove(path.bucket, key);
  }
}

async function purge(path: RemotePath): Promise<void> {
  if (path.folder === "")
    throw new Error("purging a whole bucket is not among what this stand-in does");
  for (const { key } of await listBelow(path)) await path.client.remove(path.bucket, key);
}
