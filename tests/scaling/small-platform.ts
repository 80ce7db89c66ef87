// The objects a small definition compiles to, in an embedded cluster of the nodes it plans, on a virtual clock. No engine and no
// behaviours: what is looked at here is what Kubernetes itself makes of them.

import { createEmbeddedCluster, type EmbeddedCluster } from "../../src/cluster/index.ts";
import { compile } from "../../src/compiler/index.ts";
import { registry, type ShippedKinds } from "../../src/components/index.ts";
import {
  createRng,
  createVirtualClock,
  invariant,
  type VirtualClock,
} from "../../src/core/index.ts";
import {
  parseDefinition,
  SHIPPED_CATALOGUE,
  updateLock,
  type CompiledTarget,
  type PlatformDefinition,
} from "../../src/model/index.ts";
import type { KubeApi, KubernetesObject } from "../../src/kubernetes/index.ts";
import { nodeSetsOf } from "../../src/runtime/planned-nodes.ts";

export type Platform = PlatformDefinition<ShippedKinds>;

/** A Thursday, midnight. */
export const START = Date.UTC(2026, 0, 1);
export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;

export function compileSmall(definition: Platform, environment: string): CompiledTarget {
  const parsed = parseDefinition(definition, registry);
  const lock =
    parsed.value && updateLock(parsed.value, SHIPPED_CATALOGUE, undefined, { move: "all" }).value;
  const { value, diagnostics } = compile({
    definition,
    registry,
    lock: lock?.lock,
    sealed: {},
    environments: [environment],
  });
  const [target] = value?.targets ?? [];
  invariant(target !== undefined, JSON.stringify([...parsed.diagnostics, ...diagnostics]));
  return target;
}

export interface SmallPlatform {
  readonly clock: VirtualClock;
  readonly cluster: EmbeddedCluster;
  readonly api: KubeApi;
  readonly target: CompiledTarget;
  /** Names of the pods of a label `app.kubernetes.io/name` that are ready and stay. */
  ready(app: string): Promise<readonly PodView[]>;
  advance(durationMs: number): Promise<void>;
}

/** The parts of a pod these tests look at. */
export interface PodView extends KubernetesObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly priority?: number;
    readonly priorityClassName?: string;
  };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface BootSmall {
  readonly kinds: readonly string[];
  /** Last word on every object before it is written. */
  readonly change?: (object: KubernetesObject) => KubernetesObject;
  readonly start?: number;
}

export async function bootSmall(
  target: CompiledTarget,
  { kinds, change = (object) => object, start = START }: BootSmall,
): Promise<SmallPlatform> {
  const clock = createVirtualClock(start);
  const cluster = createEmbeddedCluster({
    name: "small",
    clock,
    rng: createRng("small"),
    nodes: nodeSetsOf(target.cluster),
    metrics: true,
  });
  await cluster.start();
  const { api } = cluster;
  for (const kind of kinds)
    for (const { object } of target.objects.filter((one) => one.object.kind === kind))
      await api.create(change(object));
  await clock.advanceBy(30 * SECOND_MS);
  return {
    clock,
    cluster,
    api,
    target,
    advance: (durationMs) => clock.advanceBy(durationMs),
    ready: async (app) => (await podsOf(api, app)).filter(isReady),
  };
}

export async function podsOf(api: KubeApi, app?: string): Promise<readonly PodView[]> {
  const { items } = await api.list({ apiVersion: "v1", kind: "Pod" });
  const own: unknown = items.filter(
    ({ metadata }) => app === undefined || metadata.labels?.["app.kubernetes.io/name"] === app,
  );
  // Pods of the API have both parts.
  return own as readonly PodView[];
}

export function isReady({ metadata, status }: PodView): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return (
    status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true
  );
}
