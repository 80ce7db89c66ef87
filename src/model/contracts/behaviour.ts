// How a third-party system acts inside an embedded cluster: over KubeApi, Clock and a git source; nothing else.

import type { Clock, Rng } from "../../core/index.ts";
import type {
  AdmissionPlugin,
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
}

/** What stands in for a third-party chart: objects labelled simulated, or undefined for an unknown chart. */
export interface ChartSource {
  render(
    repository: string,
    chart: string,
    version: string,
    release: { readonly name: string; readonly namespace: string },
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
}

export interface Behaviour {
  /** What it mirrors, with source and version. */
  readonly source: string;
  /** Name of the one workload whose pods do this; absent: any workload of the component will do. */
  readonly workload?: string;
  controllers?(context: BehaviourContext): readonly ControllerFactory[];
  /** Who has a say in writes while the workload runs, as its webhooks have in a real cluster. */
  admission?(context: BehaviourContext): readonly AdmissionPlugin[];
  routes?(context: BehaviourContext): RouteTable;
}

/** Where a request goes, decided from live Gateway, Ingress or mesh objects. */
export interface RouteTable {
  /** `host` without port. */
  match(request: {
    readonly host: string;
    readonly path: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly tls: boolean;
  }): RouteDecision;
}

export type RouteDecision =
  | {
      readonly kind: "service";
      readonly namespace: string;
      readonly service: string;
      readonly port: number;
      readonly route: string;
    }
  | { readonly kind: "redirect"; readonly location: string; readonly status: number }
  | { readonly kind: "none"; readonly reason: string };
