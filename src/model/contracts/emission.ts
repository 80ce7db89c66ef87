// What components emit: objects, chart releases and files, each with the definition path that asked for it.

import type { Diagnostic, Path } from "../../core/index.ts";
import type { KubernetesObject, NetworkPolicy } from "../../kubernetes/index.ts";

/** `apps/storefront` or `infrastructure/networking`: one folder of the tree and one Application of the engine. */
export type Area = `apps/${string}` | `infrastructure/${string}`;

/** Who emitted something and the definition path it comes from. */
export interface Origin {
  readonly component: string;
  readonly path: Path;
}

export interface EmittedObject {
  readonly object: KubernetesObject;
  readonly area: Area;
  readonly path: Path;
  /** Order inside its Application; default by kind (namespaces first, routes last). */
  readonly wave?: number;
  /** Its file below `clusters/<target>`, for objects of the bootstrap area. Default: named after its kind. */
  readonly file?: string;
  /** A reason printed as a comment above the object in the file. */
  readonly comment?: string;
  readonly policy?: NetworkPolicy;
}

/** A third-party Helm chart at a pinned version; real clusters get the real chart. */
export interface ChartRelease {
  /** Release name, unique on the cluster. */
  readonly name: string;
  readonly namespace: string;
  readonly area: Area;
  /** `https://…` or `oci://…`, without the chart's name. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly path: Path;
}

/** A file that is not a Kubernetes object (a k3d config, a Terraform module). `file` is relative to the tree's root. */
export interface EmittedFile {
  readonly file: string;
  readonly text: string;
  readonly path: Path;
}

export interface Emission {
  readonly objects?: readonly EmittedObject[];
  readonly charts?: readonly ChartRelease[];
  readonly files?: readonly EmittedFile[];
}

/** An object with everything known of it, after decorate. */
export interface CompiledObject {
  readonly object: KubernetesObject;
  readonly area: Area;
  readonly origin: Origin;
  readonly wave: number;
  readonly file?: string;
  readonly comment?: string;
  /** What it lets through, for a policy of the network plugin's own kind: pods, addresses and ports; a name is anywhere outside. */
  readonly policy?: NetworkPolicy;
}

export interface CompiledChart extends ChartRelease {
  readonly origin: Origin;
}

/** Path in the emitted tree → text. Paths are relative, with `/`. */
export type Tree = ReadonlyMap<string, string>;

/** A value and everything that was found wrong on the way. */
export interface Outcome<T> {
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}
