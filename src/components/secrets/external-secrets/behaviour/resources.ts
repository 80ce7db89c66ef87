// external-secrets.io/v1 as the behaviour reads it, and the condition both kinds report. Fields: external-secrets
// apis/externalsecrets/v1/{externalsecret,secretstore}_types.go 2.9.0.

import { formatInstant } from "../../../../core/index.ts";
import type { ControllerContext, KindRef, KubernetesObject } from "../../../../kubernetes/index.ts";

const API = "external-secrets.io/v1";
export const CLUSTER_STORE: KindRef = { apiVersion: API, kind: "ClusterSecretStore" };
export const EXTERNAL_SECRET: KindRef = { apiVersion: API, kind: "ExternalSecret" };
export const SECRET: KindRef = { apiVersion: "v1", kind: "Secret" };
export const MANAGER = "external-secrets";

/** `baseDelay` and `maxDelay` of the operator's rate limiter (pkg/controllers/common/common.go). */
const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 7 * 60_000;

export interface Condition {
  readonly type: "Ready";
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime?: string;
}

export type Readiness = Omit<Condition, "type" | "lastTransitionTime">;

export interface ClusterStore extends KubernetesObject {
  readonly spec: { readonly provider: { readonly vault?: { readonly server: string } } };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface ExternalSecret extends KubernetesObject {
  readonly spec: {
    readonly refreshInterval?: string;
    readonly secretStoreRef?: { readonly name: string; readonly kind?: string };
    readonly target?: {
      readonly name?: string;
      readonly template?: {
        readonly type?: string;
        readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      };
    };
    readonly data?: readonly {
      readonly secretKey: string;
      readonly remoteRef: { readonly key: string; readonly property?: string };
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly refreshTime?: string;
    readonly syncedResourceVersion?: string;
  };
}

export function readyOf({ status }: ClusterStore | ExternalSecret): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

/** Doubled with every failure in a row. */
export const retryAfterMs = (failures: number): number =>
  Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** failures);

/** Writes `Ready` and what else is to be said, unless that is there already. */
export async function writeReady(
  { api, clock }: ControllerContext,
  object: ClusterStore | ExternalSecret,
  readiness: Readiness,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const old = readyOf(object);
  const same = (["status", "reason", "message"] as const).every(
    (key) => old?.[key] === readiness[key],
  );
  const status: Readonly<Record<string, unknown>> = object.status ?? {};
  if (same && Object.entries(more).every(([key, value]) => isSame(status[key], value))) return;
  const since = old?.status === readiness.status ? old.lastTransitionTime : undefined;
  const condition = {
    type: "Ready",
    ...readiness,
    lastTransitionTime: since ?? formatInstant(clock.now()),
  };
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const ref = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  const body = { status: { ...more, conditions: [condition] } };
  await api.patch(ref, { type: "merge", body }, { subresource: "status", fieldManager: MANAGER });
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
