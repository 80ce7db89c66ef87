// What compiling gives: one target for each cluster of each environment, and the tree of files laid out from all of them.

import type {
  CompiledChart,
  CompiledObject,
  EmittedFile,
  Graph,
  PlannedCluster,
  Tree,
} from "../model/index.ts";

/** One cluster of one environment after all stages but the layout. */
export interface CompiledTarget {
  readonly cluster: PlannedCluster;
  readonly graph: Graph;
  /** Sorted by area, wave, kind, namespace, name. */
  readonly objects: readonly CompiledObject[];
  /** Sorted by name. */
  readonly charts: readonly CompiledChart[];
  readonly files: readonly EmittedFile[];
}

export interface Compiled {
  readonly platform: string;
  /** In the order of the definition's environments and their clusters. */
  readonly targets: readonly CompiledTarget[];
  readonly tree: Tree;
}
