// A platform in virtual time: embedded clusters, a git source in memory, and questions a test asks of them.

import { BRISK_DELAYS, type StoreEvent } from "../../src/cluster/index.ts";
import { registry } from "../../src/components/index.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import {
  createMemorySource,
  type FollowResult,
  type MemorySource,
} from "../../src/delivery/index.ts";
import {
  parseApiVersion,
  type KindRef,
  type KubeApi,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import {
  bootPlatform,
  type DeliverOptions,
  type EmbeddedTarget,
  type PlatformOptions,
  type RunningPlatform,
} from "../../src/runtime/index.ts";
import { hasCome, parseAccountWait, type AccountWait } from "./account-waits.ts";
import { repositoriesOf, START, type CompiledBlueprint } from "./compiled-blueprint.ts";

export interface VirtualPlatform {
  readonly clock: VirtualClock;
  readonly git: MemorySource;
  readonly platform: RunningPlatform;
  /** The hub's. */
  readonly api: KubeApi;
  /** What controllers have failed with so far, as they reported it. */
  errors(): readonly string[];
  stop(): void;
}

const INJECTOR_AWAY = /failed calling webhook ".*injector.*no endpoints available/;

export async function bootVirtually(
  { compiled, targets, sealingKeys, secretValues }: CompiledBlueprint,
  seed: string,
  more: Pick<PlatformOptions, "imageTags"> = {},
): Promise<VirtualPlatform> {
  const clock = createVirtualClock(START);
  const git = createMemorySource();
  for (const repository of repositoriesOf(targets)) git.push(repository, compiled.tree);
  const errors: string[] = [];
  const waiting: AccountWait[] = [];
  const platform = await bootPlatform({
    targets,
    registry,
    clock,
    rng: createRng(seed),
    git,
    sealingKeys,
    secretValues,
    stageDelays: BRISK_DELAYS,
    ...more,
    onError: (controller, key, error) => {
      // Pods that ask for a mesh's proxy or an agent wait for its injector, and their controllers try again.
      if (INJECTOR_AWAY.test(String(error))) return;
      const said = `${controller} ${key}: ${String(error)}`;
      const wait = parseAccountWait(said);
      if (wait === undefined) errors.push(said);
      else waiting.push(wait);
    },
  });
  return {
    clock,
    git,
    platform,
    api: platform.hub.cluster.api,
    errors() {
      return [
        ...errors,
        ...waiting.filter((one) => !hasCome(one, platform.targets)).map(({ said }) => said),
      ];
    },
    stop: () => platform.stop(),
  };
}

/** Bootstraps and waits, in virtual time, until everything is delivered. */
export async function deliverAll(
  { clock, platform }: VirtualPlatform,
  expected: number,
  options: Omit<DeliverOptions, "expected"> = { timeoutMs: 120_000 },
): Promise<FollowResult> {
  let result: FollowResult | undefined;
  let failure: unknown;
  void platform.deliver({ expected, ...options }).then(
    (value) => (result = value),
    (error: unknown) => (failure = error),
  );
  await clock.runUntil(() => result !== undefined || failure !== undefined, { withinMs: 600_000 });
  if (result === undefined) throw failure;
  return result;
}

const APPLICATION: KindRef = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };

export interface SeenApplication {
  readonly sync: string | undefined;
  readonly health: string | undefined;
}

export async function applicationsOf(api: KubeApi): Promise<Map<string, SeenApplication>> {
  const { items } = await api.list(APPLICATION, { namespace: "argocd" });
  return new Map(
    items.map(({ metadata, status }) => {
      // The shape Argo CD's definition gives it.
      const seen = status as
        | { sync?: { status?: string }; health?: { status?: string } }
        | undefined;
      return [metadata.name, { sync: seen?.sync?.status, health: seen?.health?.status }];
    }),
  );
}

/** Names of those that are not both Synced and Healthy. */
export async function unwellApplications(api: KubeApi): Promise<string[]> {
  const seen = await applicationsOf(api);
  return [...seen]
    .filter(([, { sync, health }]) => sync !== "Synced" || health !== "Healthy")
    .map(([name, { sync, health }]) => `${name} ${sync} ${health}`);
}

export interface PodSummary extends KubernetesObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly image: string }[];
  };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export async function podsOf(api: KubeApi, namespace?: string): Promise<readonly PodSummary[]> {
  const { items } = await api.list({ apiVersion: "v1", kind: "Pod" }, { namespace });
  // Pods of the API have both parts.
  return items as readonly PodSummary[];
}

/** Neither ready nor done. */
export function isStuck({ metadata, status }: PodSummary): boolean {
  if (metadata.deletionTimestamp !== undefined) return true;
  if (status.phase === "Succeeded") return false;
  return !status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True");
}

/** Every object of a cluster: `kind namespace/name` → resource version. */
export async function resourceVersions({ cluster }: EmbeddedTarget): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const { apiVersion, kind, verbs } of await cluster.api.discovery()) {
    if (!verbs.includes("list")) continue;
    for (const { metadata } of (await cluster.api.list({ apiVersion, kind })).items)
      versions.set(
        `${kind} ${metadata.namespace ?? ""}/${metadata.name}`,
        metadata.resourceVersion ?? "",
      );
  }
  return versions;
}

/** Every write since the beginning, in order: what was done to which object, and all it held afterwards, times included. */
export async function historyOf({ clock, platform }: VirtualPlatform): Promise<string[]> {
  const { api, context } = platform.hub.cluster;
  const events: StoreEvent[] = [];
  const watches = (await api.discovery()).map(({ apiVersion, resource }) =>
    context.store.watch(
      { resource: `${parseApiVersion(apiVersion).group}/${resource}`, after: 0 },
      (batch) => void events.push(...batch),
    ),
  );
  await clock.settle();
  watches.forEach((watch) => watch.stop());
  return events
    .toSorted((a, b) => a.revision - b.revision)
    .map(({ revision, type, object }) => `${revision} ${type} ${JSON.stringify(object)}`);
}

/** Moves time in small steps until the condition holds; returns how long it took. */
export async function eventually(
  { clock }: VirtualPlatform,
  condition: () => Promise<boolean>,
  withinMs: number,
): Promise<number> {
  const started = clock.now();
  while (!(await condition())) {
    if (clock.now() - started >= withinMs) throw new Error(`not within ${withinMs} virtual ms`);
    await clock.advanceBy(STEP_MS);
  }
  return clock.now() - started;
}

/** The tick of simulated pods. */
const STEP_MS = 100;
