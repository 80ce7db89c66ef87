// What compiling gives: one target for each cluster of each environment, and the tree of files laid out from all of them.
// A contract, because the checks, delivery and the runtime read it and none of them imports the compiler.

import type { CompiledChart, CompiledObject, EmittedFile, Tree } from "./emission.ts";
import type { DeliveryEngine } from "./engine.ts";
import type { Graph } from "./graph.ts";
import type { Plan, PlannedCluster } from "./plan.ts";

/** One cluster of one environment after all stages but the layout. */
export interface CompiledTarget {
  /** Of its environment. */
  readonly plan: Plan;
  readonly cluster: PlannedCluster;
  readonly graph: Graph;
  /** Sorted by area, wave, kind, namespace, name. */
  readonly objects: readonly CompiledObject[];
  /** Sorted by name. */
  readonly charts: readonly CompiledChart[];
  readonly files: readonly EmittedFile[];
  /** What brings all this to the cluster; absent where somebody pushes. */
  readonly engine?: DeliveryEngine;
}

/** In which form objects are handed over: overlays of Kustomize, a chart for each app, or whole manifests. */
export type Packaging = "kustomize" | "helm" | "plain";

export interface Compiled {
  readonly platform: string;
  readonly packaging: Packaging;
  /** In the order of the definition's environments and their clusters. */
  readonly targets: readonly CompiledTarget[];
  readonly tree: Tree;
}

/** What an engine starts from: its objects lie in `clusters/<target>`; all others reach a cluster through the engine. */
export const BOOTSTRAP_AREA = "infrastructure/bootstrap";

/** Definition path of the line that asked for an object. */
export const ORIGIN_ANNOTATION = "keelson.dev/origin";
/** `"true"` on a Secret that is one by kind only: an engine reads settings from it, and nothing in it is secret. */
export const NO_CREDENTIAL_ANNOTATION = "keelson.dev/no-credential";
export const PART_OF_LABEL = "app.kubernetes.io/part-of";
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
export const MANAGED_BY = "keelson";
