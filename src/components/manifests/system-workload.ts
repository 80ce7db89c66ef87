// A workload of a system as its surface states it, with what most have in common left out.

import type { Offer, Workload, Flow } from "../../model/index.ts";
import type { Path } from "../../core/index.ts";

type Stated = "kind" | "replicas" | "serviceAccount" | "ports" | "services" | "usesApi";

export interface SystemPart
  extends Omit<Workload, Stated>, Partial<Pick<Workload, Exclude<Stated, "ports">>> {
  /** TCP, by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Default: a Deployment of one pod under an account of its own name, which does not talk to the API. */
export function systemWorkload({ ports, ...part }: SystemPart): Workload {
  return {
    kind: "Deployment",
    replicas: 1,
    serviceAccount: part.name,
    services: [],
    usesApi: false,
    ...part,
    ports: Object.entries(ports).map(([name, port]) => ({ name, port, protocol: "TCP" as const })),
  };
}

/** From a workload to what another system serves. */
export function flowToOffer(
  { namespace, name }: Pick<Workload, "namespace" | "name">,
  { endpoint, port, component, form }: Offer,
  origin: Path,
): Flow {
  return {
    name: `${name}-to-${component}`,
    from: { kind: "workload", namespace, name },
    to: endpoint,
    port,
    protocol: "TCP",
    purpose: "internal",
    application: form,
    encryption: endpoint.kind === "external" ? "tls" : "none",
    origin,
  };
}
