// `.keelson`: what a running platform keeps on disk. One `up` at a time; what is only good while it runs goes when it ends.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isRunning, readProcess, thisProcess } from "../../cluster/index.ts";
import { DATA_FOLDER } from "../../core/index.ts";
import { UsageError } from "../usage-error.ts";
import {
  ADDRESSES_FILE,
  readIfPresent,
  STATE_FOLDER,
  type AppAddress,
} from "./running-platform.ts";

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
  writeFileSync(owner, `${thisProcess()}\n`, { mode: 0o600 });
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
  const holder = readProcess(readIfPresent(owner) ?? "");
  if (holder.pid === process.pid || !isRunning(holder)) return;
  throw new UsageError(
    `another keelson (process ${holder.pid}) runs on ${path}`,
    "stop it, or run this one in another folder",
  );
}
