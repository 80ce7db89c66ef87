// The parts of Flux's own resources that the behaviour reads. Mirrors source/v1, kustomize/v1 and helm/v2 at v2.8.

import { parseDuration } from "../../../../core/index.ts";
import type { Condition, KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";

const SOURCE = "source.toolkit.fluxcd.io/v1";
export const GIT_REPOSITORY: KindRef = { apiVersion: SOURCE, kind: "GitRepository" };
export const HELM_REPOSITORY: KindRef = { apiVersion: SOURCE, kind: "HelmRepository" };
export const OCI_REPOSITORY: KindRef = { apiVersion: SOURCE, kind: "OCIRepository" };
export const KUSTOMIZATION: KindRef = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
};
export const HELM_RELEASE: KindRef = {
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
};

/** Changing its value asks for a look now; `flux reconcile` sets it. */
export const REQUESTED_AT = "reconcile.fluxcd.io/requestedAt";
/** Keeps an object until what it brought is gone. */
export const FINALIZER = "finalizers.fluxcd.io";

export interface FluxStatus {
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
  readonly lastHandledReconcileAt?: string;
  readonly lastAppliedRevision?: string;
  readonly inventory?: { readonly entries: readonly InventoryEntry[] };
  /** Of a HelmRelease, newest first. */
  readonly history?: readonly { readonly version: number }[];
}

/** `<namespace>_<name>_<group>_<kind>` and the version. */
export interface InventoryEntry {
  readonly id: string;
  readonly v: string;
}

interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Reconciled extends KubernetesObject {
  readonly status?: FluxStatus;
}

interface Timing {
  readonly interval: string;
  readonly timeout?: string;
  readonly suspend?: boolean;
  readonly dependsOn?: readonly { readonly name: string; readonly namespace?: string }[];
}

export interface Source extends KubernetesObject {
  readonly spec: {
    readonly url: string;
    readonly interval: string;
    readonly suspend?: boolean;
    readonly ref?: { readonly branch?: string; readonly tag?: string; readonly commit?: string };
  };
  readonly status?: FluxStatus & { readonly artifact?: { readonly revision: string } };
}

export interface Kustomization extends Reconciled {
  readonly spec: Timing & {
    readonly path?: string;
    readonly prune: boolean;
    readonly wait?: boolean;
    readonly retryInterval?: string;
    readonly sourceRef: Reference;
    readonly patches?: readonly unknown[];
  };
}

export interface HelmRelease extends Reconciled {
  readonly spec: Timing & {
    readonly releaseName?: string;
    readonly targetNamespace?: string;
    readonly storageNamespace?: string;
    readonly values?: Readonly<Record<string, unknown>>;
    readonly chartRef?: Reference;
    readonly chart?: {
      readonly spec: {
        readonly chart: string;
        readonly version?: string;
        readonly sourceRef: Reference;
        readonly valuesFiles?: readonly string[];
      };
    };
    readonly driftDetection?: { readonly mode?: "enabled" | "warn" | "disabled" };
    readonly install?: { readonly strategy?: { readonly retryInterval?: string } };
  };
}

/** Durations of specs are checked by their schema. */
export const durationMs = (text: string | undefined, fallbackMs: number): number =>
  (text === undefined ? undefined : parseDuration(text)) ?? fallbackMs;

export function readyOf({ status }: Reconciled): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

/** Ready for the spec as it is now. */
export function isReady(object: Reconciled): boolean {
  const { generation } = object.metadata;
  return readyOf(object)?.status === "True" && object.status?.observedGeneration === generation;
}

/** `main@sha1:<commit>` → the commit. */
export const commitOf = (revision: string): string => revision.slice(revision.indexOf(":") + 1);

export const keyOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ""}/${metadata.name}`;

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
