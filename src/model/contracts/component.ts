// The contracts a component fulfils. A reader who wants to know what Keelson does with a system opens its folder.

import type { Diagnostic, Path } from "../../core/index.ts";
import type { FactText, KindRef, KubernetesObject } from "../../kubernetes/index.ts";
import type { Schema } from "../schema/schema.ts";
import type { AlertRule } from "./alert.ts";
import type { PlannedBackup } from "./backup.ts";
import type { Behaviour } from "./behaviour.ts";
import type { AuthorityDemand, CertificateDemand, PeerDemand } from "./certificate.ts";
import type { Area, ChartRelease, Emission } from "./emission.ts";
import type { DeliveredParts, DeliveryEngine, HandOver } from "./engine.ts";
import type { PlannedExposure } from "./exposure.ts";
import type { Flow, Graph, MeshMembership, Workload, WorkloadContainer } from "./graph.ts";
import type { LocalProvider } from "./local.ts";
import type { MeshDecider } from "./mesh-decision.ts";
import type { MeshTreatment, MeshTrust } from "./mesh-treatment.ts";
import type { Offer } from "./offer.ts";
import type {
  Binding,
  Capability,
  LinkFacts,
  NodeGroup,
  OwnedField,
  PlannedApp,
  PlannedCluster,
  PlannedIntent,
  PlannedNamespace,
  PlannedRoute,
  PlannedSecret,
  PlannedSite,
  TrafficSplit,
  TrafficSplitForm,
} from "./plan.ts";
import type { SubstrateFacts } from "./substrate-facts.ts";
import type { ProviderKey } from "../intents/intent-kinds.ts";

/** Where a slot stands in the definition and how many fillers it takes. */
export interface SlotFacts {
  readonly name: string;
  readonly cardinality: "exclusive" | "additive";
  /** `environment`: one system serves all clusters; each cluster's plan names it, and `primary` says where it runs. */
  readonly scope: "environment" | "cluster";
  /** Filled when the definition is silent; given the cluster, it may decline. */
  readonly fallback?: (cluster: ClusterFacts) => { readonly kind: string } | undefined;
  /** Why nobody can do without what the fallback brings. Absent: `null` leaves the slot empty. */
  readonly indispensable?: string;
}

/** What is known of a cluster before its slots are filled. */
export type ClusterFacts = Pick<
  PlannedCluster,
  | "target"
  | "name"
  | "environment"
  | "platform"
  | "layout"
  | "domain"
  | "scale"
  | "primary"
  | "peers"
  | "labels"
  | "substrate"
  | "site"
  | "network"
  | "nodes"
  | "versions"
>;

/** Early view, while the plan is being made: facts, all choices and neutral intents; no workloads, flows or secrets yet. */
export interface ResolveContext {
  readonly cluster: ClusterFacts & Pick<PlannedCluster, "slots" | "providers">;
  /** Where this component's own options stand in the definition. */
  readonly path: Path;
  report(diagnostic: Diagnostic): void;
}

/** The plan is complete (intents, bindings, namespaces); flows and surfaces are asked for now. */
export interface SurfaceContext {
  /** `namespaces` holds the apps' own so far; surfaces add theirs. */
  readonly cluster: Omit<
    PlannedCluster,
    | "workloads"
    | "flows"
    | "secrets"
    | "standIns"
    | "ownedFields"
    | "alerts"
    | "exposures"
    | "tls"
    | "backups"
  >;
  readonly path: Path;
}

/** All that an engine may depend on beside its options. */
export interface EngineContext {
  readonly cluster: PlannedCluster;
  readonly path: Path;
}

/** Everything is planned but what is injected. */
export interface InjectContext {
  readonly cluster: PlannedCluster;
  readonly path: Path;
}

/** What decides where an app lives. */
export interface AppPlace {
  readonly name: string;
  readonly group?: string;
  /** Reached from outside. */
  readonly routed: boolean;
}

/** Laid over a workload of the plan; several components' injections add up. */
export interface Injection {
  readonly containers?: readonly WorkloadContainer[];
  readonly mesh?: MeshMembership;
  /** What the added containers say and hear themselves. */
  readonly flows?: readonly Flow[];
}

export interface EmitContext {
  readonly cluster: PlannedCluster;
  readonly graph: Graph;
  readonly path: Path;
  /** Sealed blobs of this environment: secret id → namespace → key → blob. */
  readonly sealed: SealedValues;
}

export type SealedValues = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>;

