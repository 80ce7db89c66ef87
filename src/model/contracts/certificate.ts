// A certificate a system serves to people, under names of the platform. Who issues certificates on the cluster writes it; where
// nobody does, a person brings the Secret. Systems that sign by themselves get an authority the same way.

import type { Area } from "./emission.ts";
import type { Endpoint } from "./graph.ts";
import type { Path } from "../../core/index.ts";

export interface CertificateDemand {
  /** Of the Secret with `tls.crt` and `tls.key`. */
  readonly secret: string;
  readonly namespace: string;
  /** Served together with every name below it. */
  readonly domain: string;
  readonly challenges: ChallengeRoute;
  readonly area: Area;
  readonly origin: Path;
}

/**
 * An authority of its own that a system signs with: issued and renewed under a root that nobody else uses, by who issues
 * certificates on the cluster.
 */
export interface AuthorityDemand {
  /** Of the Secret with `tls.crt`, `tls.key` and the root as `ca.crt`. */
  readonly secret: string;
  readonly namespace: string;
  readonly commonName: string;
  /** Where everybody in that namespace reads whom to trust. */
  readonly trust: { readonly configMap: string; readonly key: string };
  readonly area: Area;
  readonly origin: Path;
}

/**
 * A certificate by which two systems of the cluster know each other, under an authority that signs nothing else; its Secret has
 * `tls.crt`, `tls.key` and the authority's own as `ca.crt`.
 */
export interface PeerDemand {
  readonly secret: string;
  readonly namespace: string;
  /** What its holder is called by, and calls itself. */
  readonly names: readonly string[];
  readonly use: "server" | "client";
  readonly area: Area;
  readonly origin: Path;
}

/** How an authority's question on port 80 reaches a pod of the certificate's namespace that answers it. */
export interface ChallengeRoute {
  /** What the answering route is bound to. */
  readonly by:
    | { readonly kind: "gateway"; readonly name: string; readonly listener: string }
    | { readonly kind: "ingress-class"; readonly name: string };
  /** Who passes requests on, and its pods' port. */
  readonly proxy: Extract<Endpoint, { kind: "workload" }>;
  readonly port: number;
}
