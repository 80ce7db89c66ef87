// Everything without a measure of its own counts as one piece: `count/secrets`, `count/deployments.apps`, and the short
// names some core resources have had before. Mirrors k8s.io/apiserver pkg/quota/v1/generic and
// pkg/quota/v1/evaluator/core/registry.go (legacyObjectCountAliases).

import type { QuotaEvaluator } from "./evaluator.ts";
import { ONE } from "./quantities.ts";

const ALIASES: ReadonlySet<string> = new Set([
  "configmaps",
  "resourcequotas",
  "replicationcontrollers",
  "secrets",
]);

/** `resource` is `secrets` or `deployments.apps`. */
export function objectCount(resource: string): QuotaEvaluator {
  const names = [`count/${resource}`, ...(ALIASES.has(resource) ? [resource] : [])];
  const usage = new Map(names.map((name) => [name, ONE]));
  return {
    handles: ({ operation, subresource }) => operation === "CREATE" && subresource === "",
    measures: (name) => names.includes(name),
    usage: () => usage,
    inScope: () => false,
  };
}
