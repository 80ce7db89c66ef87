// cert-manager.io/v1 as the behaviour reads it, and the condition both kinds report.

import { formatInstant } from "../../../../core/index.ts";
import type { ControllerContext, KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";

export const CLUSTER_ISSUER: KindRef = { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer" };
export const CERTIFICATE: KindRef = { apiVersion: "cert-manager.io/v1", kind: "Certificate" };
export const SECRET: KindRef = { apiVersion: "v1", kind: "Secret" };
/** Where ClusterIssuers keep their Secrets (`--cluster-resource-namespace`). */
export const ISSUER_NAMESPACE = "cert-manager";
export const MANAGER = "cert-manager-certificates-issuing";

export interface ReadyCondition {
  readonly type: "Ready";
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

export interface ClusterIssuer extends KubernetesObject {
  readonly spec: {
    readonly selfSigned?: object;
    readonly ca?: { readonly secretName: string };
    readonly acme?: { readonly server: string };
  };
  readonly status?: { readonly conditions?: readonly ReadyCondition[] };
}

export interface Certificate extends KubernetesObject {
  readonly spec: {
    readonly secretName: string;
    readonly isCA?: boolean;
    readonly commonName?: string;
    readonly dnsNames?: readonly string[];
    readonly duration?: string;
    readonly renewBefore?: string;
    readonly issuerRef: { readonly name: string; readonly kind?: string };
  };
  readonly status?: { readonly conditions?: readonly ReadyCondition[]; readonly revision?: number };
}

export function readyOf(
  status: { readonly conditions?: readonly ReadyCondition[] } | undefined,
): ReadyCondition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

type Readiness = Pick<ReadyCondition, "status" | "reason" | "message">;

/** Writes `Ready` and what else is to be said, unless that is there already. */
export async function writeReady(
  { api, clock }: ControllerContext,
  object: ClusterIssuer | Certificate,
  readiness: Readiness,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const old = readyOf(object.status);
  const { generation } = object.metadata;
  const same = (["status", "reason", "message"] as const).every(
    (key) => old?.[key] === readiness[key],
  );
  if (same && old?.observedGeneration === generation) return;
  const now = formatInstant(clock.now());
  const since = old?.status === readiness.status ? old.lastTransitionTime : undefined;
  const condition = {
    type: "Ready",
    ...readiness,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastTransitionTime: since ?? now,
  };
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const body = { status: { conditions: [condition], ...more } };
  await api.patch(ref, { type: "merge", body }, { subresource: "status", fieldManager: MANAGER });
}
