// `.keelson`: what a running platform keeps on disk. One `up` at a time; what is only good while it runs goes when it ends.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { DATA_FOLDER } from "../../core/index.ts";
import { UsageError } from "../usage-error.ts";

export const STATE_FOLDER = ".keelson";

const ADDRESSES_FILE = "addresses.json";

/** Where an application answers while it runs here. */
export interface AppAddress {
  readonly app: string;
  /** The cluster's name in the kubeconfig. */
  readonly cluster: string;
  readonly url: string;
}

export interface StateFolder {
  readonly path: string;
  readonly repository: string;
  readonly kubeconfig: string;
  /** What local services keep: databases, objects. Survives restarts. */
  readonly data: string;
  /** Files, logs and records of the pods that run as processes. */
  readonly processes: string;
  /** Certificates and the token of the embedded clusters. */
  readonly certificates: string;
  /** The authority's certificate, for clients that want to verify: `curl --cacert`. */
  readonly authority: string;
  writeAuthority(pem: string): void;
  writeKubeconfig(text: string): void;
  /** What `keelson open` finds. */
  writeAddresses(addresses: readonly AppAddress[]): void;
  /** Removes what is worthless without the running process. */
  release(): void;
}

/** Takes the folder for this process; refuses while another one has it. */
export function claimStateFolder(cwd: string): StateFolder {
  const path = join(cwd, STATE_FOLDER);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const owner = join(path, "up.pid");
  refuseSecond(owner, path);
  writeFileSync(owner, `${process.pid}\n`, { mode: 0o600 });
  const kubeconfig = join(path, "kubeconfig");
  const addresses = join(path, ADDRESSES_FILE);
  const certificates = join(path, "certificates");
  const authority = join(certificates, "ca.crt");
  return {
    path,
    repository: join(path, "repository"),
    kubeconfig,
    data: join(path, DATA_FOLDER),
    processes: join(path, "processes"),
    certificates,
    authority,
    writeAuthority: (pem) => writeFileSync(authority, pem, { mode: 0o600 }),
    writeKubeconfig: (text) => writeFileSync(kubeconfig, text, { mode: 0o600 }),
    writeAddresses: (list) => writeFileSync(addresses, JSON.stringify(list), { mode: 0o600 }),
    release: () => [kubeconfig, owner, addresses].forEach((file) => rmSync(file, { force: true })),
  };
}

/** A file left by a process that is gone says nothing. */
function refuseSecond(owner: string, path: string): void {
  const pid = Number(readIfPresent(owner)?.trim());
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isAlive(pid)) return;
  throw new UsageError(
    `another keelson up (process ${pid}) runs on ${path}`,
    "stop it, or run this one in another folder",
  );
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive and somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
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
