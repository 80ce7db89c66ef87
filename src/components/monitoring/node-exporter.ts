// The exporter of machines runs on their network, which no confined namespace allows: it has one of its own.

import type { Path } from "../../core/index.ts";
import type { PlannedNamespace } from "../../model/index.ts";

export const NODE_EXPORTER_NAMESPACE = "node-exporter";

export function nodeExporterNamespace(origin: Path): PlannedNamespace {
  return {
    name: NODE_EXPORTER_NAMESPACE,
    tenancy: "platform",
    podSecurity: "privileged",
    podSecurityReason:
      "node-exporter reads the machine: its network, its processes and its file systems",
    origin,
  };
}
