// The rules one cluster has, with their parameters: from the options of whoever fills the slot, and from what the cluster runs.

import { defineDiagnostic } from "../../../core/index.ts";
import type { PlannedCluster, ResolveContext } from "../../../model/index.ts";
import { RULE_NAMES, RULES } from "./list.ts";
import type { PolicyOptions } from "./options.ts";
import type { PlannedRule, RuleParameters } from "./rule.ts";

export const unknownRule = defineDiagnostic<{ readonly rule: string; readonly known: string }>({
  code: "policy/unknown-rule",
  severity: "error",
  message: ({ rule }) => `there is no rule ${rule}`,
  hint: ({ known }) => `one of ${known}`,
});

type Cluster = Pick<PlannedCluster, "workloads" | "exposures" | "namespaces">;

/** Options as they are used: names of rules that do not exist are told. */
export function settlePolicy<Options extends PolicyOptions>(
  { path, report }: ResolveContext,
  options: Options,
): Options {
  for (const rule of Object.keys(options.rules)) {
    if (RULE_NAMES.includes(rule)) continue;
    report(unknownRule([...path, "rules", rule], { rule, known: RULE_NAMES.join(", ") }));
  }
  return options;
}

/** The rules of a cluster, whoever enforces them there; none where the slot is empty. */
export function rulesOf(cluster: Cluster & Pick<PlannedCluster, "slots">): PlannedRule[] {
  const choice = cluster.slots.find(({ slot }) => slot === "policy");
  // Every filler of the slot reads at least these options.
  return choice === undefined ? [] : planRules(cluster, choice.options as PolicyOptions);
}

export function planRules(cluster: Cluster, options: PolicyOptions): PlannedRule[] {
  const parameters: RuleParameters = {
    labels: options.labels,
    registries: options.registries ?? registriesOf(cluster),
    exposed: exposedServices(cluster),
  };
  return RULES.flatMap((rule) => {
    const enforcement = options.rules[rule.name] ?? options.enforcement;
    if (enforcement === false) return [];
    const own = rule.parameters.map((name) => [name, parameters[name] ?? []] as const);
    const except = options.except.toSorted();
    return [{ rule, enforcement, parameters: Object.fromEntries(own), except }];
  });
}

/** Sorted: `namespace/name`; of apps alone, which are all that the rules hold for. */
function exposedServices({ exposures, namespaces }: Cluster): string[] {
  const apps = new Set(
    namespaces.filter(({ tenancy }) => tenancy === "app").map(({ name }) => name),
  );
  return exposures
    .flatMap(({ opens }) =>
      opens.kind === "service" && apps.has(opens.namespace)
        ? `${opens.namespace}/${opens.name}`
        : [],
    )
    .toSorted();
}

/** Where every image of the cluster comes from, up to the repository's owner: sidecars come from where their system does. */
function registriesOf({ workloads }: Cluster): string[] {
  const images = workloads.flatMap(({ containers }) => containers.map(({ image }) => image));
  const owners = images.map((image) => image.slice(0, image.lastIndexOf("/") + 1));
  return [...new Set(owners.filter((owner) => owner !== ""))].toSorted();
}
