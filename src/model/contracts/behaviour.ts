// How a third-party system acts inside an embedded cluster: over KubeApi, Clock and a git source; nothing else.

import type { Clock, Rng } from "../../core/index.ts";
import type {
  AdmissionPlugin,
  ApiService,
  ControllerFactory,
  Informer,
  KindRef,
  KubeApi,
  KubernetesObject,
} from "../../kubernetes/index.ts";

/** A git repository as a delivery engine sees it. */
export interface GitSource {
  /** Commit id of a branch, tag or commit. Rejects when the repository or revision is unknown. */
  resolve(url: string, revision: string): Promise<string>;
  /** All files below `directory` at a commit, or that one file: path from the repository's root → text, never changed. */
  read(url: string, commit: string, directory: string): Promise<ReadonlyMap<string, string>>;
  /** Calls back after a branch of the repository moved; the stand-in for a webhook. */
  onPush(url: string, callback: () => void): { stop(): void };
  /** Commits whole files on the tip of a branch and pushes; resolves to the commit. Absent where nothing may be written. */
  commit?(url: string, change: GitChange): Promise<string>;
}

export interface GitChange {
  readonly branch: string;
  /** Path from the repository's root → text; all others stay. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
}

/** What stands in for a third-party chart: objects labelled simulated, or undefined for an unknown chart. */
export interface ChartSource {
  render(
    repository: string,
    chart: string,
    version: string,
    release: {
      readonly name: string;
      readonly namespace: string;
      /** Of the cluster it goes to, as registered; default: the one that asks. Clusters differ in size. */
      readonly server?: string | undefined;
    },
  ): readonly KubernetesObject[] | undefined;
}

export interface BehaviourContext {
  readonly api: KubeApi;
  /** Shared with the controllers of the same cluster. */
  informer(kind: KindRef): Informer;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly git: GitSource;
  readonly charts: ChartSource;
  /** A cluster by the server URL in its registration; undefined when nothing answers there. */
  connect(server: string): KubeApi | undefined;
  /** Makes real certificates, for behaviours that issue them; absent where nothing does. */
  readonly signing?: CertificateSigning;
  /** Tags a registry holds of an image without a tag; rejects where it does not answer. Absent where no registry is asked. */
  readonly imageTags?: (image: string) => Promise<readonly string[]>;
  /** What a store of secrets that the platform reads from holds; absent where nothing is kept for it. */
  readonly secretStore?: SecretStore;
  /**
   * GET of a Service's URL inside the cluster. Undefined where its pods are simulated; rejects as a client's connection
   * does. Absent where nothing in the cluster really runs.
   */
  readonly request?: (
    url: string,
    options: { readonly timeoutMs: number },
  ) => Promise<{ readonly status: number } | undefined>;
}

export interface SecretStore {
  /** Property → value of what lies at a path; undefined where nothing does. */
  read(path: string): Readonly<Record<string, string>> | undefined;
}

export interface SignedPair {
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

export interface CertificateSigning {
  createAuthority(request: SigningRequest): SignedPair;
  /** For servers. */
  issueCertificate(
    authority: SignedPair,
    request: SigningRequest & { readonly hosts: readonly string[] },
  ): SignedPair;
  /** Of a key (PKCS #8) that others encrypt for; its certificate. Absent where nobody needs one. */
  readonly selfSigned?: (keyPem: string, request: SigningRequest) => string;
}

export interface SigningRequest {
  readonly commonName: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly lifetimeMs: number;
}

export interface Behaviour {
  /** What it mirrors, with source and version. */
  readonly source: string;
  /** Name of the one workload whose pods do this, or what such names look like; absent: any workload of the component will do. */
  readonly workload?: string | RegExp;
  controllers?(context: BehaviourContext): readonly ControllerFactory[];
  /** Who has a say in writes while the workload runs, as its webhooks have in a real cluster. */
  admission?(context: BehaviourContext): readonly AdmissionPlugin[];
  /** Who has it while the workload does not: webhooks that fail closed. */
  admissionWhileAway?(context: BehaviourContext): readonly AdmissionPlugin[];
  /** APIs it serves beside the cluster's own, where an APIService object leads to its pods. */
  apiServices?(context: BehaviourContext): readonly ApiService[];
  routes?(context: BehaviourContext): RouteTable;
  /** What simulated pods answer instead of who they are; undefined: that. */
  answers?(context: BehaviourContext): PodAnswers;
}

export type PodAnswers = (request: PodRequest) => Promise<PodAnswer | undefined>;

export interface PodRequest extends Pick<RoutedRequest, "path" | "method" | "headers"> {
  readonly pod: KubernetesObject;
  readonly body: Uint8Array;
}

export interface PodAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Where a request goes, decided from live Gateway, Ingress or mesh objects. */
export interface RouteTable {
  /** Once for every request: shares of weights are counted here. */
  match(request: RoutedRequest): RouteDecision;
}

export interface RoutedRequest {
  /** Without port, lower-case. */
  readonly host: string;
  /** Without query. */
  readonly path: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without question mark; absent where nobody asks for it. */
  readonly query?: string;
  readonly tls: boolean;
}

export type RouteDecision =
  | ({
      readonly kind: "service";
      readonly route: string;
      /** Absent: as it came. */
      readonly handling?: RequestHandling;
    } & RouteBackend)
  | RouteRedirect
  /** Nothing answers; `status` where a route is there and its backends are not (default 404). */
  | { readonly kind: "none"; readonly reason: string; readonly status?: number };

export interface RouteBackend {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

/** The ingress adds the query where `path` has none, and its own ports where these are the scheme's. */
export interface RouteRedirect {
  readonly kind: "redirect";
  readonly status: number;
  readonly scheme: "http" | "https";
  readonly host: string;
  /** Absent: the scheme's own. */
  readonly port?: number;
  /** Begins with a slash. */
  readonly path: string;
}

/** What is done to a request and its answer on the way. */
export interface RequestHandling {
  readonly requestHeaders?: HeaderChanges;
  readonly responseHeaders?: HeaderChanges;
  readonly rewrite?: { readonly host?: string; readonly path?: string };
  /** Until the whole answer is there: 504. */
  readonly timeoutMs?: number;
  /** Until one endpoint answers, each time one is asked: the next one, then 504. */
  readonly attemptTimeoutMs?: number;
  /** Beside the next endpoint after one that refuses, which is always tried. */
  readonly retry?: {
    /** Together with the first. */
    readonly attempts: number;
    /** Answers that are not passed on while another endpoint may do better; of idempotent requests only. */
    readonly statusCodes: readonly number[];
  };
  readonly rateLimits?: readonly RateLimit[];
  /** Get a copy whose answer nobody waits for. */
  readonly mirrors?: readonly (RouteBackend & { readonly percent: number })[];
  /** Larger bodies: 413. */
  readonly bodySizeMax?: number;
  /** Ranges of clients; others get 403. */
  readonly allowFrom?: readonly string[];
  /** Ranges of proxies in front whose X-Forwarded-For is believed. Absent: the client is whoever connects. */
  readonly trustedProxies?: readonly string[];
  /** Whether what a client says about itself in X-Forwarded-For is kept in front, or dropped. Default kept. */
  readonly forwardedFor?: "append" | "replace";
}

export interface HeaderChanges {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/** As nginx counts (ngx_http_limit_req_module): a bucket for each client that leaks at `perSecond` and holds `burst` more. */
export interface RateLimit {
  /** Requests of one key and client share a bucket. */
  readonly key: string;
  /** False: all clients share it. */
  readonly perClient: boolean;
  readonly perSecond: number;
  readonly burst: number;
  /** How many of the burst pass at once; the others wait for their turn. */
  readonly undelayed: number;
  readonly status: number;
}
