// The definition resolved for one environment: every slot filled, every default explicit, every range and port allocated,
// every version pinned. One PlannedCluster is what components see.

import type { Path } from "../../core/index.ts";
import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { AlertRule } from "./alert.ts";
import type { IntentKind, ProviderKey } from "../intents/intent-kinds.ts";
import type { ServedByCluster } from "../intents/served-intents.ts";
import type { TlsSettings } from "../intents/tls-policy.ts";
import type { ScaleSignal } from "../intents/app.ts";
import type { PlannedBackup } from "./backup.ts";
import type { AuthorityDemand, CertificateDemand, PeerDemand } from "./certificate.ts";
import type { Area } from "./emission.ts";
import type { AppExposure, PlannedExposure } from "./exposure.ts";
import type { Endpoint, Flow, Workload } from "./graph.ts";
import type { PlannedCallback, RouteTraffic } from "./route-traffic.ts";
import type { Offer } from "./offer.ts";
import type { SubstrateFacts } from "./substrate-facts.ts";
import type { PlannedTraffic } from "./app-traffic.ts";
import type { TreeLayout } from "../tree-layout.ts";

export type ScaleMode = "single" | "highly-available";

export interface Plan {
  readonly platform: string;
  readonly environment: string;
  readonly scale: ScaleMode;
  /** Apps answer at `<host>.<domain>`. */
  readonly domain: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of the environment: the first is the primary. */
  readonly clusters: readonly PlannedCluster[];
  /** Private links between sites. */
  readonly links: readonly PlannedLink[];
  /** Sorted by name. */
  readonly roadmap: readonly PlannedWish[];
  readonly recovery?: PlannedRecovery;
  /** Where a value of the merged definition was written: `backup.x.keep` → `overrides.prod.backup.x.keep`. */
  readonly originOf: (path: Path) => Path;
  /** The same for a cluster that has an override of its own. */
  readonly originIn: (cluster: string) => (path: Path) => Path;
}

export interface PlannedLink {
  readonly component: string;
  readonly options: unknown;
  /** Names of sites. */
  readonly between: readonly string[];
  readonly facts: LinkFacts;
  readonly path: Path;
}

/** What others must know of a link. */
export interface LinkFacts {
  /** Range of its own addresses, which both ends reach. */
  readonly network?: string;
  /** By site: the parts of its network that the far end reaches; a site that is left out is reached whole. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
  /** What a person has to make because Keelson writes no files for it. */
  readonly notEmitted?: string;
}

/** Something the platform is to have and no component writes yet. */
export interface PlannedWish {
  readonly name: string;
  readonly what: string;
  readonly maturity: Maturity;
  readonly path: Path;
}

/** `core`: belongs to the platform. `optional`: may be left out. `roadmap`: comes later, and is not missed today. */
export type Maturity = "core" | "optional" | "roadmap";

/** What is promised when things are lost. */
export interface PlannedRecovery {
  /** Names of clusters. */
  readonly primary: string;
  readonly standby?: string;
  readonly rtoMs: number;
  /** By class of data. */
  readonly rpoMs: Readonly<Record<string, number>>;
  readonly path: Path;
}

/**
 * One cluster of one environment: the unit that is emitted, checked, run and delivered. What it serves to apps stands in
 * `databases`, `queues` and so on.
 */
