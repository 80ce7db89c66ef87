// What a person writes: one record, plain data. The package door narrows the slot types to the shipped components.

import type { App, Bucket, Database, Queue, Role } from "./intents/intents.ts";
import type { Tagged } from "./schema/schema.ts";

/** Types of the values each place accepts; the package door fills these with the shipped components' options. */
export interface Kinds {
  sites: Tagged;
  links: Tagged;
  clusters: Tagged;
  delivery: Tagged;
  ingress: Tagged;
  loadBalancer: Tagged;
  registry: Tagged;
  secrets: Tagged;
  backup: Tagged;
  metrics: Tagged;
  logs: Tagged;
  /** Who serves the intents of each kind. */
  databaseProvider: Tagged;
  queueProvider: Tagged;
  bucketProvider: Tagged;
}

export interface Environment {
  /** Names of clusters; the first is the primary, where the delivery engine lives. */
  clusters: string[];
  /** `single`: one replica of everything, no autoscaling. `highly-available`: replicas, spread, autoscaling. */
  scale: "single" | "highly-available";
  /** Default: `<environment>.<platform domain>`, and the bare platform domain for `prod`. */
  domain?: string;
}

export interface Providers<K extends Kinds = Kinds> {
  /** Serves databases. Default: what the cluster's substrate usually has. */
  database?: K["databaseProvider"];
  /** Serves queues. Default: what the cluster's substrate usually has. */
  queue?: K["queueProvider"];
  /** Serves buckets. Default: what the cluster's substrate usually has. */
  bucket?: K["bucketProvider"];
}

export interface Recovery {
  /** Cluster that serves. */
  primary: string;
  /** Cluster that takes over. Default: the primary is built anew. */
  standby?: string;
  /** Time until service is back, e.g. "4h". */
  rto: string;
  /** Data that may be lost, by class, e.g. { databases: "1h" }. */
  rpo: Record<string, string>;
}

/** Everything an environment may override; the same shape without identity and structure. */
export interface Overridable<K extends Kinds = Kinds> {
  /** Brings what is in git to the cluster. */
  delivery?: K["delivery"];
  /** Lets requests from outside in, by host and path. */
  ingress?: K["ingress"];
  /** Gives Services addresses, where the cloud does not. */
  loadBalancer?: K["loadBalancer"];
  /** Holds the platform's own images. */
  registry?: K["registry"];
  /** Collects metrics. */
  metrics?: K["metrics"];
  /** Collects logs. */
  logs?: K["logs"];
  /** Keep secrets, by name; an app's secret says which with `from` where there are several. */
  secrets?: Record<string, K["secrets"]>;
  /** What is copied where and when, by name. */
  backup?: Record<string, K["backup"]>;
  /** Who serves databases, queues and buckets. Default: by substrate. */
  providers?: Providers<K>;
  /** The person's own services, by name. */
  apps?: Record<string, App>;
  /** Databases, by name. */
  databases?: Record<string, Database>;
  /** Queues with an SQS interface, by name. */
  queues?: Record<string, Queue>;
  /** Buckets with an S3 interface, by name. */
  buckets?: Record<string, Bucket>;
  /** Groups of people and what they may do, by name. */
  roles?: Record<string, Role>;
  /** What is promised when things are lost. */
  recovery?: Recovery;
  /** Labels on every emitted object. */
  labels?: Record<string, string>;
}

/** Deeply optional; `null` removes what was inherited. Arrays replace. A changed `kind` replaces the whole. */
export type Override<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: Override<T[Key]> | null }
    : T;

export interface PlatformDefinition<K extends Kinds = Kinds> extends Overridable<K> {
  /** DNS label; prefixes what is shared with others. */
  name: string;
  /** Public domain; apps answer below it. */
  domain: string;
  /** Where clusters stand. */
  sites: Record<string, K["sites"]>;
  /** Private links between sites. */
  links?: K["links"][];
  /** Kubernetes clusters, by name. */
  clusters: Record<string, K["clusters"]>;
  /** What runs where, by name: `dev`, `staging`, `prod`. */
  environments: Record<string, Environment>;
  /** Per environment; one merge law: records merge, arrays replace, a changed `kind` replaces, `null` removes. */
  overrides?: Record<string, Override<Overridable<K>>>;
}
