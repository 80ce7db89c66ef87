// Whether a policy, binding or webhook is meant by a request: by resource and operation, in this or an equivalent version, by the labels
// of the namespace and of the object. Mirrors apiserver pkg/admission/plugin/policy/matching and webhook/predicates.

import type {
  AdmissionRequest,
  AdmissionSubject,
  KindFacts,
  KubernetesObject,
  LabelSelector,
} from "../../../kubernetes/index.ts";
import { labelRequirements, matchesLabels } from "../../../kubernetes/index.ts";
import type { MatchResources, ResourceRule } from "./policy-objects.ts";

/** One more version in which the requested resource is served. */
export interface ServedVersion {
  readonly facts: KindFacts;
  convert(object: KubernetesObject): KubernetesObject;
}

/** The version the match was found in; undefined when it is the request's own. */
export interface Match {
  readonly served: ServedVersion | undefined;
}

type Versions = (request: AdmissionRequest) => readonly ServedVersion[];

/** Cheap questions first: most policies fall at the first rule. */
export function matchRequest(
  request: AdmissionRequest,
  constraints: MatchResources | undefined,
  versions: Versions,
): Match | undefined {
  const { resourceRules = [], excludeResourceRules = [], matchPolicy } = constraints ?? {};
  const match =
    resourceRules.length === 0
      ? { served: undefined }
      : matchRules(request, resourceRules, matchPolicy, versions);
  if (match === undefined) return undefined;
  if (!matchesNamespace(request, constraints?.namespaceSelector)) return undefined;
  if (!matchesObject(request, constraints?.objectSelector)) return undefined;
  if (matchRules(request, excludeResourceRules, matchPolicy, versions) !== undefined) {
    return undefined;
  }
  return match;
}

export function matchRules(
  request: AdmissionRequest,
  rules: readonly ResourceRule[],
  matchPolicy: string | undefined,
  versions: Versions,
): Match | undefined {
  if (rules.some((rule) => matchesRule(request, rule, request.facts))) return { served: undefined };
  if (matchPolicy !== "Equivalent" || !rules.some((rule) => mayMeanAnother(request, rule))) {
    return undefined;
  }
  const served = versions(request).find(({ facts }) =>
    rules.some((rule) => matchesRule(request, rule, facts)),
  );
  return served && { served };
}

/** Only the version may differ: no resource of Kubernetes 1.36 is served in two groups with the same objects but events. */
function mayMeanAnother(request: AdmissionRequest, rule: ResourceRule): boolean {
  return matchesOperation(request, rule) && matchesResource(request, rule, request.facts.resource);
}

function matchesRule(request: AdmissionRequest, rule: ResourceRule, facts: KindFacts): boolean {
  const { resourceNames = [] } = rule;
  return (
    matchesOperation(request, rule) &&
    matchesResource(request, rule, facts.resource) &&
    includes(rule.apiGroups, facts.group) &&
    includes(rule.apiVersions, facts.version) &&
    matchesScope(request, rule.scope) &&
    (resourceNames.length === 0 || resourceNames.includes(request.name))
  );
}

function includes(items: readonly string[] = [], wanted: string): boolean {
  return items.includes("*") || items.includes(wanted);
}

function matchesOperation({ operation }: AdmissionRequest, { operations }: ResourceRule): boolean {
  return includes(operations, operation);
}

function matchesResource(
  { subresource }: AdmissionRequest,
  { resources = [] }: ResourceRule,
  resource: string,
): boolean {
  return resources.some((pattern) => {
    const [main = "", sub = ""] = pattern.split("/", 2);
    return (main === "*" || main === resource) && (sub === "*" || sub === subresource);
  });
}

/** A Namespace is cluster-scoped, although requests about it are in the namespace of its name. */
function matchesScope(request: AdmissionRequest, scope = "*"): boolean {
  const isClusterWide = request.namespace === "" || isNamespace(request);
  if (scope === "Cluster") return isClusterWide;
  return scope !== "Namespaced" || !isClusterWide;
}

export function isNamespace({ facts }: AdmissionRequest): boolean {
  return facts.group === "" && facts.resource === "namespaces";
}

type Labels = Readonly<Record<string, string>> | undefined;

export function matchesNamespace(
  request: AdmissionRequest,
  selector: LabelSelector | undefined,
): boolean {
  if (isEmpty(selector)) return true;
  if (request.namespace === "") return true;
  return matchesLabels(labelRequirements(selector), namespaceLabels(request));
}

/** A new Namespace has the labels it is about to get. */
function namespaceLabels(request: AdmissionRequest): Labels {
  const { namespace: name, object, operation, subresource, live } = request;
  const isWritten = operation === "CREATE" || operation === "UPDATE";
  if (isNamespace(request) && subresource === "" && isWritten && object !== undefined) {
    return object.metadata.labels;
  }
  return live.get({ apiVersion: "v1", kind: "Namespace", name })?.metadata.labels;
}

export function matchesObject(
  { object, oldObject }: AdmissionRequest,
  selector: LabelSelector | undefined,
): boolean {
  if (isEmpty(selector)) return true;
  const requirements = labelRequirements(selector);
  return [object, oldObject].some(
    (one) => one?.metadata !== undefined && matchesLabels(requirements, one.metadata.labels),
  );
}

function isEmpty(selector: LabelSelector | undefined): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** What configures admission itself is never judged by it, or a wrong policy could not be repaired. */
export function isExempt({ facts }: AdmissionSubject): boolean {
  return facts.group === "admissionregistration.k8s.io";
}
