// The one way to a cluster, embedded or real. Everything above speaks only this.

import type { KindRef } from "./gvk.ts";
import type { KubernetesObject, ObjectRef } from "./object.ts";
import type { Status } from "./status.ts";

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  /** `app=web,tier in (a,b)`. */
  readonly labelSelector?: string | undefined;
  /** `metadata.name=web`. */
  readonly fieldSelector?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: "Exact" | "NotOlderThan" | undefined;
}

export interface ObjectList {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
  readonly continue?: string;
}

export interface WatchOptions extends Omit<ListOptions, "limit" | "continue"> {
  readonly allowBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
}

export type WatchEvent =
  | {
      readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
      readonly object: KubernetesObject;
    }
  | { readonly type: "ERROR"; readonly object: Status };

export interface Watch {
  /** Resolves when the stream ends, by `stop`, by the server, or after an ERROR event. */
  readonly done: Promise<void>;
  stop(): void;
}

export interface WriteOptions {
  /** Who owns the fields written; at most 128 characters. */
  readonly fieldManager?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore" | undefined;
  readonly subresource?: string | undefined;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Takes fields over from other managers instead of answering 409. */
  readonly force?: boolean | undefined;
}

export interface DeleteOptions {
  readonly propagationPolicy?: "Foreground" | "Background" | "Orphan" | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly dryRun?: boolean | undefined;
}

export type Patch =
  | { readonly type: "json"; readonly operations: readonly unknown[] }
  | { readonly type: "merge" | "strategic"; readonly body: unknown };

/** One served resource, as discovery lists it. */
export interface DiscoveredResource extends KindRef {
  readonly resource: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
}

/**
 * Every method rejects with `StatusError` when the server refuses. Objects handed out are shared:
 * read them, never change them.
 */
export interface KubeApi {
  get(ref: ObjectRef, options?: { readonly subresource?: string }): Promise<KubernetesObject>;
  list(kind: KindRef, options?: ListOptions): Promise<ObjectList>;
  /** Calls `onEvent` in revision order until the watch is stopped. */
  watch(kind: KindRef, options: WatchOptions, onEvent: (event: WatchEvent) => void): Watch;
  create(object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>;
  update(object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>;
  patch(ref: ObjectRef, patch: Patch, options?: WriteOptions): Promise<KubernetesObject>;
  /** Server-side apply: creates when absent. */
  apply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject>;
  /** The terminating object, or undefined when it is gone already. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<KubernetesObject | undefined>;
  discovery(): Promise<readonly DiscoveredResource[]>;
}
