// What a person writes: one record, plain data. The package door narrows the slot types to the shipped components.

import type { App, PlatformTraffic } from "./intents/app.ts";
import type { Bucket } from "./intents/bucket.ts";
import type { Cache } from "./intents/cache.ts";
import type { Database } from "./intents/database.ts";
import type { Exposure } from "./intents/exposure.ts";
import type { Queue } from "./intents/queue.ts";
import type { Role } from "./intents/role.ts";
import type { Stream } from "./intents/stream.ts";
import type { TlsPolicy } from "./intents/tls-policy.ts";
import type { Packaging } from "./contracts/compiled.ts";
import type { Tagged } from "./schema/schema.ts";

/** Types of the values each place accepts; the package door fills these with the shipped components' options. */
export interface Kinds {
  sites: Tagged;
  links: Tagged;
  clusters: Tagged;
  /** What each slot accepts: one value, or a record of them where the slot is additive. */
  slots: object;
  /** Who serves what, by the key of `providers`. */
  providers: object;
}

/** Every slot of the platform may be filled, and none must be. */
type Filled<Slots extends object> = { [Slot in keyof Slots]?: Slots[Slot] };

export interface Environment {
  /** Names of clusters; the first is the primary, where the delivery engine lives. */
  clusters: string[];
  /** `single`: one replica of everything, no autoscaling. `highly-available`: replicas, spread, autoscaling. */
  scale: "single" | "highly-available";
  /** Default: `<environment>.<platform domain>`, and the bare platform domain for `prod`. */
  domain?: string;
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

/** Something the platform is to have that no setting describes. */
export interface RoadmapItem {
  /** In a reader's words: "image scanning with Trivy in every pipeline". */
  what: string;
  /** `core` and `optional` are asked for now: the checks say what is not emitted. Default `roadmap`: later. */
  maturity?: "core" | "optional" | "roadmap";
}

/** Everything an environment may override; the same shape without identity and structure. */
export type Overridable<K extends Kinds = Kinds> = Filled<K["slots"]> & Settings<K>;

/** What an environment may override beside the slots. */
export interface Settings<K extends Kinds = Kinds> {
  /** Who serves each engine of databases, and queues, buckets, caches and streams. Default: a server in the cluster. */
  providers?: Filled<K["providers"]>;
  /** The person's own services, by name. */
  apps?: Record<string, App>;
  /** Databases, by name. */
  databases?: Record<string, Database>;
  /** Queues with an SQS interface, by name. */
  queues?: Record<string, Queue>;
  /** Buckets with an S3 interface, by name. */
  buckets?: Record<string, Bucket>;
  /** Caches that speak the Redis protocol, by name. */
  caches?: Record<string, Cache>;
  /** Topics with a Kafka interface, by name. */
  streams?: Record<string, Stream>;
  /** Groups of people and what they may do, by name. */
  roles?: Record<string, Role>;
  /** What may be asked for from outside beside the routes, by name. Default: nothing; the ingress is the one way in. */
  exposures?: Record<string, Exposure>;
  /** How much of a request's way is TLS. Default: hops in plain text are listed. */
  tls?: TlsPolicy;
  /** How requests between workloads are treated, for every app that does not say otherwise. Needs a mesh. */
  traffic?: PlatformTraffic;
  /** What is promised when things are lost. */
  recovery?: Recovery;
  /** What else it is to have, and when, by name. */
  roadmap?: Record<string, RoadmapItem>;
  /** Labels on every emitted object. */
  labels?: Record<string, string>;
}

/** Deeply optional; `null` removes what was inherited. Arrays replace. A changed `kind` replaces the whole. */
export type Override<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Key in keyof T]?: Override<T[Key]> | null }
    : T;

export type PlatformDefinition<K extends Kinds = Kinds> = Structure<K> & Overridable<K>;

/** What a platform is called and where it stands. */
export interface Structure<K extends Kinds = Kinds> {
  /** DNS label; prefixes what is shared with others. */
  name: string;
  /** Public domain; apps answer below it. */
  domain: string;
  /** How objects are handed over: Kustomize overlays, a Helm chart for each app, or plain manifests. Default: kustomize. */
  packaging?: Packaging;
  /**
   * Folders of the repository, by part: `apps`, `clusters`, `charts`, `infrastructure`, or a folder of infrastructure such as
   * `security`. Default: those names themselves, and `infra/helm` for charts.
   */
  layout?: Readonly<Record<string, string>>;
  /** Where clusters stand. */
  sites: Record<string, K["sites"]>;
  /** Private links between sites. */
  links?: K["links"][];
  /** Kubernetes clusters, by name. */
  clusters: Record<string, K["clusters"]>;
  /** What runs where, by name: `dev`, `staging`, `prod`. */
  environments: Record<string, Environment>;
  /** Per environment; one merge law: records merge, arrays replace, a changed `kind` replaces, `null` removes. */
  overrides?: Record<string, EnvironmentOverride<K>>;
}

/** What an environment changes, and what single clusters of it change besides. */
export type EnvironmentOverride<K extends Kinds = Kinds> = Override<Overridable<K>> & {
  /** By name, for clusters of this environment. */
  clusters?: Record<string, Override<Overridable<K>>>;
};