export interface PlannedCluster extends ServedByCluster {
  /** `dev`, or `prod-standby` where an environment has several clusters: folder name under `clusters/` and overlay name. */
  readonly target: string;
  readonly name: string;
  readonly environment: string;
  readonly platform: string;
  /** Where the tree's folders lie; `placed` turns a logical path into a real one. */
  readonly layout: TreeLayout;
  readonly domain: string;
  readonly scale: ScaleMode;
  /** First cluster of its environment. */
  readonly primary: boolean;
  /** The other clusters of its environment, in its order. */
  readonly peers: readonly PeerCluster[];
  readonly labels: Readonly<Record<string, string>>;
  readonly substrate: SubstrateFacts;
  readonly site: PlannedSite;
  readonly network: ClusterNetwork;
  readonly nodes: readonly NodeGroup[];
  /** Chosen components, in slot order; additive slots have one entry per key. */
  readonly slots: readonly SlotChoice[];
  readonly providers: readonly ProviderChoice[];
  readonly apps: readonly PlannedApp[];
  readonly roles: readonly PlannedRole[];
  /** Every namespace Keelson owns on this cluster, sorted by name. */
  readonly namespaces: readonly PlannedNamespace[];
  readonly secrets: readonly PlannedSecret[];
  /** Everything that will run pods; gathered from the surfaces of all components. */
  readonly workloads: readonly Workload[];
  /** Everything reachable by name from outside: apps' routes and components' own pages. Sorted by hostname. */
  readonly routes: readonly PlannedRoute[];
  readonly tls: TlsSettings;
  /** What is copied, and when. */
  readonly backups: readonly PlannedBackup[];
  /** Everything that may be asked for from outside, sorted by name; the entry of routes first. */
  readonly exposures: readonly PlannedExposure[];
  /** Declared by components. Those that follow from needs, calls and base allowances are derived by `graph/`. */
  readonly flows: readonly Flow[];
  /** What systems serve to each other, in slot order. */
  readonly offers: readonly Offer[];
  /** What components serve with, in slot order; whoever provides `certificates` issues them. */
  readonly certificates: readonly CertificateDemand[];
  /** What components sign with, in slot order; made by the same. */
  readonly authorities: readonly AuthorityDemand[];
  /** By what the ingress and the backends of routes know each other; issued by the same. */
  readonly peerCertificates: readonly PeerDemand[];
  /** From the surfaces of all components, sorted by name. */
  readonly alerts: readonly AlertRule[];
  /** Objects other than workloads that charts create and others rely on, from the components' surfaces. */
  readonly standIns: readonly { readonly component: string; readonly object: KubernetesObject }[];
  /** What autoscalers, release controllers and the like decide, gathered from the surfaces. */
  readonly ownedFields: readonly OwnedField[];
  readonly versions: Versions;
}

/** Another cluster of the same environment, as far as whoever reaches its API server must know it. */
export interface PeerCluster {
  readonly name: string;
  readonly target: string;
  readonly apiServerPort: number;
  /** Ranges its API server answers in; none where a provider serves it at an address of the provider's own. */
  readonly apiServerRanges: readonly string[];
  readonly origin: Path;
}

export interface PlannedSite {
  readonly name: string;
  readonly kind: string;
  /** CIDR of machines there, when stated. */
  readonly network?: string;
  readonly region?: string;
  readonly origin: Path;
}

export interface ClusterNetwork {
  readonly podRange: string;
  readonly serviceRange: string;
  /** Range of the machines; the API server and the kubelets speak from it. */
  readonly nodeRange: string;
  /** Addresses handed to LoadBalancer Services, where the platform does that itself. */
  readonly loadBalancerRange?: string;
  /** Host ports on a developer machine. */
  readonly hostPorts?: {
    readonly http: number;
    readonly https: number;
    readonly api: number;
    readonly registry: number;
  };
}

export interface NodeGroup {
  readonly name: string;
  readonly role: "control-plane" | "worker";
  readonly count: number;
  /** How many there may be when pods do not fit; absent: as many as there are. */
  readonly max?: number;
  readonly cpu: string;
  readonly memory: string;
  /** What volumes may take of each node's disks. Absent: volumes come from elsewhere, or nobody said. */
  readonly storage?: string;
  readonly zones: readonly string[];
  /** Control planes that take no ordinary pods. */
  readonly dedicated?: boolean;
}

/** A neutral ability consumers ask for: `loadBalancer`, `httpRoute`, `trafficSplit`, `mtls`, `bucket` … */
export type Capability = string;

/** What a chosen component can do and asks for: how others know what there is without knowing its name. */
export interface Abilities {
  readonly provides: readonly Capability[];
  readonly needs: readonly Capability[];
}

export interface SlotChoice extends Abilities {
  readonly slot: string;
  /** Key of an additive slot (`sealed` in `secrets.sealed`). */
  readonly key?: string;
  readonly component: string;
  /** Read by the component's schema, then by its `resolve`. */
  readonly options: unknown;
  readonly path: Path;
}

export interface ProviderChoice extends Abilities {
  readonly serves: ProviderKey;
  readonly component: string;
  readonly options: unknown;
  readonly path: Path;
}

/** Something apps may need. What else is planned of each kind is in the file of its name in `intents/`. */
export interface PlannedIntent {
  readonly kind: IntentKind;
  /** The key of `providers` that serves it: the engine of a database, else the kind. */
  readonly provider: ProviderKey;
  readonly name: string;
  readonly origin: Path;
}

