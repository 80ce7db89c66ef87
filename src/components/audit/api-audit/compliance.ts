// Which control is met by what: every line names what was emitted for this cluster and the command that proves it again. It claims
// nothing that is not counted here; what has no evidence is listed as such.

import type { Graph, PlannedCluster } from "../../../model/index.ts";
import { securedFlows, securityCounts } from "../../../graph/index.ts";
import { isProvided } from "../../../model/index.ts";
import { markdownTable } from "./markdown-table.ts";

export interface Control {
  readonly name: string;
  /** ISO/IEC 27001:2022 Annex A, and SOC 2 Common Criteria. */
  readonly references: string;
  /** Undefined: there is nothing to show. */
  readonly evidence: string | undefined;
  readonly proof: string;
  /** Findings with which it is not met, whatever else there is. */
  readonly codes: readonly string[];
}

export function complianceMap(
  cluster: PlannedCluster,
  graph: Graph,
  asked: readonly string[],
): string {
  const controls = controlsOf(cluster, graph);
  const met = controls.filter(({ evidence }) => evidence !== undefined);
  const open = controls.filter(({ evidence }) => evidence === undefined);
  const unknown = asked.filter((name) => !controls.some((control) => control.name === name));
  return [
    `# Controls and evidence: ${cluster.target}`,
    "",
    `${met.length} of ${controls.length} controls have evidence. Made from the definition; \`keelson check\` and the commands below prove it again.`,
    "",
    markdownTable(
      ["control", "references", "evidence", "proof"],
      met.map(({ name, references, evidence = "", proof }) => [name, references, evidence, proof]),
    ),
    ...section(
      "Without evidence",
      open.map(({ name, references }) => `${name} (${references})`),
    ),
    ...section("Asked for and not known here", unknown),
    ...flowSection(cluster, graph),
    "",
  ].join("\n");
}

/** What every conversation of the platform rests on. */
function flowSection(cluster: PlannedCluster, graph: Graph): string[] {
  const flows = securedFlows(cluster, graph);
  const { authenticated, authorized, encrypted } = securityCounts(flows);
  return [
    "",
    "## Flows",
    "",
    `Of ${flows.length} flows ${authenticated} know who calls, ${authorized} are allowed one by one, and ${encrypted} are encrypted. Where nothing but its address speaks for a caller, there is a dash.`,
    "",
    markdownTable(
      ["flow", "authentication", "authorization", "encryption"],
      flows.map(({ flow, authentication, authorization, encryption }) => [
        flow.name,
        authentication === "" ? "-" : authentication,
        authorization === "" ? "-" : authorization,
        encryption,
      ]),
    ),
  ];
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ["", `## ${title}`, "", ...items.map((item) => `- ${item}`)];
}

/** Every control that is known, with the evidence this cluster has for it. */
export function controlsOf(cluster: PlannedCluster, graph: Graph): Control[] {
  return [...accessControls(cluster, graph), ...changeControls(cluster), ...watchControls(cluster)];
}

function accessControls(cluster: PlannedCluster, { flows }: Graph): Control[] {
  const { roles, secrets } = cluster;
  const encrypted = flows.filter(({ encryption }) => encryption !== "none");
  return [
    {
      name: "least-privilege",
      codes: ["verify/escalation", "verify/wildcard-right"],
      references: "A.5.15, A.8.2; CC6.1, CC6.3",
      evidence: count(
        roles.length,
        "role",
        "bound to groups, without wildcards outside administrators",
      ),
      proof: "`keelson check` (verify/escalation; rule no-wildcard-rights)",
    },
    {
      name: "network-segregation",
      codes: ["verify/blocked-flow", "verify/undeclared-flow", "verify/void-policies"],
      references: "A.8.22; CC6.6",
      evidence: whereProvided(
        cluster,
        "networkPolicy",
        `${ownNamespaces(cluster).length} namespaces refuse everything both ways; ${flows.length} flows are allowed`,
      ),
      proof: "`keelson check` (verify/blocked-flow, verify/undeclared-flow)",
    },
    {
      name: "encryption-in-transit",
      codes: ["verify/mesh-refuses-flow", "verify/mesh-admits-stranger"],
      references: "A.8.24; CC6.7",
      evidence: count(encrypted.length, "flow", `of ${flows.length} under TLS or mutual TLS`),
      proof: "`keelson check`, table of flows",
    },
    {
      name: "secrets-management",
      codes: ["verify/plaintext-secret", "verify/contested-secret"],
      references: "A.5.17, A.8.24; CC6.1",
      evidence: count(
        secrets.length,
        "secret",
        "with one owner each, none in the repository in the clear",
      ),
      proof: "`keelson check` (verify/plaintext-secret, verify/contested-secret)",
    },
    {
      name: "central-sign-in",
      codes: [],
      references: "A.5.16, A.8.5; CC6.1",
      evidence: whereProvided(
        cluster,
        "signIn",
        "people sign in to one realm; its groups are the roles'",
      ),
      proof: "`kubectl auth can-i --list --as-group=<group>`",
    },
  ];
}

