// The kustomization that stands nowhere: a folder of plain manifests gets one with all of them, folders with a kustomization of their own
// as a whole. Mirrors fluxcd/pkg kustomize/kustomize_generator.go; documented as "Generating a kustomization.yaml file".

import { isKustomization } from "../../../../render/index.ts";

type FileTree = ReadonlyMap<string, string>;

/** The files with a `kustomization.yaml` in the folder, `""` being the root; the same ones where there is one. */
export function withKustomization(files: FileTree, folder: string): FileTree {
  if (isKustomization(files, folder)) return files;
  const below = folder === "" ? "" : `${folder}/`;
  const manifests = [...files.keys()]
    .filter((file) => file.startsWith(below) && /\.ya?ml$/.test(file))
    .map((file) => ownerOf(files, below, file));
  const resources = [...new Set(manifests)].toSorted();
  if (resources.length === 0) return files;
  return new Map([...files, [`${below}kustomization.yaml`, JSON.stringify({ resources })]]);
}

/** The file, or the highest folder on the way to it that is a kustomization; as the folder itself sees them. */
function ownerOf(files: FileTree, below: string, file: string): string {
  const steps = file.slice(below.length).split("/");
  for (let depth = 1; depth < steps.length; depth += 1) {
    const inner = steps.slice(0, depth).join("/");
    if (isKustomization(files, below + inner)) return inner;
  }
  return steps.join("/");
}
