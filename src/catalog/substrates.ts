// Where clusters come from: what each substrate gives by itself and what it defaults to.

import type { CatalogueEntry } from "./entry.ts";
import {
  AWS_IDENTITY,
  AZURE_IDENTITY,
  GCP_IDENTITY,
  type WorkloadIdentity,
} from "./workload-identity.ts";

export interface SubstrateEntry extends CatalogueEntry {
  readonly kind: string;
  readonly displayName: string;
  /** A Service of type LoadBalancer gets an address by itself. */
  readonly loadBalancer: boolean;
  /** Its usual CNI enforces NetworkPolicy. */
  readonly enforcesNetworkPolicy: boolean;
  readonly nodeAutoscaler: boolean;
  /** Whose API a controller in the cluster may make nodes by. */
  readonly nodeProvider?: "aws";
  /** `metrics.k8s.io` is there without installing anything. */
  readonly metricsApi: boolean;
  /** Failure zones one cluster can span. */
  readonly zones: number;
  readonly defaultStorageClass: string;
  readonly defaultPodRange: string;
  readonly defaultServiceRange: string;
  readonly apiServerPort: number;
  readonly dnsLabels: Readonly<Record<string, string>>;
  /** Flags and files of its API server are ours to set. */
  readonly ownsApiServer: boolean;
  /** Its provider lets the API server believe an OpenID Connect issuer of ours. */
  readonly takesIssuer: boolean;
  /** How its service accounts stand for identities of a cloud; absent where no cloud believes them. */
  readonly workloadIdentity?: WorkloadIdentity;
  /** Whether pods' network is ours to choose, its provider's with policies of ours, or all its provider's. */
  readonly podNetwork: "choosable" | "policy-only" | "fixed";
  /** What a person has to make because Keelson writes no files for it. */
  readonly notEmitted?: string;
}

/** CoreDNS keeps the label of kube-dns everywhere. */
const DNS = { dnsLabels: { "k8s-app": "kube-dns" } } as const;

/** What every k3s is: k3d's, and one on servers. */
const K3S = {
  // servicelb is switched off: it would fight MetalLB.
  loadBalancer: false,
  // kube-router's policy controller runs in every k3s server and agent.
  enforcesNetworkPolicy: true,
  nodeAutoscaler: false,
  // metrics-server is one of k3s' packaged components (docs.k3s.io/installation/packaged-components).
  metricsApi: true,
  zones: 1,
  defaultStorageClass: "local-path",
  defaultPodRange: "10.42.0.0/16",
  defaultServiceRange: "10.43.0.0/16",
  apiServerPort: 6443,
  ownsApiServer: true,
  takesIssuer: false,
  podNetwork: "choosable",
} as const;

