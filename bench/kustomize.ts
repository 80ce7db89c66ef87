// Building a kustomization: Keelson's own builder, which the embedded GitOps engines use, beside the real one.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import { findOnPath } from "../scripts/find-tool.ts";
import { REPOSITORY, runCommand } from "../scripts/run-command.ts";
import { type BenchCase, type Contender, Unavailable } from "./case.ts";
import { runCold, transpileProgram, WORK } from "./cold-process.ts";
import { countObjects, emptyFolder } from "./output-folder.ts";

const PER_FILE = 10;
const DIST = join(REPOSITORY, "dist");

export function kustomizeCase(objectCount: number): BenchCase {
  const count = objectCount.toLocaleString("en-US");
  return {
    name: `kustomize-${objectCount}`,
    keelson: ownBuilder(objectCount),
    peer: realBuilder(objectCount),
    rows: [
      { what: `kustomize build of ${count} objects`, figure: "wallMs", unit: "ms" },
      { what: "  objects written", figure: "objects", unit: "count" },
    ],
  };
}

function ownBuilder(objectCount: number): Contender {
  const folder = join(WORK, `kustomize-${objectCount}`);
  const output = join(WORK, `kustomize-${objectCount}-keelson`);
  const program = transpileProgram("build-kustomization");
  return {
    label: "keelson",
    prepare: () => {
      if (!existsSync(join(DIST, "render")))
        return Promise.reject(new Unavailable("run make build first"));
      return Promise.resolve(writeKustomization(folder, objectCount));
    },
    run: async () => {
      emptyFolder(output);
      const figures = await runCold([program, DIST, folder, join(output, "built.yaml")]);
      return { ...figures, objects: countObjects(output) };
    },
  };
}

function realBuilder(objectCount: number): Contender {
  const folder = join(WORK, `kustomize-${objectCount}`);
  const output = join(WORK, `kustomize-${objectCount}-kubectl`);
  const kubectl = findOnPath("kubectl");
  return {
    label: "kubectl kustomize",
    prepare: () => Promise.resolve(writeKustomization(folder, objectCount)),
    run: async () => {
      if (kubectl === undefined) throw new Unavailable("kubectl is not on the PATH");
      emptyFolder(output);
      const args = ["kustomize", folder, "--output", join(output, "built.yaml")];
      const result = await runCommand(kubectl, args);
      if (result.code !== 0) throw new Error(result.output);
      return { wallMs: result.durationMs, objects: countObjects(output) };
    },
  };
}

/** Ten Deployments per file, one kustomization with a namespace and labels, as an overlay has. */
function writeKustomization(folder: string, objectCount: number): void {
  emptyFolder(folder);
  const files = Array.from({ length: objectCount / PER_FILE }, (_, file) => `apps-${file}.yaml`);
  for (const [file, name] of files.entries()) {
    const objects = Array.from({ length: PER_FILE }, (_, index) =>
      deployment(file * PER_FILE + index),
    );
    writeFileSync(join(folder, name), objects.map((object) => stringify(object)).join("---\n"));
  }
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    namespace: "apps",
    labels: [{ pairs: { team: "web" } }],
    resources: files,
  };
  writeFileSync(join(folder, "kustomization.yaml"), stringify(kustomization));
}

function deployment(index: number) {
  const labels = { app: `app-${index}` };
  const container = { name: "main", image: `example/app-${index}:1.0` };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `app-${index}`, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}
