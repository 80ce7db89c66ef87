// Where the files of pods are, below the agent's folder: `pods/UID/volumes/NAME`, `pods/UID/containers/NAME/root`,
// `logs/NAMESPACE_NAME_UID/CONTAINER/ATTEMPT.log` as the kubelet names them, and `volumes/NAMESPACE/CLAIM`, which stays.

import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { Pod } from "../../../kubernetes/index.ts";

export interface PodFolders {
  readonly pod: string;
  volume(name: string): string;
  /** Below it the container's mounts have their paths. */
  root(container: string): string;
  claim(name: string): string;
  log(container: string, attempt: number): string;
  /** Of all containers of the pod. */
  readonly logs: string;
}

export function podFolders(folder: string, { metadata }: Pod): PodFolders {
  const { name, namespace = "default", uid = "" } = metadata;
  const pod = join(folder, "pods", uid);
  const logs = join(folder, "logs", `${namespace}_${name}_${uid}`);
  return {
    pod,
    logs,
    volume: (volume) => join(pod, "volumes", volume),
    root: (container) => join(pod, "containers", container, "root"),
    claim: (claim) => join(folder, "volumes", namespace, claim),
    log: (container, attempt) => join(logs, container, `${attempt}.log`),
  };
}

/** Folders above those of pods may be passed through by a process of another user, and read by nobody else. */
export function makeSharedFolders(folder: string, namespace = ""): void {
  const volumes = join(folder, "volumes");
  for (const path of [folder, join(folder, "pods"), volumes, join(volumes, namespace)]) {
    mkdirSync(path, { recursive: true, mode: 0o711 });
  }
}

/** Files of pods that went while nobody looked; claims stay. */
export function removeForeignFolders(folder: string, isKnown: (uid: string) => boolean): void {
  for (const uid of entries(join(folder, "pods"))) {
    if (!isKnown(uid)) removeFolder(join(folder, "pods", uid));
  }
  for (const name of entries(join(folder, "logs"))) {
    if (!isKnown(name.slice(name.lastIndexOf("_") + 1))) removeFolder(join(folder, "logs", name));
  }
}

function entries(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