export const SUBSTRATES: Readonly<Record<string, SubstrateEntry>> = {
  k3d: {
    kind: "k3d",
    displayName: "k3d",
    ...K3S,
    ...DNS,
    source: "docs.k3s.io/networking (kube-router policy controller, local-path, default ranges)",
    date: "2026-08-22",
  },
  // serviceIpv4Cidr unset: 10.100.0.0/16 or 172.20.0.0/16, whichever the VPC leaves free.
  eks: {
    kind: "eks",
    displayName: "Amazon EKS",
    loadBalancer: true,
    // The VPC CNI add-on enforces policies only with enableNetworkPolicy.
    enforcesNetworkPolicy: false,
    nodeAutoscaler: true,
    nodeProvider: "aws",
    // docs.aws.amazon.com/eks/latest/userguide/metrics-server.html: not deployed by default.
    metricsApi: false,
    zones: 3,
    defaultStorageClass: "gp3",
    // Pods take addresses of the VPC.
    defaultPodRange: "10.0.0.0/16",
    defaultServiceRange: "172.20.0.0/16",
    apiServerPort: 443,
    ownsApiServer: false,
    takesIssuer: true,
    workloadIdentity: AWS_IDENTITY,
    podNetwork: "policy-only",
    notEmitted: "Terraform for its network, cluster and node pool",
    ...DNS,
    source: "docs.aws.amazon.com/eks (vpc-cni network policy, serviceIpv4Cidr, EBS CSI)",
    date: "2026-08-22",
    note: "from general knowledge of the product; check before relying on ranges",
  },
  doks: {
    kind: "doks",
    displayName: "DigitalOcean Kubernetes",
    loadBalancer: true,
    enforcesNetworkPolicy: true,
    nodeAutoscaler: true,
    // docs.digitalocean.com: metrics-server is a 1-click app.
    metricsApi: false,
    // A cluster lives in one data centre.
    zones: 1,
    defaultStorageClass: "do-block-storage",
    defaultPodRange: "10.244.0.0/16",
    defaultServiceRange: "10.245.0.0/16",
    apiServerPort: 443,
    ownsApiServer: false,
    takesIssuer: false,
    podNetwork: "fixed",
    notEmitted: "Terraform for its network, cluster and node pool",
    ...DNS,
    source:
      "docs.digitalocean.com/products/kubernetes (managed Cilium, block storage, default ranges)",
    date: "2026-08-22",
    note: "from general knowledge of the product; check before relying on ranges",
  },
  gke: {
    kind: "gke",
    displayName: "Google Kubernetes Engine",
    loadBalancer: true,
    // Dataplane V2.
    enforcesNetworkPolicy: true,
    nodeAutoscaler: true,
    // GKE runs metrics-server in kube-system.
    metricsApi: true,
    zones: 3,
    defaultStorageClass: "standard-rwo",
    defaultPodRange: "10.4.0.0/14",
    defaultServiceRange: "34.118.224.0/20",
    apiServerPort: 443,
    ownsApiServer: false,
    takesIssuer: false,
    workloadIdentity: GCP_IDENTITY,
    podNetwork: "fixed",
    notEmitted: "Terraform for its network, cluster and node pool",
    ...DNS,
    source:
      "cloud.google.com/kubernetes-engine/docs (Dataplane V2, standard-rwo, managed service range)",
    date: "2026-08-22",
    note: "from general knowledge of the product; check before relying on ranges",
  },
  aks: {
    kind: "aks",
    displayName: "Azure Kubernetes Service",
    loadBalancer: true,
    // Azure CNI powered by Cilium.
    enforcesNetworkPolicy: true,
    nodeAutoscaler: true,
    // AKS runs metrics-server in kube-system.
    metricsApi: true,
    zones: 3,
    defaultStorageClass: "managed-csi",
    defaultPodRange: "10.244.0.0/16",
    defaultServiceRange: "10.0.0.0/16",
    apiServerPort: 443,
    ownsApiServer: false,
    takesIssuer: false,
    workloadIdentity: AZURE_IDENTITY,
    podNetwork: "fixed",
    notEmitted: "Terraform for its network, cluster and node pool",
    ...DNS,
    source: "learn.microsoft.com/azure/aks (Azure CNI overlay with Cilium, managed-csi)",
    date: "2026-08-22",
    note: "from general knowledge of the product; check before relying on ranges",
  },
  talos: {
    kind: "talos",
    displayName: "Talos Linux",
    loadBalancer: false,
    // Flannel, the default, enforces nothing unless it runs with kubeNetworkPoliciesEnabled (from Talos 1.13 on).
    enforcesNetworkPolicy: false,
    nodeAutoscaler: false,
    // docs.siderolabs.com: metrics-server is deployed by the user.
    metricsApi: false,
    zones: 1,
    defaultStorageClass: "",
    defaultPodRange: "10.244.0.0/16",
    defaultServiceRange: "10.96.0.0/12",
    apiServerPort: 6443,
    ownsApiServer: true,
    takesIssuer: false,
    podNetwork: "choosable",
    notEmitted: "the machine configurations of its nodes",
    ...DNS,
    source:
      "siderolabs/talos v1.13.9 (cluster.network defaults); docs.siderolabs.com/kubernetes-guides/cni/flannel",
    date: "2026-08-19",
  },
  "ansible-k3s": {
    kind: "ansible-k3s",
    displayName: "k3s on servers",
    ...K3S,
    notEmitted: "the Ansible roles that configure its servers and install k3s",
    ...DNS,
    source:
      "docs.k3s.io/networking/networking-services, docs.k3s.io/installation/packaged-components",
    date: "2026-08-22",
  },
  existing: {
    kind: "existing",
    displayName: "an existing cluster",
    loadBalancer: true,
    enforcesNetworkPolicy: true,
    nodeAutoscaler: false,
    metricsApi: true,
    zones: 1,
    defaultStorageClass: "",
    defaultPodRange: "10.244.0.0/16",
    defaultServiceRange: "10.96.0.0/12",
    apiServerPort: 443,
    ownsApiServer: true,
    takesIssuer: false,
    podNetwork: "choosable",
    ...DNS,
    source: "nothing is known of it but what the definition states",
    date: "2026-11-20",
  },
  embedded: {
    kind: "embedded",
    displayName: "Keelson's embedded cluster",
    loadBalancer: false,
    enforcesNetworkPolicy: false,
    nodeAutoscaler: false,
    metricsApi: true,
    zones: 1,
    defaultStorageClass: "standard",
    defaultPodRange: "10.42.0.0/16",
    defaultServiceRange: "10.43.0.0/16",
    apiServerPort: 6443,
    ownsApiServer: true,
    takesIssuer: false,
    podNetwork: "choosable",
    ...DNS,
    source: "docs/guide/delivery.md",
    date: "2026-11-20",
  },
};
