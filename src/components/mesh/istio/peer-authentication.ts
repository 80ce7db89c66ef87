// Mutual TLS everywhere, and the ports that must also understand who has no proxy: derived from the graph, each with the flows
// that need it. Source: PeerAuthentication of istio/api security/v1.

import { plaintextPorts } from "../../../graph/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { Graph, PlannedCluster, Workload } from "../../../model/index.ts";
import { metadataOf, systemLabels } from "../../manifests/index.ts";
import { NAMESPACE } from "./surface.ts";

const API_VERSION = "security.istio.io/v1";

export function strictByDefault({ platform }: PlannedCluster): KubernetesObject {
  return {
    apiVersion: API_VERSION,
    kind: "PeerAuthentication",
    metadata: {
      name: "default",
      namespace: NAMESPACE,
      labels: systemLabels(platform, "istio", "encryption"),
    },
    spec: { mtls: { mode: "STRICT" } },
  };
}

export interface Exceptions {
  readonly object: KubernetesObject;
  /** Which flows asked for them. */
  readonly comment: string;
}

/** Absent for a member that hears nobody but members. */
export function portExceptions(
  { platform }: PlannedCluster,
  graph: Graph,
  workload: Workload,
): Exceptions | undefined {
  const ports = plaintextPorts(workload, graph);
  if (ports.length === 0) return undefined;
  const reasons = ports.map(
    ({ port, flows }) => `${port} for ${flows.map(({ name }) => name).join(", ")}`,
  );
  return {
    object: {
      apiVersion: API_VERSION,
      kind: "PeerAuthentication",
      metadata: metadataOf(platform, workload),
      spec: {
        selector: { matchLabels: workload.labels },
        mtls: { mode: "STRICT" },
        portLevelMtls: Object.fromEntries(
          ports.map(({ port }) => [String(port), { mode: "PERMISSIVE" }]),
        ),
      },
    },
    comment: `plain text is understood on ${reasons.join("; ")}`,
  };
}
