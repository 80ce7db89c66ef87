// The question every request is asked before anything else. RBAC answers it.

import type { ResolvedRules } from "./rbac/resolve-rules.ts";
import type { UserInfo } from "./user-info.ts";

export interface RequestAttributes {
  readonly user: UserInfo;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or the HTTP method in lower case. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Set for requests outside resources: `/version`. */
  readonly path?: string;
}

export type AuthorizationDecision =
  /** `reason` is what a review answers; empty when there is nothing to say. */
  | { readonly decision: "allow"; readonly reason?: string }
  | { readonly decision: "deny"; readonly reason: string };

export interface Authorizer {
  (attributes: RequestAttributes): AuthorizationDecision;
  /** What the user may do in a namespace; absent when the authorizer cannot tell. */
  readonly rulesFor?: (user: UserInfo, namespace: string) => ResolvedRules;
}
