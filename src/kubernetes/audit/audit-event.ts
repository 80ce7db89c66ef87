// One request as the audit log keeps it: audit.k8s.io/v1 Event, as k8s.io/apiserver pkg/audit/request.go fills it.

import type { RequestAttributes } from "../authorization.ts";
import type { AuditLevel } from "./audit-policy.ts";

export interface AuditEvent {
  readonly kind: "Event";
  readonly apiVersion: "audit.k8s.io/v1";
  readonly level: Exclude<AuditLevel, "None">;
  readonly auditID: string;
  readonly stage: "ResponseComplete";
  readonly requestURI: string;
  readonly verb: string;
  readonly user: { readonly username: string; readonly groups: readonly string[] };
  readonly userAgent?: string;
  readonly objectRef?: AuditObjectRef;
  readonly responseStatus: { readonly code: number };
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

export interface AuditObjectRef {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly apiGroup?: string;
  readonly apiVersion: string;
  readonly subresource?: string;
}

/** Undefined for requests that are about no resource. */
export function auditObjectRef(attributes: RequestAttributes): AuditObjectRef | undefined {
  const { resource, namespace, name, group, version, subresource, path } = attributes;
  if (path !== undefined) return undefined;
  return {
    resource,
    ...(namespace === "" ? {} : { namespace }),
    ...(name === "" ? {} : { name }),
    ...(group === "" ? {} : { apiGroup: group }),
    apiVersion: version,
    ...(subresource === "" ? {} : { subresource }),
  };
}
