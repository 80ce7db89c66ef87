// The embedded cluster without HTTPS: programs that build one in their own process and tell what they saw.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../scripts/run-command.ts";
import { type Contender, Unavailable } from "./case.ts";
import { runCold, transpileProgram } from "./cold-process.ts";

const DIST = join(REPOSITORY, "dist");

/** A program of `bench/programs/`, given the built package. */
export function inProcess(name: string): Contender {
  const program = transpileProgram(name);
  return {
    label: "keelson",
    run: () => {
      if (!existsSync(join(DIST, "cluster")))
        return Promise.reject(new Unavailable("run make build first"));
      return runCold([program, DIST]);
    },
  };
}
