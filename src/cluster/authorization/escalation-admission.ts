// Nobody writes a role or a binding that grants more than they hold, unless they may `escalate` or `bind`. Runs after all
// that change an object and before it is validated. Mirrors kubernetes pkg/registry/rbac policybased/storage.go and
// escalation_check.go.

import { deepEqual } from "../../core/index.ts";
import {
  aggregationSelectors,
  escalationFault,
  FULL_AUTHORITY,
  RBAC_GROUP,
  referencedRules,
  roleRefOf,
  rulesOfRole,
  statusError,
} from "../../kubernetes/index.ts";
import type {
  AdmissionPlugin,
  AdmissionRequest,
  Authorizer,
  KubernetesObject,
  RoleSource,
} from "../../kubernetes/index.ts";
import { forbidden } from "../api/refusals.ts";
import { isMaster } from "./rbac-authorizer.ts";

interface Policy {
  readonly source: RoleSource;
  readonly authorizer: Authorizer;
}

type Check = (policy: Policy, request: AdmissionRequest, object: KubernetesObject) => void;

const CHECKS: Readonly<Record<string, Check>> = {
  roles: checkRole,
  clusterroles: checkClusterRole,
  rolebindings: checkBinding,
  clusterrolebindings: checkBinding,
};

export function escalationAdmission(source: RoleSource, authorizer: Authorizer): AdmissionPlugin {
  const check = (request: AdmissionRequest): undefined => {
    const { facts, operation, object, oldObject, user } = request;
    const checkKind = facts.group === RBAC_GROUP ? CHECKS[facts.resource] : undefined;
    if (checkKind === undefined || object === undefined) return undefined;
    if (operation !== "CREATE" && operation !== "UPDATE") return undefined;
    if (isMaster(user) || (oldObject !== undefined && changesOwnersOnly(object, oldObject)))
      return undefined;
    checkKind({ source, authorizer }, request, object);
    return undefined;
  };
  return {
    name: "RBACEscalation",
    handles: ({ facts }) => facts.group === RBAC_GROUP,
    mutate: check,
  };
}

function checkRole(policy: Policy, request: AdmissionRequest, role: KubernetesObject): void {
  if (!mayEscalate(policy, request)) refuseEscalation(policy, request, role);
}

function refuseEscalation(
  { source }: Policy,
  request: AdmissionRequest,
  role: KubernetesObject,
): void {
  const fault = escalationFault(source, request.user, request.namespace, rulesOfRole(role));
  if (fault !== undefined) throw forbidden(request.facts, role.metadata.name, fault);
}

/** An aggregation may gather anything, and keeps others from tightening the role. */
function checkClusterRole(policy: Policy, request: AdmissionRequest, role: KubernetesObject): void {
  if (mayEscalate(policy, request)) return;
  refuseEscalation(policy, request, role);
  const isGathering = [role, request.oldObject ?? role].some(
    (state) => aggregationSelectors(state).length > 0,
  );
  if (!isGathering) return;
  if (escalationFault(policy.source, request.user, "", FULL_AUTHORITY) === undefined) return;
  const why = "must have cluster-admin privileges to use the aggregationRule";
  throw forbidden(request.facts, role.metadata.name, why);
}

function checkBinding(policy: Policy, request: AdmissionRequest, binding: KubernetesObject): void {
  const { user, namespace, facts } = request;
  const ref = roleRefOf(binding);
  const resource = { Role: "roles", ClusterRole: "clusterroles" }[ref.kind];
  if (resource !== undefined && allows(policy, request, "bind", { resource, ...ref })) return;
  const { rules, error } = referencedRules(policy.source, ref, namespace);
  if (error !== undefined) throw missingRole(error.resource, error.name, error.message);
  const fault = escalationFault(policy.source, user, namespace, rules);
  if (fault !== undefined) throw forbidden(facts, binding.metadata.name, fault);
}

function missingRole(resource: string, name: string, message: string): Error {
  if (resource === "") return statusError("InternalError", message);
  return statusError("NotFound", message, { name, group: RBAC_GROUP, kind: resource });
}

function mayEscalate(policy: Policy, request: AdmissionRequest): boolean {
  const { resource, group } = request.facts;
  const name = request.operation === "CREATE" ? "" : request.name;
  return allows(policy, request, "escalate", { resource, apiGroup: group, name });
}

function allows(
  { authorizer }: Policy,
  { user, namespace }: AdmissionRequest,
  verb: string,
  on: { readonly resource: string; readonly apiGroup: string; readonly name: string },
): boolean {
  const attributes = {
    user,
    verb,
    group: on.apiGroup,
    version: "*",
    resource: on.resource,
    subresource: "",
    namespace,
    name: on.name,
  };
  return authorizer(attributes).decision === "allow";
}

/** What the garbage collector does to an object it is about to delete grants nothing. */
function changesOwnersOnly(next: KubernetesObject, old: KubernetesObject): boolean {
  const rest = ({ metadata, ...object }: KubernetesObject): unknown => {
    const { ownerReferences: _o, finalizers: _f, managedFields: _m, ...kept } = metadata;
    return { ...object, metadata: kept };
  };
  return deepEqual(rest(next), rest(old));
}
