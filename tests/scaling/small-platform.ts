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
  type Behaviour,
  type Compiled,
  type CompiledTarget,
  type PlatformDefinition,
} from "../../src/model/index.ts";
import { createMemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  type KubeApi,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import { chartSurfaces, createChartSource } from "../../src/runtime/simulated-chart.ts";
import { nodeSetsOf } from "../../src/runtime/planned-nodes.ts";

export type Platform = PlatformDefinition<ShippedKinds>;

/** A Thursday, midnight. */
export const START = Date.UTC(2026, 0, 1);
export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;

export function compileSmall(definition: Platform, environment: string): CompiledTarget {
  const [target] = compileWhole(definition, environment).targets;
  invariant(target !== undefined, "an environment has a cluster");
  return target;
}

export function compileWhole(definition: Platform, environment: string): Compiled {
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
  invariant(value !== undefined, JSON.stringify([...parsed.diagnostics, ...diagnostics]));
  return value;
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
  /** Whether what stands in for the charts is written, too. */
  readonly charts?: boolean;
  /** Controllers of systems, which act from the beginning, with the definitions of all components. */
  readonly behaviours?: readonly Behaviour[];
  /** Written once their definitions are there. */
  readonly customKinds?: readonly string[];
}

export async function bootSmall(
  target: CompiledTarget,
  options: BootSmall,
): Promise<SmallPlatform> {
  const { kinds, change = (object) => object, start = START } = options;
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
  const write = async (wanted: readonly string[]): Promise<void> => {
    for (const kind of wanted)
      for (const { object } of target.objects.filter((one) => one.object.kind === kind))
        await api.create(change(object));
  };
  await write(kinds);
  if (options.charts === true) for (const object of standInsOf(target)) await api.create(object);
  if (options.behaviours !== undefined) await act(cluster, target.cluster, options.behaviours);
  await write(options.customKinds ?? []);
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

function standInsOf({ cluster, charts, objects }: CompiledTarget): KubernetesObject[] {
  const source = createChartSource(chartSurfaces(cluster, charts, objects), cluster);
  return charts.flatMap((chart) => [
    ...(source.render(chart.repository, chart.chart, chart.version, chart) ?? []),
  ]);
}

async function act(
  { api, clock }: EmbeddedCluster,
  plan: CompiledTarget["cluster"],
  behaviours: readonly Behaviour[],
): Promise<void> {
  const used = new Set([...plan.slots, ...plan.providers].map(({ component }) => component));
  for (const component of registry.components.filter(({ name }) => used.has(name)))
    for (const facts of "crds" in component ? ((await component.crds?.()) ?? []) : [])
      for (const definition of crdObjects(facts))
        await api.apply(definition, { fieldManager: "t" });
  const rng = createRng("behaviours");
  const informers = createInformerSet({ api, clock, rng });
  const context = {
    api,
    informer: informers.informer,
    clock,
    rng,
    git: createMemorySource(),
    charts: { render: () => undefined },
    connect: () => undefined,
  };
  const factories = behaviours.flatMap(({ controllers }) => controllers?.(context) ?? []);
  const onError = (controller: string, key: string, error: unknown): void => {
    throw new Error(`${controller} ${key}: ${String(error)}`);
  };
  runControllers(factories, { api, clock, rng, informers, onError }).start();
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
