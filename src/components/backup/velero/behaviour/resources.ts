// Velero's objects as its controllers read them. Its CRDs have no status subresource: status is part of the object.

import type { ControllerContext, KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";

export const BACKUP: KindRef = { apiVersion: "velero.io/v1", kind: "Backup" };
export const SCHEDULE: KindRef = { apiVersion: "velero.io/v1", kind: "Schedule" };
export const LOCATION: KindRef = { apiVersion: "velero.io/v1", kind: "BackupStorageLocation" };
export const SCHEDULE_LABEL = "velero.io/schedule-name";

export interface Backup extends KubernetesObject {
  readonly spec?: { readonly ttl?: string };
  readonly status?: { readonly phase?: string; readonly expiration?: string };
}

export interface Schedule extends KubernetesObject {
  readonly spec: {
    readonly schedule: string;
    readonly paused?: boolean;
    readonly template: Readonly<Record<string, unknown>>;
  };
  readonly status?: { readonly phase?: string; readonly lastBackup?: string };
}

export interface Location extends KubernetesObject {
  readonly status?: { readonly phase?: string };
}

export function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

export function partsOf(key: string): { readonly namespace: string; readonly name: string } {
  const [namespace = "", name = ""] = key.split("/");
  return { namespace, name };
}

export async function writeStatus(
  { api }: ControllerContext,
  kind: KindRef,
  key: string,
  status: Readonly<Record<string, unknown>>,
): Promise<void> {
  await api.patch({ ...kind, ...partsOf(key) }, { type: "merge", body: { status } });
}
