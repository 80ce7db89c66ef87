// Following Argo CD's Applications until they are what git says and run well.

import type { Clock } from "../core/index.ts";
import {
  healthOf,
  type KindRef,
  type KubeApi,
  type KubernetesObject,
} from "../kubernetes/index.ts";

const APPLICATION: KindRef = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };

export interface ApplicationState {
  readonly name: string;
  readonly sync: string;
  readonly health: string;
  /** Why it is not synced and healthy, in Argo CD's words; empty when it is. */
  readonly message: string;
}

export interface FollowOptions {
  readonly clock: Clock;
  readonly namespace: string;
  /** How many Applications the tree holds; waiting ends no earlier. */
  readonly expected: number;
  readonly timeoutMs: number;
  readonly onProgress?: (applications: readonly ApplicationState[]) => void;
  readonly signal?: AbortSignal;
}

export interface FollowResult {
  readonly outcome: "healthy" | "timed-out" | "interrupted";
  /** Sorted by name. */
  readonly applications: readonly ApplicationState[];
}

/** Resolves once all expected Applications are Synced and Healthy at the same time, or with what is missing. */
export function followApplications(api: KubeApi, options: FollowOptions): Promise<FollowResult> {
  return new Promise((resolve) => {
    const live = new Map<string, KubernetesObject>();
    const end = (outcome: FollowResult["outcome"]): void => {
      watch.stop();
      timer.cancel();
      options.signal?.removeEventListener("abort", interrupt);
      resolve({ outcome, applications: statesOf(live) });
    };
    const interrupt = (): void => end("interrupted");
    const timer = options.clock.setTimer(options.timeoutMs, () => end("timed-out"));
    const watch = api.watch(
      APPLICATION,
      {
        namespace: options.namespace,
        allowBookmarks: true,
        sendInitialEvents: true,
        resourceVersionMatch: "NotOlderThan",
      },
      (event) => {
        if (event.type === "BOOKMARK" || event.type === "ERROR") return;
        if (event.type === "DELETED") live.delete(event.object.metadata.name);
        else live.set(event.object.metadata.name, event.object);
        const states = statesOf(live);
        options.onProgress?.(states);
        if (states.length >= options.expected && states.every(isDelivered)) end("healthy");
      },
    );
    options.signal?.addEventListener("abort", interrupt, { once: true });
    if (options.signal?.aborted === true) interrupt();
  });
}

export const isDelivered = ({ sync, health }: ApplicationState): boolean =>
  sync === "Synced" && health === "Healthy";

function statesOf(live: ReadonlyMap<string, KubernetesObject>): ApplicationState[] {
  return [...live.values()].map(stateOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

interface ApplicationObject extends KubernetesObject {
  readonly status?: {
    readonly sync?: { readonly status?: string };
    readonly health?: { readonly status?: string };
    readonly conditions?: readonly { readonly message: string }[];
    readonly operationState?: { readonly phase?: string; readonly message?: string };
    readonly resources?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly status: string;
      readonly health?: { readonly status?: string; readonly message?: string };
    }[];
  };
}

function stateOf(object: KubernetesObject): ApplicationState {
  const { status } = object as ApplicationObject;
  const state = {
    name: object.metadata.name,
    sync: status?.sync?.status ?? "Unknown",
    health: status?.health?.status ?? "Unknown",
  };
  return {
    ...state,
    message: isDelivered({ ...state, message: "" }) ? "" : messageOf(object as ApplicationObject),
  };
}

function messageOf({ status, ...object }: ApplicationObject): string {
  const [condition] = status?.conditions ?? [];
  if (condition !== undefined) return condition.message;
  if (status?.operationState?.phase === "Failed")
    return status.operationState.message ?? "sync failed";
  const unwell = (status?.resources ?? []).find(
    ({ health, status: sync }) => sync !== "Synced" || (health?.status ?? "Healthy") !== "Healthy",
  );
  if (unwell === undefined) return healthOf({ ...object, status }).message;
  return `${unwell.kind.toLowerCase()}/${unwell.name} ${unwell.status}, ${unwell.health?.status ?? "Healthy"} ${unwell.health?.message ?? ""}`.trim();
}
