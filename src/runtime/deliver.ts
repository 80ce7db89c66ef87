// Delivers to every cluster of a platform in the way its definition chose: an engine on one cluster that reaches others, an
// engine on each, or none, and then everything is applied from here.

import {
  bootstrap,
  engineSource,
  followDelivery,
  pushSource,
  type BootstrapSet,
  type DeliverySource,
  type FollowResult,
  type PushedPart,
} from "../delivery/index.ts";
import { groupBy, type Clock } from "../core/index.ts";
import type { KubeApi, KubernetesObject } from "../kubernetes/index.ts";
import {
  BOOTSTRAP_AREA,
  type CompiledObject,
  type DeliveryEngine,
  type DeliveryState,
} from "../model/index.ts";
import type { EmbeddedTarget } from "./embedded-target.ts";
import { sealingKeySecret, type SealingKeyPair } from "./sealing-key.ts";
import type { StoredValues } from "./secret-store.ts";
import { secretsByHand } from "./secrets-by-hand.ts";

export interface DeliverOptions {
  /** How many reports to wait for. Default: one for every folder and chart, and the engines' own. */
  readonly expected?: number;
  readonly timeoutMs: number;
  readonly onProgress?: (states: readonly DeliveryState[]) => void;
  readonly signal?: AbortSignal;
}

export interface DeliverContext {
  readonly clock: Clock;
  /** Environment → the key pair its sealed values were made for. */
  readonly sealingKeys: ReadonlyMap<string, SealingKeyPair>;
  /** Environment → what its secrets hold, by id. */
  readonly secretValues?: ReadonlyMap<string, StoredValues>;
}

/** One cluster and the engine that serves it. */
export interface Served {
  readonly embedded: EmbeddedTarget;
  readonly engine?: DeliveryEngine;
  /** Where the engine runs: here, or on the first cluster that has the same one and can reach others. */
  readonly hub?: EmbeddedTarget;
}

export function servedTargets(targets: readonly EmbeddedTarget[]): Served[] {
  return targets.map((embedded) => {
    const { engine } = embedded.target;
    if (engine === undefined) return { embedded };
    const reaching = targets.find(({ target }) => target.engine?.name === engine.name);
    return { embedded, engine, hub: engine.registration && reaching ? reaching : embedded };
  });
}

/** The address a cluster is registered under; packets never go there, the runtime connects in process. */
export const serverOf = ({ target }: EmbeddedTarget): string =>
  `https://${target.cluster.target}.embedded.keelson.dev`;

/** Bootstraps every cluster and waits until everything is delivered. */
export async function deliverAll(
  served: readonly Served[],
  context: DeliverContext,
  options: DeliverOptions,
): Promise<FollowResult> {
  for (const one of served) await prepare(one, context, options);
  const { expected = expectedReports(served) } = options;
  return followDelivery(sourcesOf(served, context), { ...options, expected, clock: context.clock });
}

/** Field manager of what the runtime writes in a person's place. */
const MANAGER = "keelson-runtime";

async function prepare(
  { embedded, engine, hub }: Served,
  { clock, sealingKeys, secretValues }: DeliverContext,
  { timeoutMs, signal }: DeliverOptions,
): Promise<void> {
  const { api } = embedded.cluster;
  const { cluster } = embedded.target;
  const key = sealingKeys.get(cluster.environment);
  if (key !== undefined) await api.apply(sealingKeySecret(key), { fieldManager: MANAGER });
  const set = bootstrapSet(embedded, hub === embedded ? engine : undefined);
  await bootstrap(api, set, { clock, timeoutMs, signal });
  for (const secret of secretsByHand(cluster, secretValues?.get(cluster.environment) ?? {}))
    await api.apply(secret, { fieldManager: MANAGER });
  if (hub === undefined || hub === embedded) return;
  const registration = engine?.registration?.(cluster, serverOf(embedded));
  if (registration === undefined) return;
  const isShared = hub.target.cluster.environment !== cluster.environment;
  const joining = embedded.target.objects
    .filter(({ area, object }) => area === BOOTSTRAP_AREA && engine?.joins?.(object) === true)
    .map(({ object }) => object);
  for (const object of [...(isShared ? joining : []), registration])
    await hub.cluster.api.apply(object, { fieldManager: MANAGER });
}

