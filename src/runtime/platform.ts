// A whole platform in one process: every target an embedded cluster, all on one clock, delivered from git by the engine of
// the hub. One environment is its own hub; several can share one, as clusters registered in one Argo CD do.

import type { StageDelays, VolumeDelay } from "../cluster/index.ts";
import type { Clock, Rng } from "../core/index.ts";
import {
  bootstrap,
  followApplications,
  type ApplicationState,
  type BootstrapSet,
  type FollowResult,
} from "../delivery/index.ts";
import type { KubeApi, KubernetesObject } from "../kubernetes/index.ts";
import type { GitSource, Registry } from "../model/index.ts";
import {
  bootTarget,
  startBehaviours,
  type EmbeddedTarget,
  type RunningBehaviours,
  type RuntimeTarget,
} from "./embedded-target.ts";
import type { LocalOptions } from "./local/prepare-local.ts";
import { registerCluster } from "./registration.ts";
import { sealingKeySecret, type SealingKeyPair } from "./sealing-key.ts";
import type { IngressBackend } from "./ingress/endpoint-choice.ts";

export interface PlatformOptions {
  /** The hub first: its engine delivers to all. */
  readonly targets: readonly RuntimeTarget[];
  readonly registry: Registry;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly git: GitSource;
  /** Environment → the key pair its sealed values were made for. */
  readonly sealingKeys: ReadonlyMap<string, SealingKeyPair>;
  readonly rootCa?: string;
  /** How long simulated pods take from stage to stage, and volumes to appear. */
  readonly stageDelays?: Partial<StageDelays>;
  readonly volumeDelay?: VolumeDelay;
  /** How apps with a `dev` and the systems they need run as processes. Default: everything is simulated. */
  readonly local?: LocalOptions;
  readonly onError?: (controller: string, key: string, error: unknown) => void;
}

export interface DeliverOptions {
  readonly expected: number;
  readonly timeoutMs: number;
  readonly onProgress?: (applications: readonly ApplicationState[]) => void;
  readonly signal?: AbortSignal;
}

export interface RunningPlatform {
  readonly hub: EmbeddedTarget;
  readonly targets: readonly EmbeddedTarget[];
  readonly ingress: readonly IngressBackend[];
  /** Bootstraps every cluster and waits until the engine has delivered everything. */
  deliver(options: DeliverOptions): Promise<FollowResult>;
  /** Resolves when no process runs any more. */
  stop(): Promise<void>;
}

/** Name of the slot whose component delivers. */
const DELIVERY_SLOT = "delivery";
const ENGINE_NAMESPACE = "argocd";

export async function bootPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const targets = await Promise.all(options.targets.map((target) => bootTarget(target, options)));
  const [hub] = targets;
  if (hub === undefined) throw new Error("a platform without targets has nothing to boot");
  const servers = new Map(targets.map((embedded) => [serverOf(embedded), embedded.cluster.api]));
  const wiring = {
    ...options,
    connect: (server: string): KubeApi | undefined => servers.get(server),
  };
  const behaviours = targets.map((embedded) =>
    startBehaviours(
      embedded,
      wiring,
      embedded === hub ? new Set() : new Set([engineOf(embedded) ?? ""]),
    ),
  );
  return {
    hub,
    targets,
    ingress: targets.flatMap((embedded, index) => ingressOf(embedded, behaviours[index])),
    deliver: (deliver) => deliverAll(hub, targets, options, deliver),
    async stop() {
      behaviours.forEach((running) => running.stop());
      await Promise.all(targets.map((embedded) => embedded.stop()));
    },
  };
}

/** The address a cluster is registered under; packets never go there, the runtime connects in process. */
const serverOf = ({ target }: EmbeddedTarget): string =>
  `https://${target.cluster.target}.embedded.keelson.dev`;

const engineOf = ({ target }: EmbeddedTarget): string | undefined =>
  target.cluster.slots.find(({ slot }) => slot === DELIVERY_SLOT)?.component;

function ingressOf(
  { informers, local }: EmbeddedTarget,
  behaviours: RunningBehaviours | undefined,
): IngressBackend[] {
  return (behaviours?.routes ?? []).map((routes) => ({
    routes,
    services: informers.informer({ apiVersion: "v1", kind: "Service" }),
    slices: informers.informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
    pods: informers.informer({ apiVersion: "v1", kind: "Pod" }),
    ...(local === undefined ? {} : { reach: local.network.reach }),
  }));
}

async function deliverAll(
  hub: EmbeddedTarget,
  targets: readonly EmbeddedTarget[],
  options: PlatformOptions,
  deliver: DeliverOptions,
): Promise<FollowResult> {
  const { clock, sealingKeys } = options;
  for (const embedded of targets) {
    const { api } = embedded.cluster;
    const key = sealingKeys.get(embedded.target.cluster.environment);
    if (key !== undefined) await api.create(sealingKeySecret(key));
    await bootstrap(api, bootstrapSet(embedded, embedded === hub), {
      clock,
      timeoutMs: deliver.timeoutMs,
      signal: deliver.signal,
    });
    if (embedded !== hub)
      await registerCluster(hub.cluster.api, embedded.target.cluster, serverOf(embedded));
  }
  return followApplications(hub.cluster.api, { ...deliver, clock, namespace: ENGINE_NAMESPACE });
}

/** Only the hub gets the engine and its root objects; the others only what must be there before anything is synced. */
function bootstrapSet(embedded: EmbeddedTarget, isHub: boolean): BootstrapSet {
  const { target, definitions, charts } = embedded;
  const namespaces = target.objects
    .map(({ object }) => object)
    .filter(({ kind }) => kind === "Namespace");
  const engine = target.charts.find(({ origin }) => origin.component === engineOf(embedded));
  const rendered = engine && charts.render(engine.repository, engine.chart, engine.version, engine);
  return {
    definitions,
    namespaces,
    engine: isHub ? (rendered ?? []) : [],
    root: isHub ? rootObjects(target) : [],
  };
}

/** The project and the root Application; the sets it syncs come from git like everything else. */
function rootObjects({ objects }: RuntimeTarget): KubernetesObject[] {
  const kinds = new Set(["AppProject", "Application"]);
  return objects
    .filter(({ area, object }) => area === "infrastructure/bootstrap" && kinds.has(object.kind))
    .map(({ object }) => object);
}
