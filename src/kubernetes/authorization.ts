// The question every request is asked before anything else. RBAC answers it.

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
  | { readonly decision: "allow" }
  | { readonly decision: "deny"; readonly reason: string };

export type Authorizer = (attributes: RequestAttributes) => AuthorizationDecision;