export interface PlannedApp extends PlannedIntent {
  readonly kind: "app";
  readonly provider: "app";
  readonly namespace: string;
  /** With tag or digest. */
  readonly image: string;
  readonly port?: number;
  readonly route?: {
    readonly hostname: string;
    readonly port: number;
    readonly paths: readonly string[];
    readonly traffic: RouteTraffic;
    /** Sorted by name. */
    readonly callbacks: readonly PlannedCallback[];
  };
  /** Ports that have a way in of their own. Absent: none. */
  readonly exposures?: readonly AppExposure[];
  readonly replicas: number;
  /** New tags of the image that go into git by themselves. */
  readonly updates?: PlannedUpdates;
  /** Absent where the environment is single, or the app does not scale. */
  readonly scale?: {
    readonly min: number;
    readonly max: number;
    readonly cpu: number;
    readonly memory?: number;
    /** Absent where there is none. */
    readonly signals?: readonly ScaleSignal[];
  };
  readonly release: PlannedRelease;
  /** Set for a canary that something releases and something splits. */
  readonly split?: TrafficSplit;
  readonly resources: {
    readonly requests: { readonly cpu: string; readonly memory: string };
    readonly limits: { readonly cpu: string; readonly memory: string };
  };
  readonly health?: { readonly liveness: string; readonly readiness: string };
  readonly metrics?: string;
  /** How requests to it are treated on the way, the platform's defaults included. */
  readonly traffic?: PlannedTraffic;
  /** How it runs as a process of a developer's machine; nothing emitted depends on it. */
  readonly dev?: PlannedDev;
  /** Identity of the cloud its service account stands for, in the cloud's own words. */
  readonly identity?: string;
  /** Literal settings, sorted by name. */
  readonly env: readonly EnvVar[];
  /** One per entry of `needs`, in order. */
  readonly bindings: readonly AppBinding[];
  readonly secrets: readonly AppSecret[];
  readonly calls: readonly {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly addresses: readonly string[];
    readonly origin: Path;
  }[];
}

export interface PlannedUpdates {
  /** A range of semantic versions. */
  readonly semver: string;
  /** Of the image, without tag. */
  readonly repository: string;
  /** The one in use when nothing newer was found. */
  readonly tag: string;
}

/** As written: `directory` is relative to the definition's file, or absolute; without `watch` everything in it counts. */
export interface PlannedDev {
  readonly command: readonly string[];
  readonly directory: string;
  readonly watch?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  // Image tag → directory of that version.
  readonly versions: Readonly<Record<string, string>>;
}

/** One name from outside and the Service behind it. The ingress filler makes the route object and the flows. */
export interface PlannedRoute {
  /** DNS label, unique in its namespace. */
  readonly name: string;
  /** Of the backend, and of the route object. */
  readonly namespace: string;
  readonly hostname: string;
  /** Path prefixes; `["/"]` for everything. */
  readonly paths: readonly string[];
  readonly service: string;
  /** A second backend of the same port: its share starts at 0 and belongs to who releases. */
  readonly candidate?: string;
  readonly servicePort: number;
  /** The workload behind the Service and its container port: the far end of the flow. */
  readonly workload: string;
  readonly targetPort: number;
  /** Absent: requests are passed on as they come. */
  readonly traffic?: RouteTraffic;
  readonly area: Area;
  readonly origin: Path;
}

export type PlannedRelease =
  | { readonly kind: "rolling"; readonly maxSurge: number; readonly maxUnavailable: number }
  | {
      readonly kind: "canary";
      readonly steps: readonly number[];
      /** At each step; absent: until somebody promotes. */
      readonly pauseMs?: number;
      readonly analysis?: PlannedAnalysis;
    }
  | {
      readonly kind: "blue-green";
      readonly promotion: "automatic" | "manual";
      readonly keepOldMs: number;
      readonly analysis?: PlannedAnalysis;
    };

/** What the new version is judged by; at least one of the first three is there. */
export interface PlannedAnalysis {
  readonly path?: string;
  /** Percent. */
  readonly errorRate?: number;
  readonly latencyMs?: number;
  readonly intervalMs: number;
  readonly failures: number;
  readonly count: number;
}

