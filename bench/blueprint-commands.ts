// The commands a person types most, on the platforms that ship with the package.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../scripts/run-command.ts";
import { type Contender, type Figures, Unavailable } from "./case.ts";
import { runCold, WORK } from "./cold-process.ts";
import { emptyFolder } from "./output-folder.ts";

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");

/** The slowest of all blueprints, whichever that is by now. */
export const checkSlowest: Contender = {
  label: "keelson",
  run: async () => {
    const runs: Figures[] = [];
    for (const blueprint of blueprintNames()) {
      runs.push(await runCommandLine(["check", "--blueprint", blueprint]));
    }
    const largest = (figure: string): number => Math.max(...runs.map((run) => run[figure] ?? 0));
    return { wallMs: largest("wallMs"), peakRssBytes: largest("peakRssBytes") };
  },
};

/** From nothing to every application healthy, in an empty folder. */
export const upOnce: Contender = {
  label: "keelson",
  run: () => {
    const ports = ["--port", "0", "--http-port", "0", "--https-port", "0"];
    return runCommandLine([
      "up",
      "--blueprint",
      "local-first",
      "--simulated",
      "--env",
      "dev",
      "--once",
      ...ports,
    ]);
  },
};

async function runCommandLine(args: readonly string[]): Promise<Figures> {
  if (!existsSync(COMMAND)) throw new Unavailable("run make build first");
  const folder = join(WORK, "working-folder");
  emptyFolder(folder);
  return runCold([COMMAND, ...args], folder);
}

function blueprintNames(): readonly string[] {
  const folder = join(REPOSITORY, "blueprints");
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, "platform.ts")));
}
