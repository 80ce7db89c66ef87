// Every blueprint with Flux in its delivery slot: kubectl builds `clusters/<target>/flux-system` and the folder of the cluster
// around it, and both hold what Flux starts from.

import { join } from "node:path";

import { flux } from "../../src/index.ts";
import { findOnPath } from "../find-tool.ts";
import { runCommand } from "../run-command.ts";
import { blueprintNames, compileBlueprint } from "./blueprints.ts";
import type { ClusterSuite } from "./cluster-suite.ts";
import { writeTree } from "./packagings.ts";

const DELIVERY = flux({
  repository: "https://git.example.com/platform",
  credentials: "platform",
  imageUpdates: {}, // some apps ask for it
});
/** What `flux bootstrap` puts there: a repository, the Kustomization that applies the cluster's folder, and Flux itself. */
const HELD = ["kind: GitRepository", "kind: Kustomization", "kind: HelmRelease"];

export function fluxSystem(blueprints: readonly string[]): ClusterSuite {
  return {
    name: "flux-system",
    aboutBlueprints: true,
    async run() {
      const kubectl = findOnPath("kubectl");
      if (kubectl === undefined) return "needs kubectl";
      const complaints: string[] = [];
      let asked = 0;
      for (const blueprint of blueprintNames(blueprints)) {
        const compiled = await compileBlueprint(blueprint, (own) => ({
          ...own,
          delivery: DELIVERY,
        }));
        const root = writeTree(compiled.tree);
        for (const { cluster } of compiled.targets)
          for (const folder of [
            `clusters/${cluster.target}/flux-system`,
            `clusters/${cluster.target}`,
          ]) {
            asked += 1;
            const problem = await build(kubectl, join(root, folder));
            if (problem !== undefined) complaints.push(`${blueprint}, ${folder}: ${problem}`);
          }
      }
      return { asked, complaints };
    },
  };
}

async function build(kubectl: string, folder: string): Promise<string | undefined> {
  const { code, stdout, output } = await runCommand(kubectl, ["kustomize", folder]);
  if (code !== 0) return output.trim();
  const missing = HELD.filter((text) => !stdout.includes(text));
  return missing.length === 0 ? undefined : `it holds no ${missing.join(", no ")}`;
}
