// One rule as a ConstraintTemplate and its Constraint. Fields: templates.gatekeeper.sh/v1 and constraints.gatekeeper.sh/v1beta1 of
// Gatekeeper v3.23; the K8sNativeValidation engine evaluates the rule's own CEL, and only what needs to see other objects is Rego.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { systemLabels, TENANCY_LABEL, type Fields } from "../../manifests/index.ts";
import {
  SUBJECTS,
  type Enforcement,
  type NamedExpression,
  type PlannedRule,
  type PolicyRule,
  type RuleReference,
} from "../rules/index.ts";

export const TEMPLATE = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
} as const;
export const CONSTRAINT_API = "constraints.gatekeeper.sh/v1beta1";
export const TARGET = "admission.k8s.gatekeeper.sh";

const ACTIONS: Readonly<Record<Enforcement, string>> = {
  deny: "deny",
  warn: "warn",
  audit: "dryrun",
};

/** `required-labels` → `KeelsonRequiredLabels`: a kind of its own for every rule. */
export function constraintKind({ name }: PolicyRule): string {
  const words = name.split("-").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `Keelson${words.join("")}`;
}

export function templateObject(platform: string, rule: PolicyRule): KubernetesObject {
  const kind = constraintKind(rule);
  return {
    ...TEMPLATE,
    // Gatekeeper wants the template named as its kind in lower case.
    metadata: {
      name: kind.toLowerCase(),
      labels: systemLabels(platform, "gatekeeper", rule.name),
      annotations: { description: rule.title },
    },
    spec: {
      crd: {
        spec: { names: { kind }, validation: { openAPIV3Schema: parametersSchema(rule) } },
      },
      targets: [{ target: TARGET, code: [codeOf(rule)] }],
    },
  };
}

function parametersSchema({ parameters }: PolicyRule): Fields {
  const texts = { type: "array", items: { type: "string" } };
  return {
    type: "object",
    ...(parameters.length === 0
      ? {}
      : { properties: Object.fromEntries(parameters.map((name) => [name, texts])) }),
  };
}

function codeOf(rule: PolicyRule): Fields {
  if (rule.reference !== undefined) {
    return {
      engine: "Rego",
      source: { version: "v1", rego: regoOf(rule, rule.reference) },
    };
  }
  return {
    engine: "K8sNativeValidation",
    source: {
      variables: rule.variables.map(({ name, expression }: NamedExpression) => ({
        name,
        expression,
      })),
      validations: [{ expression: rule.holds, messageExpression: rule.message }],
    },
  };
}

/** CEL templates see one object alone (website/docs/validating-admission-policy.md); replicated data is Rego's. */
function regoOf(rule: PolicyRule, { apiVersion, kind, name }: RuleReference): string {
  return `package ${constraintKind(rule).toLowerCase()}

violation contains {"msg": msg} if {
  not covered
  msg := sprintf("%v %v: the namespace has no ${kind} ${name} that covers every pod both ways", [input.review.kind.kind, input.review.object.metadata.name])
}

covered if {
  policy := data.inventory.namespace[input.review.object.metadata.namespace]["${apiVersion}"]["${kind}"]["${name}"]
  count(object.get(policy.spec.podSelector, "matchLabels", {})) == 0
  {"Ingress", "Egress"} == {type | some type in policy.spec.policyTypes}
}
`;
}

export function constraintObject(
  platform: string,
  { rule, enforcement, parameters, except }: PlannedRule,
): KubernetesObject {
  return {
    apiVersion: CONSTRAINT_API,
    kind: constraintKind(rule),
    metadata: {
      name: `${platform}-${rule.name}`,
      labels: systemLabels(platform, "gatekeeper", rule.name),
    },
    spec: {
      enforcementAction: ACTIONS[enforcement],
      match: {
        kinds: SUBJECTS[rule.subjects].map(({ group, kinds }) => ({ apiGroups: [group], kinds })),
        namespaceSelector: { matchLabels: { [TENANCY_LABEL]: "app" } },
        ...(except.length === 0 ? {} : { excludedNamespaces: except }),
      },
      ...(rule.parameters.length === 0 ? {} : { parameters }),
    },
  };
}

/** What Rego rules look up has to be replicated first. */
export function syncSet(platform: string, references: readonly RuleReference[]): KubernetesObject {
  return {
    apiVersion: "syncset.gatekeeper.sh/v1alpha1",
    kind: "SyncSet",
    metadata: { name: platform, labels: systemLabels(platform, "gatekeeper", "sync") },
    spec: {
      gvks: references.map(({ apiVersion, kind }) => {
        const [group = "", version = ""] = apiVersion.split("/");
        return { group, version, kind };
      }),
    },
  };
}