/** What a component's system looks like from outside, before anything is emitted. */
export interface Surface {
  readonly workloads?: readonly Workload[];
  readonly namespaces?: readonly PlannedNamespace[];
  readonly flows?: readonly Flow[];
  /** Asked for by the component itself; copies for consumers are added from bindings. */
  readonly secrets?: readonly SecretDemand[];
  /** Copies its own workloads need of secrets others ask for (a backup job reads a database's credentials), by id. */
  readonly secretCopies?: readonly SecretCopy[];
  /** Objects other than workloads that a chart creates and others rely on (GatewayClass …); stood in for on a laptop. */
  readonly objects?: readonly KubernetesObject[];
  /** Fields of emitted objects that its system decides from then on: delivery leaves them alone. */
  readonly ownedFields?: readonly OwnedField[];
  /** What it opens to the outside beside the routes; a Service of type LoadBalancer or NodePort that is not here is found. */
  readonly exposures?: readonly PlannedExposure[];
  /** What it copies. */
  readonly backups?: readonly PlannedBackup[];
  /** What people should be told of this system, whoever tells them. */
  readonly alerts?: readonly AlertRule[];
}

export interface SecretCopy {
  /** Id of a PlannedSecret. */
  readonly id: string;
  readonly namespace: string;
}

/** A PlannedSecret before its provider and the consumers' namespaces are known. */
export interface SecretDemand extends Omit<PlannedSecret, "provider" | "storedAt"> {
  readonly provider?: string;
}

export interface ComponentBase<Options> {
  /** The `kind` a person writes. */
  readonly name: string;
  readonly options: Schema<unknown, Options>;
  readonly provides: readonly Capability[];
  /** What of that it does not do with these options. */
  leavesOut?(options: Options): readonly Capability[];
  readonly needs?: readonly Capability[];
  readonly area: Area;
  /** Said once per use, e.g. that the system is retired. */
  notice?(path: Path): Diagnostic;
  /** Defaults that depend on the cluster. */
  resolve?(context: ResolveContext, options: Options): Options;
  /** Names from outside for its own pages (`argocd.<domain>`); apps' routes come from their provider. */
  routes?(context: ResolveContext, options: Options): readonly PlannedRoute[];
  /** What its system serves to other systems of the cluster: data sources, sinks, collectors. */
  offers?(context: ResolveContext, options: Options): readonly Offer[];
  /** What it serves people with, where somebody issues certificates. */
  certificates?(context: ResolveContext, options: Options): readonly CertificateDemand[];
  /** What it signs with itself, where somebody issues certificates. */
  authorities?(context: ResolveContext, options: Options): readonly AuthorityDemand[];
  /** What it shows to the backends of these routes, where one asks for its certificate. */
  peers?(
    context: ResolveContext,
    options: Options,
    routes: readonly PlannedRoute[],
  ): readonly PeerDemand[];
  /** CRDs its chart brings, as fact tables; installed in embedded clusters, used by the checks everywhere. */
  crds?(): Promise<readonly FactText[]>;
  /** The API groups of these definitions, by which engines order what uses them after the chart. */
  readonly apiGroups?: readonly string[];
  behaviour?(): Promise<Behaviour>;
  /** Instead, where it has several controllers, each of which acts only while its own workload runs. */
  behaviours?(): Promise<readonly Behaviour[]>;
  /** How it runs for real on a developer's machine, in place of simulated pods. */
  local?(): Promise<LocalProvider>;
}

export interface SlotFiller<Options> extends ComponentBase<Options> {
  readonly family: "slot";
  readonly slot: string;
  surface?(context: SurfaceContext, options: Options): Surface;
  emit(context: EmitContext, options: Options): Emission;
  /** Changes what others emitted; ordered by `decorateOrder`; one owner per field. */
  decorate?(object: KubernetesObject, context: EmitContext, options: Options): KubernetesObject;
  readonly decorateOrder?: number;
  /** The same for the values of charts of others. */
  decorateChart?(release: ChartRelease, context: EmitContext, options: Options): ChartRelease;
  /** The path at which a secret it owns lies in the store it is read from. */
  storedAt?(
    cluster: Pick<PlannedCluster, "platform" | "environment">,
    secret: Pick<PlannedSecret, "id">,
    options: Options,
  ): string;
  /** How it sends shares of a route's requests to two Services; goes with the capability `trafficSplit`. */
  readonly splitsBy?: TrafficSplitForm;
  /** What holds the shares of an app, where it is not one object of the app's own name. */
  splitIn?(
    app: Pick<PlannedApp, "name" | "route" | "traffic">,
  ): Pick<TrafficSplit, "objects" | "entries">;
  /** Services of an app that stand for its two versions; goes with the capability `progressiveDelivery`. */
  releaseServices?(app: string): Pick<TrafficSplit, "stable" | "candidate">;
  /** What its webhook or its node agent adds to the pods of a workload; asked once for every workload of the plan. */
  inject?(context: InjectContext, workload: Workload, options: Options): Injection | undefined;
  /** Releases of its charts whose webhooks add that: they have to run before the pods are made. Goes with `inject`. */
  readonly injectors?: readonly string[];
  /** Where an app lives that does not say so itself; asked of the one filler that has a scheme. Default: its own name. */
  namespaceOf?(app: AppPlace, options: Options): string;
  /** Whom its proxies believe, and as whom they speak. */
  readonly proxyTrust?: MeshTrust;
  /** Name of the container by which a pod is known to have a proxy. */
  readonly proxyContainer?: string;
  /** Kinds by which its proxies decide. */
  readonly proxiesRead?: readonly KindRef[];
  /** What its proxies do with connections, by its objects among these; goes with the capability `meshAuthorization`. */
  decides?(objects: readonly KubernetesObject[]): MeshDecider;
  /** What its proxies do with requests, by the same objects. */
  treats?(objects: readonly KubernetesObject[], options: Options): MeshTreatment;
  /** Of a filler that brings what is in git to the cluster. */
  engine?(context: EngineContext, options: Options): DeliveryEngine;
  /** Of a filler that says how somebody pushes instead: what it writes beside the lists of what goes where. */
  pushes?(context: EngineContext, parts: DeliveredParts, options: Options): HandOver;
}

