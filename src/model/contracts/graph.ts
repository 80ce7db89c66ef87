// Nodes and flows of one cluster of a plan. Derived once, before anything is emitted; every emission that says who may
// talk to whom is a reading of this.

import type { Path } from "../../core/index.ts";

export type WorkloadKind = "Deployment" | "StatefulSet" | "DaemonSet" | "CronJob" | "Job";
export type Protocol = "TCP" | "UDP";

export interface WorkloadPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
}

export interface WorkloadService {
  readonly name: string;
  readonly type: "ClusterIP" | "LoadBalancer" | "Headless";
  /** Of a load balancer: the ranges it takes connections from. Absent: any. */
  readonly allowFrom?: readonly string[];
  /** `port` is the Service's, `targetPort` names or numbers the container's. */
  readonly ports: readonly {
    readonly name: string;
    readonly port: number;
    readonly targetPort: number;
  }[];
}

/** Something that runs pods, ours or a chart's, as far as others can see it. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly namespace: string;
  /** Select exactly this workload's pods in its namespace; `app.kubernetes.io/name` and `…/component` or `…/instance`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly replicas: number;
  /** Its pods agree by majority: whoever has lost that takes no writes. */
  readonly quorum?: true;
  readonly ports: readonly WorkloadPort[];
  readonly services: readonly WorkloadService[];
  readonly containers: readonly WorkloadContainer[];
  /** What each replica's volumes ask for, where an operator or a chart makes the claims and none is an object of ours. */
  readonly volumes?: readonly string[];
  /** What admission adds to every pod of it; counts in quotas and capacity as its own containers do. */
  readonly injected?: readonly WorkloadContainer[];
  /** Components whose admission adds them, sorted. */
  readonly injectedBy?: readonly string[];
  /** Its pods belong to a mesh: what they say to other members is mutual TLS under their service accounts' names. */
  readonly mesh?: MeshMembership;
  /** Calls the Kubernetes API. */
  readonly usesApi: boolean;
  /** The API server calls this port (admission, conversion). */
  readonly webhookPort?: number;
  /** Prometheus metrics. */
  readonly metrics?: {
    readonly port: number;
    readonly path: string;
    /** Default http; with https nobody checks the certificate, which such systems sign themselves. */
    readonly scheme?: "https";
  };
  /** Scrapes the metrics of every other workload. */
  readonly collectsMetrics?: boolean;
  /** Pods share the node's network: NetworkPolicy does not apply to them. */
  readonly hostNetwork?: boolean;
  /** The component that asked for it. */
  readonly component: string;
  /** Name of the chart release that makes it, where its component has several. */
  readonly release?: string;
  /** Where in the definition it comes from. */
  readonly origin: Path;
}

export interface MeshMembership {
  /** Members reach each other through this port, whatever port they ask for. Absent: on the port itself. */
  readonly tunnelPort?: number;
  /** Is a proxy of the mesh itself (its gateway): nothing is added to its pods or its namespace. */
  readonly native?: boolean;
}

export interface WorkloadContainer {
  readonly name: string;
  readonly image: string;
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** Either end of a flow. */
export type Endpoint =
  | { readonly kind: "workload"; readonly namespace: string; readonly name: string }
  /** Every pod of the cluster that Keelson places. */
  | { readonly kind: "every-workload" }
  | { readonly kind: "api-server" }
  | { readonly kind: "cluster-dns" }
  /** The nodes themselves: kubelet probes, host-network pods. */
  | { readonly kind: "nodes" }
  /** A named party outside; no ranges means anywhere outside the cluster. */
  | { readonly kind: "external"; readonly name: string; readonly addresses: readonly string[] }
  | { readonly kind: "internet" };

export type FlowPurpose =
  | "app"
  | "route"
  | "data"
  | "dns"
  | "api"
  | "webhook"
  | "scrape"
  | "delivery"
  | "backup"
  | "internal";

/** One permitted conversation. Everything not a flow is denied. */
export interface Flow {
  /** `storefront-to-orders`: unique on the cluster, a DNS label; names the policies made from it. */
  readonly name: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Destination port on the pod, not on the Service. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly purpose: FlowPurpose;
  /** `postgresql`, `http`, `sqs`, `s3`, `dns`, `https` … */
  readonly application: string;
  readonly encryption: "none" | "tls" | "mtls";
  readonly origin: Path;
}

export interface Graph {
  /** Sorted by namespace, name. */
  readonly workloads: readonly Workload[];
  /** Sorted by name. */
  readonly flows: readonly Flow[];
  workload(namespace: string, name: string): Workload | undefined;
  /** Flows that end at a workload, and flows that start there (`every-workload` included). */
  into(workload: Workload): readonly Flow[];
  outOf(workload: Workload): readonly Flow[];
}
