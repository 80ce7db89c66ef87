// A whole platform in one process: every target an embedded cluster, all on one clock, each delivered to in the way its
// definition chose. Several can share an engine, as clusters registered in one Argo CD do.

import type { CertificateSigner, StageDelays, VolumeDelay } from "../cluster/index.ts";
import type { Clock, Rng } from "../core/index.ts";
import type { FollowResult } from "../delivery/index.ts";
import type { KubeApi } from "../kubernetes/index.ts";
import type { BehaviourContext, GitSource, Registry } from "../model/index.ts";
import {
  bootTarget,
  startBehaviours,
  type EmbeddedTarget,
  type RunningBehaviours,
  type RuntimeTarget,
  type RunningLocal,
} from "./embedded-target.ts";
import type { LocalOptions } from "./local/prepare-local.ts";
import {
  deliverAll,
  expectedReports,
  serverOf,
  servedTargets,
  type DeliverOptions,
} from "./deliver.ts";
import type { SealingKeyPair } from "./sealing-key.ts";
import type { StoredValues } from "./secret-store.ts";
import type { IngressBackend } from "./ingress/endpoint-choice.ts";

export interface PlatformOptions {
  /** The first is where a shared engine runs. */
  readonly targets: readonly RuntimeTarget[];
  readonly registry: Registry;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly git: GitSource;
  /** Environment → the key pair its sealed values were made for. */
  readonly sealingKeys: ReadonlyMap<string, SealingKeyPair>;
  /** Environment → what its secrets hold, by id and key: stores outside the clusters answer with it. Default: they are empty. */
  readonly secretValues?: ReadonlyMap<string, StoredValues>;
  /** Tags of images, for what writes them into git. Default: no registry is asked. */
  readonly imageTags?: BehaviourContext["imageTags"];
  readonly rootCa?: string;
  /** Issues the certificates that are asked for through the API of a cluster. */
  readonly signCertificate?: CertificateSigner;
  /** How long simulated pods take from stage to stage, and volumes to appear. */
  readonly stageDelays?: Partial<StageDelays>;
  readonly volumeDelay?: VolumeDelay;
  /** How apps with a `dev` and the systems they need run as processes. Default: everything is simulated. */
  readonly local?: LocalOptions;
  readonly onError?: (controller: string, key: string, error: unknown) => void;
}

export interface RunningPlatform {
  readonly hub: EmbeddedTarget;
  readonly targets: readonly EmbeddedTarget[];
  readonly ingress: readonly IngressBackend[];
  /** How many reports of delivery there will be. */
  readonly expected: number;
  /** Bootstraps every cluster and waits until everything is delivered. */
  deliver(options: DeliverOptions): Promise<FollowResult>;
  /** Resolves when no process runs any more. */
  stop(): Promise<void>;
}

export async function bootPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const targets = await Promise.all(options.targets.map((target) => bootTarget(target, options)));
  const [hub] = targets;
  if (hub === undefined) throw new Error("a platform without targets has nothing to boot");
  const servers = new Map(targets.map((embedded) => [serverOf(embedded), embedded.cluster.api]));
  const wiring = {
    ...options,
    connect: (server: string): KubeApi | undefined => servers.get(server),
    chartsAt: (server: string) => targets.find((one) => serverOf(one) === server)?.charts,
  };
  const served = servedTargets(targets);
  // Only where an engine runs it acts; elsewhere its pods stand idle.
  const behaviours = served.map(({ embedded, engine, hub: runsOn }) =>
    startBehaviours(
      embedded,
      wiring,
      new Set(engine === undefined || runsOn === embedded ? [] : [engine.name]),
    ),
  );
  return {
    hub,
    targets,
    ingress: targets.flatMap((embedded, index) => ingressOf(embedded, behaviours[index])),
    expected: expectedReports(served),
    deliver: (deliver) => deliverAll(served, options, deliver),
    async stop() {
      behaviours.forEach((running) => running.stop());
      await Promise.all(targets.map((embedded) => embedded.stop()));
    },
  };
}

function ingressOf(
  { informers, local }: EmbeddedTarget,
  behaviours: RunningBehaviours | undefined,
): IngressBackend[] {
  return (behaviours?.routes ?? []).map((routes) => ({
    routes,
    answers: behaviours?.answers ?? [],
    services: informers.informer({ apiVersion: "v1", kind: "Service" }),
    slices: informers.informer({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" }),
    pods: informers.informer({ apiVersion: "v1", kind: "Pod" }),
    ...(local === undefined ? {} : { reach: reachOf(local) }),
  }));
}

/** An ingress that is a proxy of the mesh has an identity of its own. */
function reachOf({ mesh, network }: RunningLocal): NonNullable<IngressBackend["reach"]> {
  return (address, port) => mesh?.reachFromGateway(address, port) ?? network.reach(address, port);
}
