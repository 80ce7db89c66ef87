// The machine under a local provider: programs that are there, npm packages in a cache, data that survives restarts. As root,
// servers run as somebody who cannot enter root's folders, so what they need lies where everybody may look.

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, chmod, chown, lstat, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";

import { DATA_FOLDER, hash32 } from "../../core/index.ts";
import type { LocalMachine, LocalPackage, LocalUser } from "../../model/index.ts";

export interface LocalMachineOptions {
  /** Absolute: `.keelson`. */
  readonly stateFolder: string;
  /** Absolute; for what can be fetched again. */
  readonly cacheFolder: string;
  /** The value of PATH. */
  readonly path: string;
  /** Starts a program of Keelson's own: Node and the file, before its name. */
  readonly programs: readonly string[];
  readonly onProgress: (text: string) => void;
}

/** For what must be readable by the user that servers run as, when this process is root. */
const SHARED_STATE = "/var/lib/keelson";
const SHARED_CACHE = "/var/cache/keelson";

export async function openLocalMachine(options: LocalMachineOptions): Promise<LocalMachine> {
  const { stateFolder, path, programs } = options;
  const serverUser = process.getuid?.() === 0 ? await unprivilegedUser() : undefined;
  const own = join(SHARED_STATE, hash32(stateFolder).toString(16));
  const cache = serverUser === undefined ? options.cacheFolder : SHARED_CACHE;
  const tools = join(serverUser === undefined ? stateFolder : own, "bin");
  const written = new Map<string, Promise<string>>();
  return {
    platform: process.platform,
    architecture: process.arch,
    path,
    serverUser,
    findProgram: (name, directories = []) =>
      findProgram(name, [...directories, ...path.split(delimiter)]),
    list: (directory) => readdir(directory).catch(() => []),
    run: ([file = "", ...parameters]) =>
      new Promise((resolve) => {
        execFile(file, parameters, (error, stdout) => resolve(error === null ? stdout : undefined));
      }),
    install: (wanted) => install(wanted, join(cache, "local"), options.onProgress),
    dataFolder: (name, owner) =>
      owner === undefined
        ? makeFolder(join(stateFolder, DATA_FOLDER, name), 0o700)
        : linkedFolder(join(stateFolder, DATA_FOLDER, name), join(own, DATA_FOLDER, name), owner),
    executable: (name, text) => {
      // Several components may ask for the same one at once.
      const before = written.get(name) ?? Promise.resolve(tools);
      const writing = before.then(() => writeExecutable(tools, name, text));
      written.set(name, writing);
      return writing;
    },
    program: (name, ...parameters) => [...programs, name, ...parameters],
  };
}

/** PostgreSQL's own user where there is one, else nobody. */
async function unprivilegedUser(): Promise<LocalUser> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65_534, gid: 65_534 };
}

async function findProgram(
  name: string,
  directories: readonly string[],
): Promise<string | undefined> {
  for (const directory of directories) {
    const path = join(directory, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (directory !== "" && isThere) return path;
  }
  return undefined;
}

async function makeFolder(path: string, mode: number): Promise<string> {
  await mkdir(path, { recursive: true, mode });
  return path;
}

/** The folder lies where its owner may enter; the state folder points there. */
async function linkedFolder(link: string, path: string, owner: LocalUser): Promise<string> {
  await makeFolder(dirname(path), 0o755);
  await makeFolder(path, 0o700);
  await chown(path, owner.uid, owner.gid);
  await makeFolder(dirname(link), 0o700);
  const isThere = await lstat(link).catch(() => undefined);
  if (isThere === undefined) await symlink(path, link);
  return path;
}

async function writeExecutable(folder: string, name: string, text: string): Promise<string> {
  await makeFolder(folder, 0o755);
  const path = join(folder, name);
  await writeFile(`${path}.next`, text);
  await chmod(`${path}.next`, 0o755);
  await rename(`${path}.next`, path);
  return folder;
}

/** A folder of this name is complete: it is renamed into place when npm is done. */
async function install(
  { name, version, packages, afterwards }: LocalPackage,
  cache: string,
  onProgress: (text: string) => void,
): Promise<string> {
  const folder = join(cache, `${name}-${version}`);
  if ((await lstat(folder).catch(() => undefined)) !== undefined) return folder;
  onProgress(`installing ${name} ${version} (once)`);
  const next = `${folder}.${process.pid}`;
  await rm(next, { recursive: true, force: true });
  await makeFolder(next, 0o755);
  await writeFile(join(next, "package.json"), `{ "private": true }\n`);
  try {
    await npm(next, packages);
    if (afterwards !== undefined) await runScript(next, afterwards);
    await rename(next, folder).catch((error: NodeJS.ErrnoException) => {
      // Another run was faster.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
    return folder;
  } finally {
    await rm(next, { recursive: true, force: true });
  }
}

function npm(folder: string, packages: readonly string[]): Promise<void> {
  const command = process.platform === "win32" ? "npm.cmd" : "npm";
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
  // Packages are chosen by what starts, and npm hands the strictness of the project it runs in down to us.
  const lenient = "--engine-strict=false";
  const parameters = [
    "install",
    "--save-exact",
    "--loglevel=error",
    lenient,
    ...quiet,
    ...packages,
  ];
  return execute(command, parameters, folder);
}

/** In the folder of the package it belongs to. */
function runScript(folder: string, script: string): Promise<void> {
  const path = join(folder, script);
  return execute(process.execPath, [path], dirname(dirname(path)));
}

function execute(file: string, parameters: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(file, [...parameters], { cwd }, (error, _stdout, stderr) => {
      if (error === null) return resolve();
      const [line = error.message] = stderr.split("\n").filter((text) => text.trim() !== "");
      reject(new Error(line.replace(/^npm error /, "npm: ")));
    });
  });
}
