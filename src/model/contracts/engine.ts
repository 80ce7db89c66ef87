// What the rest of Keelson has to know of a delivery engine: which files hand the tree over to it, which of its objects start
// it, how it hears of a further cluster, and how its own objects say how far they are. A filler that has one
// (`SlotFiller.engine`) delivers; a cluster without one is delivered to by whoever pushes, and by `keelson up` itself.

import type { Path } from "../../core/index.ts";
import type { KindRef, KubernetesObject } from "../../kubernetes/index.ts";
import type { CompiledChart, EmittedFile, EmittedObject } from "./emission.ts";
import type { PlannedApp, PlannedCluster } from "./plan.ts";

export interface DeliveryEngine {
  /** Its component. */
  readonly name: string;
  /** Where it and the objects it reads live. */
  readonly namespace: string;
  /** URL of the repository it reads. */
  readonly repository: string;
  /** `monitor`: it compares and shows, and somebody else writes. */
  readonly role: "deploy" | "monitor";
  /** What an object of the bootstrap area is written as before anything comes from git; undefined: it comes from git. */
  startsAs(object: KubernetesObject): "engine" | "root" | undefined;
  /** Annotation in which it reads an object's wave; absent where it orders by other means. */
  readonly waveAnnotation?: string;
  /** The comment by which it finds an app's tag in the tree, where it writes tags (ability `imageUpdates`). */
  tagMarker?(app: PlannedApp): string;
  /** What tells it of every folder and chart of one cluster; `peers` are the other clusters of the environment. */
  handOver(parts: DeliveredParts, peers: readonly DeliveredParts[]): HandOver;
  /** What an object of its own makes it read from the tree; anything else reads nothing. */
  sourcesOf(object: KubernetesObject): readonly TreeSource[];
  /** How the engine of one cluster learns of a further one; absent where each cluster has an engine of its own. */
  registration?(cluster: PlannedCluster, server: string): KubernetesObject;
  /** What of the bootstrap area of another environment it needs beside the registration to serve that one as well. */
  joins?(object: KubernetesObject): boolean;
  /** The kinds whose objects say how far delivery is. */
  readonly reports: readonly KindRef[];
  stateOf(object: KubernetesObject): DeliveryState;
  /** How many reports there are beside one for each folder and chart: its roots. */
  readonly roots: number;
  /** And how many further ones for each cluster it delivers to. Default: none. */
  readonly rootsEach?: number;
  readonly words: EngineWords;
}

/** One folder or chart as its engine sees it. */
export interface DeliveryState {
  readonly name: string;
  /** `Synced` once the cluster holds what git says. */
  readonly sync: string;
  /** `Healthy` once that runs well. */
  readonly health: string;
  /** Why it is not synced and healthy, in the engine's words; empty when it is. */
  readonly message: string;
}

/** How people who know the engine speak of it. */
export interface EngineWords {
  /** `application`, `kustomization`. */
  readonly unit: string;
  /** A command that lists them. */
  readonly list: string;
}

/** What one cluster is delivered. */
export interface DeliveredParts {
  readonly cluster: PlannedCluster;
  readonly folders: readonly DeliveredFolder[];
  readonly charts: readonly DeliveredChart[];
}

export interface DeliveredFolder {
  /** Unique among folders. */
  readonly name: string;
  /** From the tree's root; builds by itself. */
  readonly path: string;
  /** Whole manifests without a kustomization, or the usual overlay or chart. */
  readonly form?: "plain";
  /** Where the folder is a Helm chart: a file in it, laid over the chart's own values. */
  readonly values?: string;
  /** Where objects without a namespace of their own go. */
  readonly namespace: string;
  /** Every namespace its objects say they go to, sorted. */
  readonly namespaces: readonly string[];
  /** Coarse order: namespaces and their rights, then the platform's parts, then people's apps. */
  readonly wave: 0 | 1 | 2;
  readonly needs: DeliveryNeeds;
}

export interface DeliveredChart {
  readonly chart: CompiledChart;
  readonly needs: DeliveryNeeds;
}

/** What has to be there first. Never a circle. */
export interface DeliveryNeeds {
  /** Names of folders: they hold the namespaces, or the definitions of kinds in use. */
  readonly folders: readonly string[];
  /** Names of charts that bring the definitions of kinds in use. */
  readonly charts: readonly string[];
  /** Names of charts whose webhooks change its pods as they are made: these have to run well, not only be there. */
  readonly injectors?: readonly string[];
  /** Names of charts that bring kinds of some of its objects, although they wait for its namespaces: those objects come later. */
  readonly later?: readonly string[];
}

export interface HandOver {
  /** Of the bootstrap area. */
  readonly objects?: readonly EmittedObject[];
  readonly files?: readonly HandOverFile[];
  /** Files of another form, as they stand. */
  readonly texts?: readonly EmittedFile[];
}

/** A file of the tree, from its root, written as YAML. */
export interface HandOverFile {
  readonly file: string;
  readonly value: unknown;
  readonly path: Path;
  /** The path stands at the top as a comment. */
  readonly header?: boolean;
}

/** Must be in the tree. `*` and `{{…}}` stand for anything inside one folder. */
export interface TreeSource {
  readonly kind: "folder" | "file" | "pattern";
  readonly path: string;
}
