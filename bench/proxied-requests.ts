// The ingress and the Services of local processes beside a direct call, and beside nginx where it is installed.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { findOnPath } from "../scripts/find-tool.ts";
import { REPOSITORY } from "../scripts/run-command.ts";
import { type BenchCase, type Contender, Unavailable } from "./case.ts";
import { runCold, transpileProgram } from "./cold-process.ts";

const DIST = join(REPOSITORY, "dist");

function contender(label: string, nginx: () => string | undefined): Contender {
  const program = transpileProgram("proxied-requests");
  return {
    label,
    run: () => {
      if (!existsSync(join(DIST, "runtime", "index.js")))
        return Promise.reject(new Unavailable("run make build first"));
      const path = nginx();
      if (path === undefined) return Promise.reject(new Unavailable("nginx is not on the PATH"));
      return runCold([program, DIST, path]);
    },
  };
}

export const proxiedRequests: BenchCase = {
  name: "proxied-requests",
  keelson: contender("keelson", () => ""),
  peer: contender("nginx", () => findOnPath("nginx")),
  rows: [
    { what: "a request of 1 kB straight to its server", figure: "directMs", unit: "ms" },
    { what: "  added by a Service's proxy", figure: "serviceAddedMs", unit: "ms", budget: 0.5 },
    { what: "  added by the ingress", figure: "addedMs", unit: "ms", budget: 1 },
    {
      what: "requests through a Service's proxy, 16 clients",
      figure: "serviceRequestsPerSecond",
      unit: "per second",
    },
    {
      what: "requests through the ingress, 16 clients",
      figure: "requestsPerSecond",
      unit: "per second",
      budget: 1_000,
    },
  ],
};
