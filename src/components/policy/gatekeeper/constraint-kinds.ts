// The kinds of constraint that Gatekeeper makes out of our templates, as facts: the checks know them before any cluster does.
// Mirrors open-policy-agent/frameworks constraint/pkg/client/crds/crds.go.

import type { FactText } from "../../../kubernetes/index.ts";
import { RULES } from "../rules/index.ts";
import { constraintKind } from "./template.ts";

const NODES = [
  { t: "string" },
  { t: "array", i: 0 },
  { t: "object", u: 1 },
  { t: "object" },
] as const;
const TEXT = 0;
const TEXTS = 1;
const ANYTHING = 2;
const METADATA = 3;

export const constraintFacts: FactText = {
  source: "open-policy-agent/frameworks constraint/pkg/client/crds, as gatekeeper v3.23 has it",
  date: "2026-07-09",
  text: JSON.stringify(table()),
};

function table() {
  const nodes: Readonly<Record<string, unknown>>[] = [...NODES];
  const add = (node: Readonly<Record<string, unknown>>): number => nodes.push(node) - 1;
  const definitions = RULES.map((rule) => {
    const names = Object.fromEntries(rule.parameters.map((name) => [name, TEXTS]));
    const parameters = add({ t: "object", p: names });
    const spec = add({
      t: "object",
      p: { enforcementAction: TEXT, match: ANYTHING, parameters },
    });
    const schema = add({
      t: "object",
      p: { apiVersion: TEXT, kind: TEXT, metadata: METADATA, spec, status: ANYTHING },
    });
    return { spec: definitionSpec(constraintKind(rule), schema) };
  });
  return { nodes, definitions };
}

function definitionSpec(kind: string, schema: number) {
  const name = kind.toLowerCase();
  return {
    group: "constraints.gatekeeper.sh",
    names: {
      kind,
      listKind: `${kind}List`,
      plural: name,
      singular: name,
      categories: ["constraint", "constraints"],
    },
    scope: "Cluster",
    versions: [
      { name: "v1beta1", schema, served: true, storage: true, subresources: { status: {} } },
    ],
  };
}
