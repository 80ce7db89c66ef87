// Hot reload as a person meets it: a saved file, and the answer that shows it.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../scripts/run-command.ts";
import { type BenchCase, Unavailable } from "./case.ts";
import { runCold, transpileProgram } from "./cold-process.ts";

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");
const EXAMPLE = join(REPOSITORY, "examples", "storefront");

export const editToServed: BenchCase = {
  name: "edit-to-served",
  keelson: {
    label: "keelson",
    run: () => {
      if (!existsSync(COMMAND)) return Promise.reject(new Unavailable("run make build first"));
      if (!existsSync(join(EXAMPLE, "node_modules")))
        return Promise.reject(new Unavailable("the packages of examples/storefront are missing"));
      return runCold([transpileProgram("edit-to-served"), COMMAND, EXAMPLE]);
    },
  },
  rows: [
    {
      what: "up: a small server's file saved to its answer",
      figure: "smallMs",
      unit: "ms",
      budget: 1_000,
    },
    { what: "  the storefront's", figure: "storefrontMs", unit: "ms" },
    {
      what: "  the storefront alone, without back ends: start to answer",
      figure: "aloneMs",
      unit: "ms",
      reference: "what every restart of it costs",
    },
  ],
};
