// An app as a person writes it; what it may need has a file of its own beside this one. What may be left out has a default.

import type { Tagged } from "../schema/schema.ts";

/** One deployable service of the person's own. */
export interface App {
  /** Image reference. Without a tag, `keelson.lock` holds the version. */
  image: string;
  /** How it is reached from outside. Left out: only from inside. */
  route?: Route;
  /** Port for other apps, probes and metrics; may differ from the route's. Default: the route's, else none. */
  port?: number;
  /** Names of databases, queues, buckets, caches, streams and apps it uses; each becomes env, secrets and an allowed flow. */
  needs?: string[];
  /** Autoscaling bounds; applied where the environment is highly available. */
  scale?: Scale;
  /** How a new version replaces the old one. Default: rolling. */
  release?: Release;
  /** Per container. Default: 100m CPU and 128Mi requested, 500m and 256Mi limit. */
  resources?: Resources;
  /** HTTP paths answered on `port`. Default `/healthz` and `/readyz`; `false` for an app that serves nothing. */
  health?: Health | false;
  /** Plain settings. Never a secret: the checks look. */
  env?: Record<string, string>;
  /** Secrets of this app alone. */
  secrets?: Record<string, SecretRequest>;
  /**
   * Identity of the cloud that it acts as, in place of keys: the ARN of an IAM role on EKS, the e-mail of a Google service account on
   * GKE, the client ID of a managed identity on AKS. Whoever owns the account lets it be assumed by
   * `system:serviceaccount:<namespace>:<app>`. Default: credentials as secrets.
   */
  identity?: string;
  /** Outside services it calls. Anything not listed is refused by the network. */
  calls?: Record<string, ExternalService>;
  /**
   * New tags of its image that go into git by themselves; `delivery` writes them. Default: whoever builds images writes them, or a
   * person.
   */
  updates?: ImageUpdates;
  /** Default: as the scheme of `tenancy` has it, which without one is the app's own name. */
  namespace?: string;
  /** The tier, team or tenant it belongs to, where the scheme of `tenancy` makes namespaces of these. */
  group?: string;
  /** Path of Prometheus metrics on `port`. Default: not scraped. */
  metrics?: string;
  /** How requests to it are treated on the way: needs a mesh. Default: the platform's `traffic`. */
  traffic?: Traffic;
  /** How it runs as a process of this machine under `keelson up`. Default: simulated. No manifest knows of it. */
  dev?: Dev;
}

export interface ImageUpdates {
  /** Which tags, as a range of semantic versions: "1.x", ">=2.1.0 <3.0.0". */
  semver: string;
}

/** What a mesh does with requests to an app. */
export interface Traffic {
  /** Until the whole answer is there, e.g. "2s". Default: no limit. */
  timeout?: string;
  /** Attempts after one that failed (5xx, refused, reset). Default 0. */
  retries?: number;
  /** Of each attempt. Default: the timeout alone. */
  attemptTimeout?: string;
  /** Leaves pods out for a while that keep failing. Default: never. */
  circuitBreaker?: CircuitBreaker | false;
  /** Requests that go to another app instead: by header, by share, or both. */
  routes?: TrafficRoute[];
  /** Another app gets a copy; its answers are thrown away. */
  mirror?: Mirror;
  /** Requests that one replica takes in a second; more are answered with 429. Default: no limit. */
  rateLimit?: RequestLimit;
  /** Trouble on purpose. Refused where the environment is highly available, unless it says `until` when. */
  faults?: Faults;
}

/** What holds for every app that does not say otherwise. */
export interface PlatformTraffic {
  /** Workloads speak mutual TLS with each other, or the definition is refused. Default false: as the mesh has it. */
  mtls?: boolean;
  /** Until the whole answer is there. Default: no limit. */
  timeout?: string;
  /** Attempts after one that failed. Default 0. */
  retries?: number;
  /** Of each attempt. Default: the timeout alone. */
  attemptTimeout?: string;
  /** Leaves pods out for a while that keep failing. Default: never. */
  circuitBreaker?: CircuitBreaker | false;
}

export interface CircuitBreaker {
  /** Failures in a row after which a pod is left out. Default 5. */
  failures?: number;
  /** How long the first time. Default 30s. */
  ejectFor?: string;
  /** Of an app's pods that may be left out at once, in percent. Default 50. */
  ejectedMax?: number;
  /** Connections open at once; more requests are refused with 503. Default: no limit. */
  connections?: number;
  /** Requests that may wait for a connection. Default: no limit. */
  pending?: number;
}

export interface RequestLimit {
  /** As many may come at once. */
  perSecond: number;
}