/** How shares of an app's traffic go to two of its Services, and by which objects. */
export interface TrafficSplit {
  readonly form: TrafficSplitForm;
  /** Service of the version that serves, and of the one that is tried. */
  readonly stable: string;
  readonly candidate: string;
  /** Names of the objects that hold the shares, in the app's namespace. */
  readonly objects: readonly string[];
  /** Names of the entries inside them that do, where they have names. */
  readonly entries?: readonly string[];
}

/**
 * Weights of the backends of an HTTPRoute; a second Ingress with canary annotations of nginx; weights of the destinations
 * of a VirtualService.
 */
export type TrafficSplitForm = "http-route" | "canary-ingress" | "virtual-service";

/** A field whose value something on the cluster decides after delivery: engines neither report nor revert it. */
export interface OwnedField {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** From the root of the object; `*` for every item of a list. */
  readonly field: readonly string[];
}

export interface AppBinding {
  /** Path of the entry in `needs`. */
  readonly origin: Path;
  readonly binding: Binding;
}

export interface AppSecret {
  readonly name: string;
  readonly keys: readonly string[];
  readonly mount: "env" | "file";
  /** Key of `secrets` that was asked for; absent where nobody said. */
  readonly from?: string;
  readonly origin: Path;
}

/** How a consumer reaches an intent, the same whoever provides it. */
export interface Binding {
  readonly intent: PlannedIntent;
  /** Where the packets go. */
  readonly endpoint: Endpoint;
  readonly port: number;
  readonly application: string;
  readonly encryption: "none" | "tls" | "mtls";
  /** Variables the consumer gets, in order; later ones may use `$(EARLIER)`. */
  readonly env: readonly EnvVar[];
  /** Ids of the PlannedSecrets whose copy the consumer's namespace needs. */
  readonly secrets: readonly string[];
  /** For an app that stands for an identity of this cloud: variables without credentials, in place of `env` and `secrets`. */
  readonly byIdentity?: { readonly cloud: string; readonly env: readonly EnvVar[] };
}

export type EnvVar =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly secret: string; readonly key: string };

export interface PlannedNamespace {
  readonly name: string;
  /** `app`: people's own; `platform`: what Keelson runs; `system`: exists already, only labelled where allowed. */
  readonly tenancy: "app" | "platform" | "system";
  /** Pod Security level enforced. Restricted unless a component says why not. */
  readonly podSecurity: "restricted" | "baseline" | "privileged";
  readonly podSecurityReason?: string;
  readonly origin: Path;
}

/** One secret with the same content in one or more namespaces; exactly one provider owns it. */
export interface PlannedSecret {
  /** `databases.orders`; unique on the cluster; names the entry in the sealed file. */
  readonly id: string;
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  readonly type: string;
  /** Sorted. */
  readonly namespaces: readonly string[];
  /** Key of the `secrets` slot. */
  readonly provider: string;
  /** Path in the store its provider reads; absent where its values travel with the tree. */
  readonly storedAt?: string;
  readonly keys: readonly SecretKey[];
  readonly area: Area;
  readonly origin: Path;
}

/** How a value comes to be when nobody gave one: `person` must be asked for outside the laptop. */
export type SecretKey =
  | { readonly key: string; readonly source: "person"; readonly description: string }
  | { readonly key: string; readonly source: "generated"; readonly length: number }
  | { readonly key: string; readonly source: "fixed"; readonly value: string }
  /** htpasswd line (bcrypt) of another key's value. */
  | {
      readonly key: string;
      readonly source: "htpasswd";
      readonly user: string;
      readonly passwordKey: string;
    }
  /** Text with `${key}` replaced by other keys' values. */
  | { readonly key: string; readonly source: "template"; readonly template: string };

export interface PlannedRole {
  readonly name: string;
  readonly level: "cluster-admin" | "delivery-admin" | "developer" | "viewer";
  readonly groups: readonly string[];
  /** Absent: all of people's apps; what a viewer sees is everything. */
  readonly namespaces?: readonly string[];
  readonly origin: Path;
}

/** Pinned versions from the lock, by catalogue name. */
export interface Versions {
  chart(name: string): {
    readonly repository: string;
    readonly chart: string;
    readonly version: string;
    readonly appVersion: string;
  };
  /** `docker.io/library/postgres:18.6`, or with `@sha256:` when the lock knows the digest. */
  image(name: string): string;
  /** What was asked for and is not in the lock, e.g. `chart velero`; the catalogue's version was given instead. */
  missing(): readonly string[];
}
