// Who did what on the API. The policy is a file for the API server where that is ours to start; the rules are files for the store of
// logs, and the map of controls is a page: nothing of it runs on the cluster.

import { stringify } from "yaml";

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, ResolveContext } from "../../../model/index.ts";
import { auditPolicy } from "./audit-policy.ts";
import { complianceMap } from "./compliance.ts";
import { providersAudit } from "./diagnostics.ts";
import { apiAuditSchema, type ApiAuditOptions } from "./options.ts";
import { sigmaRules } from "./sigma.ts";

export const apiAuditFiller = defineSlotFiller<ApiAuditOptions>({
  name: "api-audit",
  slot: "audit",
  area: "infrastructure/security",
  provides: ["apiAudit"],
  options: apiAuditSchema,
  resolve: sayWhoseItIs,
  emit: emitAudit,
});

function sayWhoseItIs(
  { cluster, path, report }: ResolveContext,
  options: ApiAuditOptions,
): ApiAuditOptions {
  const { ownsApiServer, displayName } = cluster.substrate;
  if (!ownsApiServer) report(providersAudit(path, { substrate: displayName }));
  return options;
}

function emitAudit({ cluster, graph, path }: EmitContext, { controls }: ApiAuditOptions): Emission {
  const folder = `clusters/${cluster.target}/audit`;
  const text = (value: unknown): string => stringify(value, { lineWidth: 0 });
  const policy = `# For kube-apiserver --audit-policy-file of ${cluster.target}, with --audit-log-path=- or a file that is shipped.\n`;
  return {
    files: [
      ...(cluster.substrate.ownsApiServer
        ? [{ file: `${folder}/policy.yaml`, text: policy + text(auditPolicy(cluster)), path }]
        : []),
      ...sigmaRules(cluster).map(({ file, rule }) => ({
        file: `${folder}/sigma/${file}`,
        text: text(rule),
        path,
      })),
      { file: `${folder}/compliance.md`, text: complianceMap(cluster, graph, controls), path },
    ],
  };
}