export interface TrafficRoute {
  /** Name of an app that understands the same requests. */
  to: string;
  /** Only requests with exactly these headers. Default: any request. */
  headers?: Record<string, string>;
  /** Of those requests, in percent. Default 100. */
  percent?: number;
}

export interface Mirror {
  /** Name of an app. */
  to: string;
  /** Of the requests, in percent. Default 100. */
  percent?: number;
}

export interface Faults {
  /** Answers come later. */
  delay?: FaultDelay;
  /** Requests are answered with an error before they arrive. */
  abort?: FaultAbort;
  /** Day on which somebody takes them out again: "2026-12-01". Nothing does that by itself. */
  until?: string;
}

export interface FaultDelay {
  /** E.g. "2s". */
  by: string;
  /** Of the requests. Default 100. */
  percent?: number;
}

export interface FaultAbort {
  /** Default 503. */
  status?: number;
  /** Of the requests. Default 100. */
  percent?: number;
}

export interface Dev {
  /** Program and arguments, never read by a shell: `["node", "server.js"]`. */
  command: string[];
  /** Where it starts, relative to the definition's file. Default: the folder of that file. */
  directory?: string;
  /** What restarts it when it changes: paths below `directory`. Default: everything but node_modules and dot files. */
  watch?: string[];
  /** Settings for the local process alone; they win over `env` and the bindings. */
  env?: Record<string, string>;
  /**
   * Versions beside `directory`, by the image's tag: `{ "2.0.0": "../shop-next" }`, for example a git worktree. Pods of that
   * tag run from there. Default: every tag runs from `directory`.
   */
  versions?: Record<string, string>;
}

export interface Health {
  /** Asked whether the container must be restarted. Default `/healthz`. */
  liveness?: string;
  /** Asked whether it may get requests. Default `/readyz`. */
  readiness?: string;
}

export interface Route {
  /** First label(s) below the environment's domain: `shop` answers at `shop.<domain>`. */
  host: string;
  /** Container port behind the route. Default 8080. */
  port?: number;
  /** Path prefixes. Default: everything. */
  paths?: string[];
  /** Only requests with all of these header values. */
  headers?: Record<string, string>;
  /** Paths that are answered by a permanent redirect to another path or URL: `{ "/old": "/new" }`. */
  redirects?: Record<string, string>;
  /** The most requests of one client; further ones get 429. */
  rateLimit?: RouteRateLimit;
  /** Until the answer is there: 504. Default: the ingress's own. */
  timeout?: string;
  /** Ask again, of idempotent requests only. Default: the ingress's own. */
  retries?: RouteRetries;
  /** Larger bodies get 413, e.g. "8Mi". Default: the ingress's own. */
  bodySize?: string;
  /**
   * How the ingress speaks to the app: `tls` to a certificate of the app it checks, `mtls` and shows its own, which the app must
   * ask for. The app finds its files by TLS_CERT_FILE, TLS_KEY_FILE and TLS_CLIENT_CA_FILE. Default `plain`.
   */
  upstream?: "plain" | "tls" | "mtls";
  /** Ranges of clients that may ask; others get 403. Default: anyone. */
  allowFrom?: string[];
  /** Paths third parties call, by name: what `allowFrom` and `rateLimit` say of people does not hold for them. */
  callbacks?: Record<string, Callback>;
}

export interface RouteRateLimit {
  /** So many at once, and as many again over every period. At least 2. */
  requests: number;
  /** The period. */
  per: "second" | "minute";
}

export interface RouteRetries {
  /** Beside the first try. Default 2. */
  max?: number;
  /** Answers that are not passed on while another try may do better. Default 502, 503, 504. */
  on?: number[];
}

export interface Callback {
  /** Prefix, e.g. "/webhooks/payments". */
  path: string;
  /** The ranges the third party publishes. Default: anyone, so the app must check signatures. */
  from?: string[];
  /** More requests get 429. Default: no limit; the route's own does not hold here. */
  rateLimit?: RouteRateLimit;
  /** Larger bodies get 413, e.g. "1Mi". */
  bodySize?: string;
}

export interface Scale {
  /** Replicas never go below. Default 2. */
  min?: number;
  /** Replicas never go above. Default 10. */
  max?: number;
  /** Average CPU utilisation that adds replicas, in percent of the request. Default 70. */
  cpu?: number;
  /** Average memory utilisation, in percent of the request. Default: not a signal. */
  memory?: number;
  /** What else adds replicas; whichever asks for most wins. Needs `eventScaling`. Default: nothing. */
  signals?: ScaleSignal[];
}

export type ScaleSignal =
  | Tagged<"metric", MetricSignal>
  | Tagged<"queue", QueueSignal>
  | Tagged<"list", ListSignal>
  | Tagged<"latency", LatencySignal>
  | Tagged<"window", WindowSignal>
  | Tagged<"week", WeekSignal>;