export interface IntentProvider<
  Intent extends PlannedIntent,
  Options,
> extends ComponentBase<Options> {
  readonly family: "provider";
  /** The key of `providers` it stands under. The first registered of a key serves where the definition names none. */
  readonly serves: ProviderKey;
  /** How consumers reach one intent; called while the plan is made. */
  bind(context: ResolveContext, intent: Unbound<Intent>, options: Options): Omit<Binding, "intent">;
  surface?(context: SurfaceContext, intents: readonly Intent[], options: Options): Surface;
  intentRoutes?(
    context: ResolveContext,
    intents: readonly Intent[],
    options: Options,
  ): readonly PlannedRoute[];
  /** Called once per cluster with everything it serves; not called when that is nothing. */
  emit(context: EmitContext, intents: readonly Intent[], options: Options): Emission;
}

export type Unbound<Intent> = Omit<Intent, "binding">;

/** Where a cluster comes from. */
export interface Substrate<Options> {
  readonly family: "substrate";
  readonly name: string;
  readonly options: Schema<unknown, Options>;
  /** The fact sheet, where options can change it (an EKS add-on that enforces policies). */
  facts(options: Options): SubstrateFacts;
  nodes(options: Options): readonly NodeGroup[];
  /** Ranges and ports the options state; the rest comes from the lock. */
  network(options: Options, site: PlannedSite): Partial<PlannedCluster["network"]>;
  /** What it opens on the machine it runs on, beside the ports that lead to the way in of routes. */
  exposures?(options: Options): readonly Omit<PlannedExposure, "origin">[];
  emit?(context: EmitContext, options: Options): Emission;
}

export interface SiteKind<Options> {
  readonly family: "site";
  readonly name: string;
  readonly options: Schema<unknown, Options>;
  facts(options: Options): { readonly network?: string; readonly region?: string };
}

export interface LinkKind<Options> {
  readonly family: "link";
  readonly name: string;
  readonly options: Schema<unknown, Options>;
  facts(options: Options): LinkFacts;
}

/** Erased forms, as the registry holds them; `defineX` functions are the only place that erases. */
export type AnySlotFiller = SlotFiller<unknown>;
export type AnyProvider = IntentProvider<PlannedIntent, unknown>;
export type AnySubstrate = Substrate<unknown>;
export type AnySite = SiteKind<unknown>;
export type AnyLink = LinkKind<unknown>;
export type AnyComponent = AnySlotFiller | AnyProvider | AnySubstrate | AnySite | AnyLink;

export const defineSlotFiller = <Options>(
  filler: Omit<SlotFiller<Options>, "family">,
): AnySlotFiller => ({ ...filler, family: "slot" }) as unknown as AnySlotFiller;
export const defineProvider = <Intent extends PlannedIntent, Options>(
  provider: Omit<IntentProvider<Intent, Options>, "family">,
): AnyProvider => ({ ...provider, family: "provider" }) as unknown as AnyProvider;
export const defineSubstrate = <Options>(
  substrate: Omit<Substrate<Options>, "family">,
): AnySubstrate => ({ ...substrate, family: "substrate" }) as unknown as AnySubstrate;
export const defineSite = <Options>(site: Omit<SiteKind<Options>, "family">): AnySite =>
  ({ ...site, family: "site" }) as unknown as AnySite;
export const defineLink = <Options>(link: Omit<LinkKind<Options>, "family">): AnyLink =>
  ({ ...link, family: "link" }) as unknown as AnyLink;

/** All components by family and name, and the slots they fill, in emission order. */
export interface Registry {
  readonly slots: readonly SlotFacts[];
  readonly components: readonly AnyComponent[];
}