/** The engine's own pods live in the one and have the other. */
const FIRST_KINDS: ReadonlySet<string> = new Set(["Namespace", "PriorityClass"]);

/** What must be there before anything is delivered; where the engine runs, the engine and what it starts from. */
function bootstrapSet(embedded: EmbeddedTarget, engine: DeliveryEngine | undefined): BootstrapSet {
  const { objects } = embedded.target;
  const namespaces = objects
    .map(({ object }) => object)
    .filter(({ kind }) => FIRST_KINDS.has(kind));
  const starts = (as: "engine" | "root"): KubernetesObject[] =>
    objects
      .filter(({ area, object }) => area === BOOTSTRAP_AREA && engine?.startsAs(object) === as)
      .map(({ object }) => object);
  return {
    definitions: embedded.definitions,
    namespaces,
    engine: [...engineChart(embedded, engine), ...starts("engine")],
    root: starts("root"),
  };
}

function engineChart(
  { target, charts }: EmbeddedTarget,
  engine: DeliveryEngine | undefined,
): readonly KubernetesObject[] {
  const chart = target.charts.find(({ origin }) => origin.component === engine?.name);
  return chart === undefined ? [] : renderChart(charts, chart);
}

const renderChart = (
  charts: EmbeddedTarget["charts"],
  chart: EmbeddedTarget["target"]["charts"][number],
): readonly KubernetesObject[] =>
  charts.render(chart.repository, chart.chart, chart.version, chart) ?? [];

function sourcesOf(served: readonly Served[], { clock }: DeliverContext): DeliverySource[] {
  return served.flatMap(({ embedded, engine, hub }) => {
    const { api } = embedded.cluster;
    return [
      ...(engine !== undefined && hub === embedded ? [engineSource(api, engine)] : []),
      ...(isPushed(engine) ? [pushed(api, embedded, clock)] : []),
    ];
  });
}

const isPushed = (engine: DeliveryEngine | undefined): boolean => engine?.role !== "deploy";

const pushed = (api: KubeApi, embedded: EmbeddedTarget, clock: Clock): DeliverySource =>
  pushSource(api, partsOf(embedded), { clock });

/** Folders in their order, charts between namespaces and what uses their definitions. */
function partsOf({ target, charts }: EmbeddedTarget): PushedPart[] {
  const suffix = target.cluster.target;
  const folders = [...foldersOf(target.objects)].map(([area, own]) => ({
    name: `${area.slice(area.indexOf("/") + 1)}-${suffix}`,
    wave: waveOf(area, own),
    objects: own.map(({ object }) => object),
  }));
  const releases = target.charts.map((chart) => ({
    name: `chart-${chart.name}-${suffix}`,
    wave: 1,
    objects: renderChart(charts, chart),
  }));
  return [...folders, ...releases];
}

function waveOf(area: string, objects: readonly CompiledObject[]): number {
  if (area.startsWith("apps/")) return 3;
  return objects.some(({ object }) => object.kind === "Namespace") ? 0 : 2;
}

function foldersOf(objects: readonly CompiledObject[]): Map<string, CompiledObject[]> {
  const folders = groupBy(objects, ({ area }) => area as string);
  folders.delete(BOOTSTRAP_AREA);
  return folders;
}

/** One for every folder and chart, from whoever writes and whoever watches, and one for every root. */
export function expectedReports(served: readonly Served[]): number {
  return served.reduce((total, { embedded, engine, hub }) => {
    const { objects, charts } = embedded.target;
    const parts = foldersOf(objects).size + charts.length;
    const watched = engine === undefined ? 0 : parts;
    const roots = engine !== undefined && hub === embedded ? engine.roots : 0;
    return total + watched + roots + (engine?.rootsEach ?? 0) + (isPushed(engine) ? parts : 0);
  }, 0);
}
