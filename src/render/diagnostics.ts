// What can be wrong with a tree that is to be built. Paths start with the file's name, then lead into its fields.

import { defineDiagnostic } from "../core/index.ts";

export const unsupportedField = defineDiagnostic<{ readonly field: string }>({
  code: "render/unsupported-kustomize-field",
  severity: "error",
  message: ({ field }) => `the built-in kustomize does not know ${field}`,
  hint: () =>
    "use namespace, resources, labels, commonAnnotations, images, replicas or patches, or build with kustomize itself",
});

export const wrongField = defineDiagnostic<{ readonly wanted: string }>({
  code: "render/wrong-kustomize-field",
  severity: "error",
  message: ({ wanted }) => `must be ${wanted}`,
});

export const emptyKustomization = defineDiagnostic<object>({
  code: "render/empty-kustomization",
  severity: "error",
  message: () => "the kustomization says nothing",
});

export const missingKustomization = defineDiagnostic<{ readonly folder: string }>({
  code: "render/no-kustomization",
  severity: "error",
  message: ({ folder }) => `${folder} holds no kustomization.yaml`,
});

export const severalKustomizations = defineDiagnostic<{ readonly names: readonly string[] }>({
  code: "render/several-kustomizations",
  severity: "error",
  message: ({ names }) => `only one of ${names.join(", ")} may be there`,
});

export const missingResource = defineDiagnostic<{ readonly path: string }>({
  code: "render/no-such-resource",
  severity: "error",
  message: ({ path }) => `neither a file nor a folder: ${path}`,
});

export const outsideFolder = defineDiagnostic<{ readonly path: string }>({
  code: "render/file-outside-folder",
  severity: "error",
  message: ({ path }) => `${path} is outside the kustomization's folder`,
  hint: () =>
    "move the file below the folder, or give its folder a kustomization.yaml and name that",
});

export const folderCycle = defineDiagnostic<{ readonly folders: readonly string[] }>({
  code: "render/folder-cycle",
  severity: "error",
  message: ({ folders }) => `folders include each other: ${folders.join(" → ")}`,
});

export const invalidYaml = defineDiagnostic<{ readonly problem: string }>({
  code: "render/invalid-yaml",
  severity: "error",
  message: ({ problem }) => problem,
});

export const notAnObject = defineDiagnostic<{ readonly problem: string }>({
  code: "render/not-a-kubernetes-object",
  severity: "error",
  message: ({ problem }) => `not a Kubernetes object: ${problem}`,
});

export const duplicateObject = defineDiagnostic<{ readonly object: string }>({
  code: "render/duplicate-object",
  severity: "error",
  message: ({ object }) => `${object} is already there`,
});

export const noPatchTarget = defineDiagnostic<{ readonly object: string; readonly count: number }>({
  code: "render/no-patch-target",
  severity: "error",
  message: ({ object, count }) =>
    count === 0 ? `no object is ${object}` : `${count} objects are ${object}`,
});

export const patchFailed = defineDiagnostic<{ readonly problem: string }>({
  code: "render/patch-does-not-apply",
  severity: "error",
  message: ({ problem }) => problem,
});

export const noReplicasTarget = defineDiagnostic<{ readonly name: string }>({
  code: "render/no-replicas-target",
  severity: "error",
  message: ({ name }) =>
    `no Deployment, StatefulSet, ReplicaSet or ReplicationController is named ${name}`,
});

export const chartProblem = defineDiagnostic<{ readonly problem: string }>({
  code: "render/chart",
  severity: "error",
  message: ({ problem }) => problem,
  hint: () => "the built-in helm builds the charts Keelson writes; build others with helm itself",
});
