// Argo CD's behaviour on two real embedded APIs under the virtual clock, with a git repository in memory: what its tests start from.

import { builtinControllers } from "../../src/cluster/controllers/index.ts";
import { bootstrap, createCluster, type Cluster } from "../../src/cluster/index.ts";
import { registry } from "../../src/components/index.ts";
import { createRng, createVirtualClock, type VirtualClock } from "../../src/core/index.ts";
import { createMemorySource, type MemorySource } from "../../src/delivery/index.ts";
import {
  createInformerSet,
  crdObjects,
  runControllers,
  statusError,
  type KubeApi,
  type KubernetesObject,
} from "../../src/kubernetes/index.ts";
import type { AnySlotFiller, BehaviourContext } from "../../src/model/index.ts";

export const URL = "https://git.example.com/platform";
const START = Date.UTC(2026, 0, 1);
export const APPLICATION = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" } as const;

// The registry holds Argo CD as a slot filler.
const argocd = registry.components.find(({ name }) => name === "argocd") as AnySlotFiller;

export interface World {
  /** Whether the second cluster can be reached. */
  link: { up: boolean };
  readonly clock: VirtualClock;
  readonly git: MemorySource;
  readonly hub: Cluster;
  readonly other: Cluster;
  stop(): void;
}

async function cluster(name: string, clock: VirtualClock): Promise<Cluster> {
  const made = createCluster({ name, clock, rng: createRng(name) });
  await bootstrap(made);
  for (const namespace of ["argocd", "shop"]) {
    await made.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  }
  return made;
}

export async function createWorld(): Promise<World> {
  const clock = createVirtualClock(START);
  const git = createMemorySource();
  const [hub, other] = [await cluster("hub", clock), await cluster("other", clock)];
  for (const facts of (await argocd.crds?.()) ?? []) {
    for (const definition of crdObjects(facts)) await hub.api.create(definition);
  }
  const link = { up: true };
  const reached = overLink(other.api, link);
  const behaviour = await argocd.behaviour?.();
  const informers = createInformerSet({ api: hub.api, clock, rng: createRng("informers") });
  const context: BehaviourContext = {
    api: hub.api,
    informer: informers.informer,
    clock,
    rng: createRng("argocd"),
    git,
    charts: { render: () => undefined },
    connect: (server) => (server === "https://other" ? reached : undefined),
  };
  const running = runControllers(behaviour?.controllers?.(context) ?? [], {
    api: hub.api,
    clock,
    rng: createRng("run"),
    informers,
  });
  const builtin = [hub, other].map(({ api, name }) =>
    runControllers(builtinControllers(), { api, clock, rng: createRng(name) }),
  );
  for (const controllers of [running, ...builtin]) controllers.start();
  return {
    link,
    clock,
    git,
    hub,
    other,
    stop: () => [running, ...builtin].forEach((controllers) => controllers.stop()),
  };
}

/** Every call fails while the link is down, as a connection that nobody answers does. */
function overLink(api: KubeApi, link: World["link"]): KubeApi {
  return new Proxy(api, {
    get(target, name: keyof KubeApi) {
      const call = target[name] as (...args: readonly unknown[]) => unknown;
      return (...args: readonly unknown[]) => {
        if (link.up || name === "watch") return call.apply(target, [...args]);
        return Promise.reject(statusError("ServiceUnavailable", "no route to host"));
      };
    },
  });
}

export const registration = (name: string, server: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: {
    name: `cluster-${name}`,
    namespace: "argocd",
    labels: { "argocd.argoproj.io/secret-type": "cluster", platform: "harbour", target: name },
  },
  stringData: { name, server, config: "{}" },
});