function changeControls(cluster: PlannedCluster): Control[] {
  const own = ownNamespaces(cluster);
  const restricted = own.filter(({ podSecurity }) => podSecurity === "restricted");
  return [
    {
      name: "secure-configuration",
      codes: ["verify/refused-pod", "verify/unexplained-privilege"],
      references: "A.8.9; CC7.1",
      evidence: count(
        restricted.length,
        "namespace",
        `of ${own.length} under Pod Security restricted`,
      ),
      proof: "`keelson check` (verify/refused-pod, verify/unexplained-privilege)",
    },
    {
      name: "admission-policy",
      codes: ["verify/broken-rule"],
      references: "A.8.9, A.8.19; CC8.1",
      evidence: whereProvided(
        cluster,
        "admissionPolicy",
        "the platform's rules are enforced at admission",
      ),
      proof: "`keelson check` (verify/broken-rule)",
    },
    {
      name: "change-management",
      codes: [],
      references: "A.8.32; CC8.1",
      evidence: cluster.slots.some(({ slot }) => slot === "delivery")
        ? "every change reaches the cluster from the repository"
        : undefined,
      proof: "history of the repository; the engine's own of each Application",
    },
  ];
}

function watchControls(cluster: PlannedCluster): Control[] {
  const { alerts, substrate, workloads } = cluster;
  return [
    {
      name: "audit-logging",
      codes: [],
      references: "A.8.15, A.8.16; CC7.2",
      evidence: substrate.ownsApiServer
        ? "audit policy and Sigma rules beside this file"
        : undefined,
      proof: "`sigma check sigma/`",
    },
    {
      name: "runtime-detection",
      codes: [],
      references: "A.8.16; CC7.2",
      evidence: whereProvided(
        cluster,
        "runtimeEvents",
        "system calls of every container are watched",
      ),
      proof: "events of the watcher in its pods' logs",
    },
    {
      name: "backup",
      codes: [],
      references: "A.8.13; A1.2",
      evidence: count(
        workloads.filter(
          ({ kind, name }) => kind === "CronJob" && /^(dump|mirror|.*snapshot)/.test(name),
        ).length,
        "job",
        "that copies data on a schedule",
      ),
      proof: "`kubectl get jobs -A`",
    },
    {
      name: "monitoring",
      codes: [],
      references: "A.8.16; CC7.1",
      evidence: count(alerts.length, "alert", "with a runbook each"),
      proof: "`kubectl get prometheusrules -A`",
    },
  ];
}

function ownNamespaces({ namespaces }: PlannedCluster): PlannedCluster["namespaces"] {
  return namespaces.filter(({ tenancy }) => tenancy !== "system");
}

function whereProvided(
  cluster: PlannedCluster,
  capability: string,
  evidence: string,
): string | undefined {
  return isProvided(cluster, capability) ? evidence : undefined;
}

function count(number: number, noun: string, what: string): string | undefined {
  if (number === 0) return undefined;
  return `${number} ${noun}${number === 1 ? "" : "s"} ${what}`;
}
