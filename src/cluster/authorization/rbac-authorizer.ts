// The authorizer of a cluster: members of system:masters may do everything, everybody else what RBAC allows.
// Mirrors the union that kubernetes pkg/kubeapiserver/authorizer builds for `--authorization-mode=RBAC`.

import { evaluateRbac, rulesFor } from "../../kubernetes/index.ts";
import type {
  AuthorizationDecision,
  Authorizer,
  RoleSource,
  UserInfo,
} from "../../kubernetes/index.ts";

/** The group nobody can lock out. */
export const MASTERS_GROUP = "system:masters";

const ALLOWED: AuthorizationDecision = { decision: "allow" };

export function createRbacAuthorizer(source: RoleSource): Authorizer {
  const decide: Authorizer = (attributes) =>
    isMaster(attributes.user) ? ALLOWED : evaluateRbac(source, attributes);
  return Object.assign(decide, {
    rulesFor: (user: UserInfo, namespace: string) => rulesFor(source, user, namespace),
  });
}

export function isMaster({ groups }: UserInfo): boolean {
  return groups.includes(MASTERS_GROUP);
}