/** A figure somebody measures, such as the latency or the length of a queue. */
export interface MetricSignal {
  /** PromQL that gives one number. */
  query: string;
  /** How much of it one replica carries. */
  perReplica: number;
}

/** How long something takes, such as a job's wait in its queue: replicas are added until it no longer takes longer. */
export interface LatencySignal {
  /** PromQL that gives seconds. */
  query: string;
  /** How long it may take, e.g. "30s". */
  target: string;
}

/** Messages that wait in a queue, those being worked on included. */
export interface QueueSignal {
  /** Name of a queue that the app needs. */
  queue: string;
  /** How many one replica carries. */
  perReplica: number;
}

/** Entries of a list in a cache: where RQ, Sidekiq and the like keep their jobs. */
export interface ListSignal {
  /** Name of a cache that the app needs. */
  cache: string;
  /** Its key, e.g. "rq:queue:default". */
  list: string;
  /** How many entries one replica carries. */
  perReplica: number;
}

/** Hours with more replicas: outside of every window the other signals decide, down to `min`. */
export interface WindowSignal {
  /** Cron, e.g. "0 7 * * 1-5". */
  start: string;
  /** Cron, e.g. "0 20 * * 1-5". */
  end: string;
  /** Default "Etc/UTC". */
  timeZone?: string;
  /** How many there are to be at least. */
  replicas: number;
}

/** A week as it usually goes: replicas are there before the hours that need them; the other signals answer what is not usual. */
export interface WeekSignal {
  /** How much there is to do in each hour, from Monday midnight on: 168 figures, as a store of metrics gives them. */
  load: number[];
  /** How much of it one replica carries. */
  perReplica: number;
  /** How long before the hour they are to be there. Default "10m". */
  ahead?: string;
  /** Default "Etc/UTC". */
  timeZone?: string;
}

export type Release =
  | Tagged<"rolling", RollingRelease>
  | Tagged<"canary", CanaryRelease>
  | Tagged<"blue-green", BlueGreenRelease>;

export interface RollingRelease {
  /** Pods above the wanted number while a version is replaced. Default 1. */
  maxSurge?: number;
  /** Pods below it. Default 0. */
  maxUnavailable?: number;
}

export interface CanaryRelease {
  /** Shares of the traffic the new version gets, one after the other, in percent. */
  steps: number[];
  /** How long each share is kept before the next, or `manual`: until somebody promotes. Default 5m. */
  pause?: string;
  /** Judges the new version while it gets its shares, and takes it back when it fails. Default: nothing judges. */
  analysis?: Analysis;
}

export interface BlueGreenRelease {
  /** `automatic` once the new pods are ready and the analysis has passed, or `manual`: when somebody promotes. Default automatic. */
  promotion?: "automatic" | "manual";
  /** How long the old pods stay after the switch, for an instant return. Default 10m. */
  keepOld?: string;
  /** Judges the new version before it gets any traffic. Default: nothing judges. */
  analysis?: Analysis;
}

/** At least one of `path`, `errorRate` and `latency` is judged. */
export interface Analysis {
  /** Asked of the new version; every answer but 2xx is a failure. */
  path?: string;
  /** Share of the new version's answers with a status of 500 and above, in percent, above which it fails. Needs metrics. */
  errorRate?: number;
  /** Time within which 95 % of its answers are given, e.g. "500ms"; slower is a failure. Needs metrics. */
  latency?: string;
  /** Between two measurements. Default 30s. */
  interval?: string;
  /** Failed measurements that are forgiven. Default 1. */
  failures?: number;
  /** Measurements before a blue/green switch; a canary is measured until it is done. Default 5. */
  count?: number;
}

export interface Resources {
  /** Set aside for the container. A default never exceeds a limit that was written. */
  requests?: ResourceAmounts;
  /** What it may use at most. A default is never below what is requested. */
  limits?: ResourceAmounts;
}

export interface ResourceAmounts {
  /** Cores, e.g. "500m". */
  cpu?: string;
  /** Bytes, e.g. "256Mi". */
  memory?: string;
}

export interface ExternalService {
  /** DNS name, for people and for policies that understand names. */
  host: string;
  /** Default 443. */
  port?: number;
  /** Address ranges it resolves to. Default: anywhere outside the cluster. */
  addresses?: string[];
}

export interface SecretRequest {
  /** Keys the secret must hold. */
  keys: string[];
  /** Key of the `secrets` slot that provides it. Default: the only one. */
  from?: string;
  /** `env` sets one variable a key (upper-cased), `file` mounts `/etc/secrets/<name>/<key>`. Default env. */
  mount?: "env" | "file";
}
