// The ingress and the Services of local processes beside a direct call, and beside nginx from the system's packages.

import { existsSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../scripts/run-command.ts";
import { type BenchCase, type Contender, Unavailable } from "./case.ts";
import { nginxProgram } from "./nginx.ts";
import { runCold, transpileProgram } from "./cold-process.ts";

const DIST = join(REPOSITORY, "dist");

function contender(label: string, nginx: () => Promise<string>): Contender {
  return {
    label,
    async run() {
      if (!existsSync(join(DIST, "runtime", "index.js")))
        throw new Unavailable("run make build first");
      return runCold([transpileProgram("proxied-requests"), DIST, await nginx()]);
    },
  };
}

export const proxiedRequests: BenchCase = {
  name: "proxied-requests",
  keelson: contender("keelson", () => Promise.resolve("")),
  peer: contender("nginx", nginxProgram),
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
