// The volumes of a pod as folders on this machine, and each container's mounts as links below a root of its own.

import { lstatSync, readdirSync, rmdirSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Container, Pod, Volume } from "../../../kubernetes/index.ts";
import { expandVariables } from "./expand-variables.ts";
import type { PodFolders } from "./pod-folders.ts";
import { DEFAULT_MESSAGE_PATH } from "./termination-message.ts";
import { projectionsOf, volumePayload } from "./volume-payload.ts";
import type { PayloadInputs } from "./volume-payload.ts";
import { makeFolder, writePayload } from "./write-payload.ts";
import type { Owner } from "./write-payload.ts";

export interface VolumeWriter {
  readonly folders: PodFolders;
  readonly owner: Owner | undefined;
  /** A name that no folder had before. */
  version(): string;
}

/** Makes or updates every volume; throws what the kubelet would report of the one that cannot be made. */
export function prepareVolumes(inputs: PayloadInputs, writer: VolumeWriter): void {
  for (const volume of inputs.pod.spec.volumes ?? []) {
    const payload = volumePayload(inputs, volume);
    const folder = folderOf(volume, inputs.pod, writer.folders);
    if (folder === undefined) {
      const why = "processes on this machine have no plug-in for such volumes";
      throw new VolumeError(`MountVolume.SetUp failed for volume "${volume.name}" : ${why}`);
    }
    if (payload === undefined) {
      if (volume.hostPath === undefined) makeFolder(folder, writer.owner);
      continue;
    }
    writePayload(folder, payload, { version: writer.version(), owner: writer.owner });
  }
}

export class VolumeError extends Error {
  override readonly name = "VolumeError";
}

function folderOf(volume: Volume, pod: Pod, folders: PodFolders): string | undefined {
  if (volume.hostPath !== undefined) return volume.hostPath.path;
  const { persistentVolumeClaim, ephemeral, emptyDir } = volume;
  if (persistentVolumeClaim !== undefined) return folders.claim(persistentVolumeClaim.claimName);
  if (ephemeral !== undefined) return folders.claim(`${pod.metadata.name}-${volume.name}`);
  if (emptyDir !== undefined || projectionsOf(volume) !== undefined)
    return folders.volume(volume.name);
  return undefined;
}

/** Outer mounts first, as they are mounted: an inner one lies in the outer volume. */
export function linkMounts(
  pod: Pod,
  container: Container,
  { folders, owner }: Pick<VolumeWriter, "folders" | "owner">,
  environment: Readonly<Record<string, string>>,
): void {
  const root = folders.root(container.name);
  rmSync(root, { recursive: true, force: true });
  const { terminationMessagePath = DEFAULT_MESSAGE_PATH } = container;
  makeFolder(dirname(join(root, terminationMessagePath)), owner);
  const mounts = (container.volumeMounts ?? []).toSorted(
    (one, other) => one.mountPath.length - other.mountPath.length,
  );
  for (const { name, mountPath, subPath = "", subPathExpr } of mounts) {
    const volume = pod.spec.volumes?.find((one) => one.name === name);
    const folder = volume && folderOf(volume, pod, folders);
    if (volume === undefined || folder === undefined) continue;
    const below = expandVariables(subPathExpr ?? "", (known) => environment[known]) || subPath;
    const target = join(folder, below);
    if (below !== "" && projectionsOf(volume) === undefined) makeFolder(target, owner);
    const link = join(root, mountPath);
    makeFolder(dirname(link), owner);
    makeRoom(link, name);
    symlinkSync(target, link);
  }
}

/** A mount inside another takes the place of a link or an empty folder, never of somebody's files. */
function makeRoom(path: string, volume: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (there.isSymbolicLink()) return unlinkSync(path);
  if (there.isDirectory() && readdirSync(path).length === 0) return rmdirSync(path);
  throw new VolumeError(
    `MountVolume.SetUp failed for volume "${volume}" : the outer volume has files where it is mounted`,
  );
}
