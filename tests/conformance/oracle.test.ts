// Recorded answers of a real kube-apiserver, controller manager and scheduler 1.36.2 (see oracle/README.md), replayed
// request by request against served embedded clusters. One test is one recorded case; its failure shows the difference.

import { afterAll, describe, expect, it } from "vitest";

import { runCommand } from "../../scripts/run-command.ts";
import { findTool, printSkip } from "../skip.ts";
import { DIFFERENCES, KUBECTL_MINOR } from "./differences.ts";
import { readGroups, replayGroups, type Case } from "./recorded-groups.ts";

const recorded = readGroups();
const kubectl = await findTool("kubectl");
const kubectlMinor = kubectl === undefined ? undefined : await readMinor(kubectl);
const groups = recorded.map(({ group, cases }) => ({
  group,
  cases: cases.filter((kase) => !usesKubectl(kase) || canReplay(`${group}/${kase.name}`)),
}));

const replay = await replayGroups(groups, kubectl);

describe.each(groups)("$group", ({ group, cases }) => {
  afterAll(() => replay.ended(group));

  it.each(cases)("$name", async ({ name, why }) => {
    expectRecorded(`${group}/${name}`, why, await replay.differences(group, name));
  });
});

describe("the list of differences", () => {
  it("names only recorded cases", () => {
    const names = new Set(
      recorded.flatMap(({ group, cases }) => cases.map(({ name }) => `${group}/${name}`)),
    );
    expect(Object.keys(DIFFERENCES).filter((name) => !names.has(name))).toEqual([]);
  });
});

function usesKubectl({ steps }: Case): boolean {
  return steps.some((step) => step.kubectl !== undefined);
}

async function readMinor(program: string): Promise<number> {
  const { stdout } = await runCommand(program, ["version", "--client", "-o", "json"]);
  const version: { clientVersion: { minor: string } } = JSON.parse(stdout);
  return Number.parseInt(version.clientVersion.minor, 10);
}

function canReplay(title: string): boolean {
  if (kubectlMinor === undefined) return false;
  const { minor = 0, reason = "" } = KUBECTL_MINOR[title] ?? {};
  if (kubectlMinor >= minor) return true;
  printSkip(title, `needs kubectl 1.${minor} for ${reason}`);
  return false;
}

function expectRecorded(title: string, why: string, differences: readonly string[]): void {
  const reason = DIFFERENCES[title];
  if (reason !== undefined) {
    if (differences.length > 0) return;
    expect.fail(
      `${title} equals the recording now: take its line out of differences.ts (${reason})`,
    );
  }
  if (differences.length > 0) {
    expect.fail(`${why}\n${differences.map((line) => `  ${line}`).join("\n")}\n`);
  }
}
