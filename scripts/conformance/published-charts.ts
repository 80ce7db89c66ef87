// Third-party charts, as their projects publish them: from a folder of somebody's, from an earlier run, or by `helm pull`.

import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import type { ChartRelease } from "../../src/model/index.ts";
import { runCommand } from "../run-command.ts";
import { TOOLS } from "./tools.ts";

const CACHE = join(TOOLS, "charts");
/** Hosts that cannot be reached either answer at once or never. */
const PULL_TIMEOUT_SECONDS = 60;

export type PublishedChart = Pick<ChartRelease, "repository" | "chart" | "version">;

export interface FoundChart {
  readonly folder?: string;
  /** Why there is none. */
  readonly problem?: string;
}

export interface ChartSource {
  find(chart: PublishedChart): Promise<FoundChart>;
}

/** `folder` holds unpacked charts, `NAME-VERSION` each; asked first. A chart is pulled once a run. */
export function chartSource(helm: string, folder: string | undefined): ChartSource {
  const asked = new Map<string, Promise<FoundChart>>();
  return {
    find(chart) {
      const name = `${chart.chart}-${chart.version}`;
      const places = [...(folder === undefined ? [] : [folder]), CACHE];
      const place = places.find((one) => existsSync(join(one, name, "Chart.yaml")));
      if (place !== undefined) return Promise.resolve({ folder: join(place, name) });
      const pulling = asked.get(name) ?? pull(helm, chart, join(CACHE, name));
      asked.set(name, pulling);
      return pulling;
    },
  };
}

async function pull(helm: string, chart: PublishedChart, folder: string): Promise<FoundChart> {
  const unpacked = join(CACHE, "unpacking");
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const named = chart.repository.startsWith("oci://")
    ? [`${chart.repository}/${chart.chart}`]
    : [chart.chart, "--repo", chart.repository];
  const args = ["pull", ...named, "--version", chart.version, "--untar", "--untardir", unpacked];
  const result = await runCommand(helm, args, { timeoutMs: PULL_TIMEOUT_SECONDS * 1000 });
  if (result.code !== 0) {
    const [reason = "it did not answer"] = result.output.trim().split("\n").slice(-1);
    return { problem: `cannot be had from ${chart.repository}: ${reason.slice(0, 160)}` };
  }
  renameSync(join(unpacked, chart.chart), folder);
  return { folder };
}
