// One rule as a ValidatingAdmissionPolicy and its binding. Fields: admissionregistration.k8s.io/v1, Kubernetes 1.36.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { NAMESPACE_NAME_LABEL, systemLabels, TENANCY_LABEL } from "../../manifests/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { SUBJECTS, type Enforcement, type PlannedRule } from "../rules/index.ts";

const API_VERSION = "admissionregistration.k8s.io/v1";

const ACTIONS: Readonly<Record<Enforcement, readonly string[]>> = {
  // Audit beside Deny, so that the audit log tells which rule refused.
  deny: ["Deny", "Audit"],
  warn: ["Warn", "Audit"],
  audit: ["Audit"],
};

export function policyObject(platform: string, planned: PlannedRule): KubernetesObject {
  const { rule } = planned;
  const { reference } = rule;
  const written = (text: string): string => withParameters(text, planned);
  const variables = rule.variables.map(({ name, expression }) => ({
    name,
    expression: written(expression),
  }));
  return {
    apiVersion: API_VERSION,
    kind: "ValidatingAdmissionPolicy",
    metadata: metadataOf(platform, planned),
    spec: {
      failurePolicy: "Fail",
      ...(reference === undefined
        ? {}
        : { paramKind: { apiVersion: reference.apiVersion, kind: reference.kind } }),
      matchConstraints: {
        resourceRules: SUBJECTS[rule.subjects].map(({ group, version, resources }) => ({
          apiGroups: [group],
          apiVersions: [version],
          operations: ["CREATE", "UPDATE"],
          resources,
        })),
      },
      // What is on its way out may go: a rule that is new must not keep finalizers from being removed.
      matchConditions: [{ name: "stays", expression: "!has(object.metadata.deletionTimestamp)" }],
      ...(variables.length === 0 ? {} : { variables }),
      validations: [
        {
          expression: written(rule.holds),
          messageExpression: written(rule.message),
          reason: "Forbidden",
        },
      ],
    },
  };
}

export function bindingObject(platform: string, planned: PlannedRule): KubernetesObject {
  const { rule, enforcement } = planned;
  const { reference } = rule;
  return {
    apiVersion: API_VERSION,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: metadataOf(platform, planned),
    spec: {
      policyName: nameOf(platform, planned),
      validationActions: ACTIONS[enforcement],
      ...(reference === undefined
        ? {}
        : { paramRef: { name: reference.name, parameterNotFoundAction: "Deny" } }),
      matchResources: { namespaceSelector: namespaceSelector(planned) },
    },
  };
}

function metadataOf(platform: string, planned: PlannedRule): KubernetesObject["metadata"] {
  return {
    name: nameOf(platform, planned),
    labels: systemLabels(platform, "validating-admission-policies", planned.rule.name),
  };
}

/** Cluster-scoped names carry the platform's. */
const nameOf = (platform: string, { rule }: PlannedRule): string => `${platform}-${rule.name}`;

function namespaceSelector({ except }: PlannedRule): Fields {
  return {
    matchLabels: { [TENANCY_LABEL]: "app" },
    ...(except.length === 0
      ? {}
      : {
          matchExpressions: [{ key: NAMESPACE_NAME_LABEL, operator: "NotIn", values: except }],
        }),
  };
}

/**
 * Parameters written out where they are used: no object to keep beside the policy, and none that could be missing. A variable of
 * their own would have to stand before the others, and an overlay that changes it would put it last.
 */
function withParameters(expression: string, { rule, parameters }: PlannedRule): string {
  return rule.parameters.reduce(
    (text, name) =>
      text.replaceAll(`variables.params.${name}`, JSON.stringify(parameters[name] ?? [])),
    expression,
  );
}
