// The rules of a platform. Each holds for everything Keelson emits into app namespaces, and is asked of everybody else's objects
// there. Source of the pod rules: Kubernetes documentation, "Pod Security Standards" and "Security Checklist".

import type { NamedExpression, PolicyRule } from "./rule.ts";

const SUBJECT: NamedExpression = {
  name: "subject",
  expression: `object.kind + " " + (has(object.metadata.name) ? object.metadata.name : has(object.metadata.generateName) ? object.metadata.generateName : "")`,
};

/** The pod's spec, wherever the kind keeps it. */
const POD_SPEC: NamedExpression = {
  name: "podSpec",
  expression: `object.kind == "Pod" ? object.spec : object.kind == "CronJob" ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec`,
};

const CONTAINERS: NamedExpression = {
  name: "containers",
  expression: `(has(variables.podSpec.initContainers) ? variables.podSpec.initContainers : []) + variables.podSpec.containers`,
};

/** Names of containers for which `wrong` (about `c`) is true. */
function containersWhere(wrong: string): Pick<PolicyRule, "variables" | "holds"> {
  return {
    variables: [
      SUBJECT,
      POD_SPEC,
      CONTAINERS,
      { name: "wrong", expression: `variables.containers.filter(c, ${wrong}).map(c, c.name)` },
    ],
    holds: "variables.wrong.size() == 0",
  };
}

const ofContainers = (problem: string): string =>
  `variables.subject + ": " + variables.wrong.join(", ") + ${JSON.stringify(` ${problem}`)}`;

export const RULES: readonly PolicyRule[] = [
  {
    name: "required-labels",
    title: "what runs says what it is and whose it is",
    subjects: "workloads",
    parameters: ["labels"],
    variables: [
      SUBJECT,
      {
        name: "missing",
        expression:
          "variables.params.labels.filter(l, !has(object.metadata.labels) || !(l in object.metadata.labels))",
      },
    ],
    holds: "variables.missing.size() == 0",
    message: `variables.subject + " lacks the labels " + variables.missing.join(", ")`,
  },
  {
    name: "resources-set",
    title: "every container states what it needs and the memory it may take",
    subjects: "pods",
    parameters: [],
    ...containersWhere(
      `!has(c.resources) || !has(c.resources.requests) || !("cpu" in c.resources.requests) || !("memory" in c.resources.requests) || !has(c.resources.limits) || !("memory" in c.resources.limits)`,
    ),
    message: ofContainers("without requests for cpu and memory and a limit for memory"),
  },
  {
    name: "non-root",
    title: "no container runs as root",
    subjects: "pods",
    parameters: [],
    ...containersWhere(
      `has(c.securityContext) && has(c.securityContext.runAsNonRoot) ? !c.securityContext.runAsNonRoot : !(has(variables.podSpec.securityContext) && has(variables.podSpec.securityContext.runAsNonRoot) && variables.podSpec.securityContext.runAsNonRoot)`,
    ),
    message: ofContainers("may run as root: runAsNonRoot is not true"),
  },
  {
    name: "no-privileges",
    title: "no container is privileged, gains privileges or keeps capabilities",
    subjects: "pods",
    parameters: [],
    ...containersWhere(
      `!has(c.securityContext) || (has(c.securityContext.privileged) && c.securityContext.privileged) || !has(c.securityContext.allowPrivilegeEscalation) || c.securityContext.allowPrivilegeEscalation || !has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.drop) || !c.securityContext.capabilities.drop.exists(d, d == "ALL")`,
    ),
    message: ofContainers("may gain privileges: drop ALL and forbid escalation"),
  },
  {
    name: "allowed-registries",
    title: "images come from the registries the platform uses",
    subjects: "pods",
    parameters: ["registries"],
    ...containersWhere("!variables.params.registries.exists(r, c.image.startsWith(r))"),
    message: `variables.subject + ": the image of " + variables.wrong.join(", ") + " is from none of " + variables.params.registries.join(", ")`,
  },
  {
    name: "pinned-images",
    title: "images have a version, and it is not latest",
    subjects: "pods",
    parameters: [],
    ...containersWhere(
      `!c.image.contains("@sha256:") && (!c.image.substring(c.image.lastIndexOf("/") + 1).contains(":") || c.image.endsWith(":latest"))`,
    ),
    message: ofContainers("without a version: name a tag other than latest, or a digest"),
  },
  {
    name: "no-host-access",
    title: "pods share nothing with their node: no namespaces, ports or folders",
    subjects: "pods",
    parameters: [],
    variables: [
      SUBJECT,
      POD_SPEC,
      CONTAINERS,
      {
        name: "namespaces",
        expression: `(has(variables.podSpec.hostNetwork) && variables.podSpec.hostNetwork) || (has(variables.podSpec.hostPID) && variables.podSpec.hostPID) || (has(variables.podSpec.hostIPC) && variables.podSpec.hostIPC)`,
      },
      {
        name: "folders",
        expression: `has(variables.podSpec.volumes) && variables.podSpec.volumes.exists(v, has(v.hostPath))`,
      },
      {
        name: "ports",
        expression: `variables.containers.exists(c, has(c.ports) && c.ports.exists(p, has(p.hostPort) && p.hostPort > 0))`,
      },
    ],
    holds: "!variables.namespaces && !variables.folders && !variables.ports",
    message: `variables.subject + " uses " + (variables.namespaces ? "namespaces" : variables.folders ? "folders" : "ports") + " of its node"`,
  },
  {
    name: "own-service-account",
    title: "every workload has an identity of its own",
    subjects: "workloads",
    parameters: [],
    variables: [SUBJECT, POD_SPEC],
    holds: `has(variables.podSpec.serviceAccountName) && variables.podSpec.serviceAccountName != "" && variables.podSpec.serviceAccountName != "default"`,
    message: `variables.subject + " runs under the namespace's default account; give it its own"`,
  },
  {
    name: "network-policy-present",
    title: "nothing runs in a namespace that is open to everybody",
    subjects: "workloads",
    parameters: [],
    reference: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", name: "default-deny" },
    variables: [],
    holds: `(!has(params.spec.podSelector.matchLabels) || params.spec.podSelector.matchLabels.size() == 0) && has(params.spec.policyTypes) && ["Ingress", "Egress"].all(t, params.spec.policyTypes.exists(p, p == t))`,
    message: `object.kind + " " + object.metadata.name + ": the namespace's default-deny does not cover every pod both ways"`,
  },
  {
    name: "no-exposed-services",
    title: "apps are reached from outside through the ingress, and what exposures names",
    subjects: "services",
    parameters: ["exposed"],
    variables: [SUBJECT],
    holds: `(object.metadata.namespace + "/" + object.metadata.name) in variables.params.exposed || !(has(object.spec.type) && object.spec.type in ["LoadBalancer", "NodePort"]) && !(has(object.spec.externalIPs) && object.spec.externalIPs.size() > 0)`,
    message: `variables.subject + " is open to the outside; use a route, or exposures"`,
  },
  {
    name: "no-wildcard-rights",
    title: "rights inside a namespace name what they are for",
    subjects: "rights",
    parameters: [],
    variables: [SUBJECT],
    holds: `!has(object.rules) || object.rules.all(r, r.verbs.all(v, v != "*") && (!has(r.resources) || r.resources.all(x, x != "*")) && (!has(r.apiGroups) || r.apiGroups.all(x, x != "*")))`,
    message: `variables.subject + " grants with a wildcard; name verbs, groups and resources"`,
  },
];

export const RULE_NAMES: readonly string[] = RULES.map(({ name }) => name);
