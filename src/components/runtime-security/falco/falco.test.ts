// The platform's own rule: about apps alone, fired by a shell in one of them and by nothing else; and its event's way to who routes
// alerts to people.

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { harbour } from "../../testing/definitions.ts";
import { planEnvironment } from "../../testing/plan.ts";
import { plannedCluster } from "../../testing/planned.ts";
import { falcoValues } from "./values.ts";

const namespace = (name: string, tenancy: "app" | "platform") =>
  ({ name, tenancy, podSecurity: "restricted", origin: [] }) as const;

interface Rule {
  readonly rule: string;
  readonly desc: string;
  readonly condition: string;
  readonly output: string;
  readonly priority: string;
}

function ruleOf(values: unknown): Rule {
  const { customRules } = values as { readonly customRules: Record<string, string> };
  const [rule] = parse(customRules["platform.yaml"] ?? "") as readonly Rule[];
  if (rule === undefined) throw new Error("the platform has a rule");
  return rule;
}

const rule = ruleOf(
  falcoValues(
    plannedCluster({ namespaces: [namespace("argocd", "platform"), namespace("shop", "app")] }),
    { priority: "notice" },
  ),
);

type Event = Readonly<Record<string, string>>;

/** Macros and lists of falcosecurity/rules falco_rules.yaml, and `field in (a, b)`; anything else throws. */
const MACROS: Readonly<Record<string, (event: Event) => boolean>> = {
  spawned_process: (event) => ["execve", "execveat"].includes(event["evt.type"] ?? ""),
  container: (event) => event["container.id"] !== "host",
};
const LISTS: Readonly<Record<string, readonly string[]>> = {
  shell_binaries: ["ash", "bash", "csh", "ksh", "sh", "tcsh", "zsh", "dash"],
};

function fires(condition: string, event: Event): boolean {
  return condition.split(" and ").every((part) => {
    const macro = MACROS[part];
    if (macro !== undefined) return macro(event);
    const [, field = "", list = ""] = /^(\S+) in \(([^)]*)\)$/.exec(part) ?? [];
    if (field === "") throw new Error(`not a condition: ${part}`);
    const values = list.split(", ").flatMap((one) => LISTS[one] ?? [one]);
    return values.includes(event[field] ?? "");
  });
}

const SHELL: Event = {
  "evt.type": "execve",
  "container.id": "3f1c",
  "k8s.ns.name": "shop",
  "proc.name": "bash",
};

describe("the platform's rule", () => {
  it.each([
    { name: "a shell in an app's container", event: {}, fired: true },
    { name: "by its other system call", event: { "evt.type": "execveat" }, fired: true },
    { name: "the app's own program", event: { "proc.name": "node" }, fired: false },
    { name: "a shell of the platform's", event: { "k8s.ns.name": "argocd" }, fired: false },
    { name: "a shell on the node", event: { "container.id": "host" }, fired: false },
    { name: "a file that is opened", event: { "evt.type": "openat" }, fired: false },
  ])("$name: $fired", ({ event, fired }) => {
    expect(fires(rule.condition, { ...SHELL, ...event })).toBe(fired);
  });

  it("has what every rule needs, and wakes somebody", () => {
    expect(Object.keys(rule)).toEqual(
      expect.arrayContaining(["rule", "desc", "condition", "output", "priority"]),
    );
    expect(rule.output).toContain("%k8s.pod.name");
    expect(rule.priority).toBe("WARNING");
  });

  it("is left out where there is no app", () => {
    expect(falcoValues(plannedCluster(), { priority: "notice" })).not.toHaveProperty("customRules");
  });
});

describe("its events", () => {
  const planned = (change: object) => planEnvironment({ ...harbour, ...change }, "prod");

  it.each(["prometheus", "prometheus-operator"])("reach who routes alerts: %s", (kind) => {
    const { cluster, graph } = planned({ metrics: { kind } });
    expect(falcoValues(cluster, { priority: "notice" })["falcosidekick"]).toMatchObject({
      enabled: true,
      config: {
        alertmanager: {
          hostport: expect.stringMatching(/^http:\/\/\S*alertmanager\S*\.monitoring\.svc:9093$/),
          minimumpriority: "warning",
        },
      },
    });
    const names = graph.flows.map(({ name }) => name);
    expect(names).toContain("falco-to-falcosidekick");
    expect(names).toContain("falco-falcosidekick-to-alertmanager");
  });

  it("stay in the logs where nobody does", () => {
    const { cluster, graph } = planned({});
    expect(falcoValues(cluster, { priority: "notice" })).not.toHaveProperty("falcosidekick");
    expect(graph.flows.map(({ name }) => name)).not.toContain("falco-to-falcosidekick");
  });
});
