// Options of the API server's audit.

import { list, object, optional, string, type Tagged } from "../../../model/index.ts";

export interface ApiAuditInput {
  /** Controls that somebody outside asks for, by the names your auditor uses; default: those that Keelson has evidence for. */
  controls?: string[];
}

export interface ApiAuditOptions {
  readonly controls: readonly string[];
}

export const apiAuditSchema = object<ApiAuditInput, ApiAuditOptions>({
  controls: optional(list(string()), []),
});

/** Who did what on the API: an audit policy, rules that read its events, and a map from controls to evidence. */
export function apiAudit(options: ApiAuditInput = {}): Tagged<"api-audit", ApiAuditInput> {
  return { kind: "api-audit", ...options };
}
