// What others must know of where a cluster comes from.

import type { WorkloadIdentity } from "../../catalog/index.ts";

/** Facts about where a cluster comes from; `catalog/substrates` holds them with sources. */
export interface SubstrateFacts {
  readonly kind: string;
  readonly displayName: string;
  /** `1.35` or `1.35.2`, where the definition says so. */
  readonly kubernetes?: string;
  /** A Service of type LoadBalancer gets an address by itself. */
  readonly loadBalancer: boolean;
  readonly enforcesNetworkPolicy: boolean;
  readonly nodeAutoscaler: boolean;
  /** Whose API a controller in the cluster may make nodes by; absent: nobody's. */
  readonly nodeProvider?: "aws";
  /** `metrics.k8s.io` is there without installing anything. */
  readonly metricsApi: boolean;
  readonly zones: number;
  readonly defaultStorageClass: string;
  readonly defaultPodRange: string;
  readonly defaultServiceRange: string;
  /** Where the API server listens, as pods' packets reach it. */
  readonly apiServerPort: number;
  /** Flags and files of its API server are ours to set. */
  readonly ownsApiServer: boolean;
  /** Its provider lets the API server believe an OpenID Connect issuer of ours. */
  readonly takesIssuer: boolean;
  /** How its service accounts stand for identities of a cloud; absent where no cloud believes them. */
  readonly workloadIdentity?: WorkloadIdentity;
  /** Whether pods' network is ours to choose, its provider's with policies of ours, or all its provider's. */
  readonly podNetwork: "choosable" | "policy-only" | "fixed";
  /** Labels of the DNS pods in kube-system. */
  readonly dnsLabels: Readonly<Record<string, string>>;
  /** What a person has to make because Keelson writes no files for it. */
  readonly notEmitted?: string;
  readonly source: string;
  readonly date: string;
}
