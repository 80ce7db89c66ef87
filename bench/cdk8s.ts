// The nearest peer at writing Kubernetes objects from TypeScript. It checks nothing about them; Keelson checks each against its schema.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../scripts/run-command.ts";
import type { Contender } from "./case.ts";
import { runCold, transpileProgram, WORK } from "./cold-process.ts";
import { countObjects, emptyFolder } from "./output-folder.ts";

export function cdk8sSynth(objectCount: number): Contender {
  const folder = join(WORK, `cdk8s-${objectCount}`);
  const program = transpileProgram("cdk8s-synth");
  return {
    label: `cdk8s ${version()}`,
    run: async () => {
      emptyFolder(folder);
      const figures = await runCold([program, String(objectCount), folder]);
      const objects = countObjects(folder);
      if (objects !== objectCount) throw new Error(`cdk8s wrote ${objects} objects`);
      return { ...figures, objects };
    },
  };
}

function version(): string {
  const path = join(REPOSITORY, "node_modules", "cdk8s", "package.json");
  const manifest: { readonly version: string } = JSON.parse(readFileSync(path, "utf8"));
  return manifest.version;
}
