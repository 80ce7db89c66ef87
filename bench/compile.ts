// Keelson's side of the compile benchmark: a definition of many apps, compiled by the command a person types, to files on disk.
// The number of apps is chosen so that as many objects are written as the peer writes; the checks of every object stay on.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../scripts/run-command.ts";
import { type Contender, type Figures, Unavailable } from "./case.ts";
import { runCold, WORK } from "./cold-process.ts";
import { countObjects, emptyFolder } from "./output-folder.ts";

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");

export function keelsonCompile(objectCount: number): Contender {
  const name = `compile-${objectCount}`;
  let appCount = 0;
  return {
    label: "keelson",
    prepare: async () => {
      if (!existsSync(COMMAND)) throw new Unavailable("run make build first");
      appCount = await findAppCount(name, objectCount);
    },
    run: async () => {
      const { figures, objects } = await compileApps(name, appCount);
      return { ...figures, objects };
    },
  };
}

/** Apps and objects grow together, so two small compiles tell how many apps make the wanted number of objects. */
async function findAppCount(name: string, objectCount: number): Promise<number> {
  const [few, many] = [10, 30];
  const small = await compileApps(name, few);
  const large = await compileApps(name, many);
  const perApp = (large.objects - small.objects) / (many - few);
  const fixed = small.objects - few * perApp;
  return Math.round((objectCount - fixed) / perApp);
}

async function compileApps(
  name: string,
  appCount: number,
): Promise<{ readonly figures: Figures; readonly objects: number }> {
  const source = join(WORK, name, "platform.ts");
  const output = join(WORK, name, "output");
  mkdirSync(join(WORK, name), { recursive: true });
  writeFileSync(source, generateDefinition(appCount));
  emptyFolder(output);
  // Once per platform, not per compile: decides versions and ranges.
  await runCold([COMMAND, "update", "-f", source]);
  const figures = await runCold([COMMAND, "compile", "-f", source, "-o", output]);
  return { figures, objects: countObjects(output) };
}

/** A platform of one cluster and nothing but plain apps, as close to bare Deployments as a platform comes. */
export function generateDefinition(appCount: number): string {
  const apps = Array.from(
    { length: appCount },
    (_, index) => `    app-${index}: { image: "example/app-${index}:1.0", port: 8080 },`,
  );
  return DEFINITION.replace(
    "    // apps",
    apps.map((line) => line.replace(/app-\d+/, '"$&"')).join("\n"),
  );
}

const DEFINITION = `import { definePlatform, developerMachine, k3d } from "keelson";

export default definePlatform({
  name: "bench",
  domain: "bench.example.com",
  sites: { laptop: developerMachine() },
  clusters: { local: k3d({ site: "laptop", servers: 1, agents: 2 }) },
  environments: { dev: { clusters: ["local"], scale: "single" } },
  apps: {
    // apps
  },
});
`;
