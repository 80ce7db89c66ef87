// Gatekeeper's own evaluators over what the policy slot emits: CEL by k8s-native-validation and Rego by OPA, both inside gator. The
// same objects as in tests/behaviours/policy.test.ts, and the same verdicts.

import { stringify } from "yaml";

import type { KubernetesObject } from "../../src/kubernetes/index.ts";
import {
  CASES,
  policyObjects,
  SURROUNDINGS,
  type PolicyCase,
} from "../../tests/behaviours/policy-cases.ts";
import { runCommand } from "../run-command.ts";
import type { ClusterSuite } from "./cluster-suite.ts";
import { findValidatorTool, whyMissing } from "./tools.ts";

const GATOR = {
  tool: "gator",
  install: { path: "github.com/open-policy-agent/gatekeeper/v3/cmd/gator", version: "v3.23.0" },
};

export const gator: ClusterSuite = {
  name: "gator test",
  ...GATOR,
  async run() {
    const tool = findValidatorTool(GATOR);
    if (tool === undefined) return whyMissing(GATOR);
    const policies = policyObjects("gatekeeper").filter(({ kind }) => kind !== "SyncSet");
    const complaints: string[] = [];
    for (const one of CASES) {
      const said = await judge(tool, [...policies, ...SURROUNDINGS, withNames(one.object)]);
      const complaint = typeof said === "string" ? said : compare(one, said);
      if (complaint !== undefined) complaints.push(`${one.name}: ${complaint}`);
    }
    return { asked: CASES.length, complaints };
  },
};

/** The API server leaves out what is undefined, as JSON does. */
const withNames = (object: KubernetesObject): KubernetesObject =>
  JSON.parse(JSON.stringify(object)) as KubernetesObject;

interface Violation {
  readonly msg: string;
  readonly constraint: { readonly metadata: { readonly name: string } };
}

/** What is violated, or what went wrong. Exit code 1 says that something was denied. */
async function judge(
  tool: string,
  objects: readonly KubernetesObject[],
): Promise<readonly Violation[] | string> {
  const input = objects.map((object) => stringify(object)).join("---\n");
  const { stdout, output } = await runCommand(tool, ["test", "-o", "json"], { input });
  try {
    return (JSON.parse(stdout) ?? []) as readonly Violation[];
  } catch {
    return output.trim();
  }
}

function compare({ rule, says = "" }: PolicyCase, said: readonly Violation[]): string | undefined {
  const found = said.map(({ constraint, msg }) => `${constraint.metadata.name}: ${msg}`);
  const wanted = rule === undefined ? [] : [`harbour-${rule}: ${says}`];
  const isSame =
    found.length === wanted.length && found.every((text, at) => text.startsWith(wanted[at] ?? ""));
  return isSame ? undefined : `${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
}
