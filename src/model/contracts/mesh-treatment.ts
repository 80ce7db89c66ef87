// What the proxies of a mesh do with requests between members, read from the objects a cluster has: neutral, so that one engine
// treats requests for every mesh.

import type { RouteBackend } from "./behaviour.ts";

/** A request as the caller's proxy sees it. */
export interface MeshCall {
  readonly from: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly to: RouteBackend;
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Pods of a Service, or those of them that bear the labels of a subset. */
export interface MeshDestination extends RouteBackend {
  readonly subset?: string;
  /** Absent: every pod of the Service. */
  readonly labels?: Readonly<Record<string, string>>;
  /** False: a subset nobody has defined. */
  readonly exists: boolean;
}

/** Why an attempt may be made again; numbers are answers. */
export interface RetryCauses {
  /** Nothing was sent, or the endpoint says it took nothing. */
  readonly refused: boolean;
  /** Something was sent and no answer came, or not in time. */
  readonly noAnswer: boolean;
  readonly statuses: readonly { readonly min: number; readonly max: number }[];
}

export type MeshRoute =
  | {
      readonly kind: "forward";
      readonly name: string;
      readonly destinations: readonly (MeshDestination & { readonly weight: number })[];
      readonly timeoutMs?: number;
      readonly retries?: {
        /** After the first. */
        readonly attempts: number;
        readonly on: RetryCauses;
        readonly attemptTimeoutMs?: number;
        /** Before the second attempt; longer before each further one. */
        readonly backOffMs?: number;
      };
      readonly faults?: {
        readonly delay?: { readonly ms: number; readonly percent: number };
        readonly abort?: { readonly status: number; readonly percent: number };
      };
      readonly mirrors: readonly (MeshDestination & { readonly percent: number })[];
    }
  /** Routes are there, and none takes this request. */
  | { readonly kind: "none" };

/** Who is asked among the pods of a destination, and how many requests wait. */
export interface MeshBalancing {
  readonly by: "round-robin" | "random" | "least-request";
  /** Requests under way to all of it, and those that wait for one of them to end. */
  readonly connectionsMax?: number;
  readonly pendingMax?: number;
  readonly outliers?: OutlierRule;
}

export interface OutlierRule {
  /** Failures in a row. */
  readonly failures: number;
  readonly ejectMs: number;
  readonly ejectMsMax: number;
  /** How the time grows with each ejection. */
  readonly growth: "linear" | "doubling";
  /** Of the endpoints, with the one that is to be left out: 50 of three pods is one, of one pod none. */
  readonly ejectedPercentMax: number;
  /** Who is readmitted is looked at this often. Absent: at once. */
  readonly sweepMs?: number;
  /** After readmission one failure is enough. */
  readonly probation: boolean;
}

/** Each pod counts for itself: a bucket that holds `tokens` and is filled up again every `fillMs`. */
export interface MeshRateLimit {
  readonly name: string;
  readonly tokens: number;
  readonly perFill: number;
  readonly fillMs: number;
  readonly status: number;
}

/** Whom the proxies of a mesh believe. */
export interface MeshTrust {
  /** Secret of the authority that signs identities: its pair, and the root that it hangs from. */
  readonly authority: {
    readonly namespace: string;
    readonly name: string;
    readonly certificate: string;
    readonly key: string;
    readonly root: string;
  };
  /** How long an identity's certificate holds. */
  readonly lifetimeMs: number;
  /** Name in its certificate: a SPIFFE URI or a DNS name. */
  nameOf(identity: { readonly namespace: string; readonly serviceAccount: string }): string;
  identityOf(
    name: string,
  ): { readonly namespace: string; readonly serviceAccount: string } | undefined;
}

export interface MeshTreatment {
  route(call: MeshCall): MeshRoute;
  balancing(of: MeshDestination): MeshBalancing;
  /** Traces that proxies begin themselves, in percent. Absent: they send none. */
  readonly tracedPercent?: number;
  /** At the pod's own proxy. */
  limits(to: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly port: number;
  }): readonly MeshRateLimit[];
}
