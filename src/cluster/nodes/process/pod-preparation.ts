// Everything a pod needs on this machine before its containers start: what it refers to, its tokens, its volumes; and how each
// container is started then.

import { availableParallelism, totalmem } from "node:os";

import type {
  Container,
  ControllerContext,
  Pod,
  TypedInformer,
} from "../../../kubernetes/index.ts";
import type { ConfigMap, Secret } from "../../controllers/namespace-kinds.ts";
import { findMissing } from "../pod-references.ts";
import type { MissingReference } from "../pod-references.ts";
import { commandIn, containerLaunch } from "./container-launch.ts";
import type { Launch } from "./container-process.ts";
import type { ProcessAgentOptions } from "./local-process.ts";
import { makeSharedFolders, podFolders } from "./pod-folders.ts";
import { linkMounts, prepareVolumes, VolumeError } from "./pod-volumes.ts";
import type { VolumeWriter } from "./pod-volumes.ts";
import type { Preparation } from "./pod-worker.ts";
import { createPodTokens } from "./service-account-tokens.ts";
import { serviceLinks } from "./service-links.ts";
import type { LinkedService } from "./service-links.ts";

export interface PreparationOptions {
  readonly options: ProcessAgentOptions;
  readonly informers: {
    readonly secrets: TypedInformer<Secret>;
    readonly configMaps: TypedInformer<ConfigMap>;
    readonly services: TypedInformer<LinkedService>;
  };
  hostIP(pod: Pod): string;
  readonly podIP: string;
}

export interface PodPreparation {
  prepare(pod: Pod): Promise<Preparation>;
  launch(pod: Pod, container: Container, run: string): Launch;
  commandIn(launch: Launch, pod: Pod, container: Container, command: readonly string[]): Launch;
}

export function createPodPreparation(
  { api, clock }: ControllerContext,
  { options, informers, hostIP, podIP }: PreparationOptions,
): PodPreparation {
  const { secrets, configMaps, services } = informers;
  const tokens = createPodTokens(api, clock);
  let version = 0;
  const inputsOf = (pod: Pod) => {
    const { namespace = "default" } = pod.metadata;
    return {
      pod,
      network: { podIP, hostIP: hostIP(pod) },
      machine: { cpu: availableParallelism(), memory: totalmem() },
      secret: (name: string) => secrets.get(name, namespace),
      configMap: (name: string) => configMaps.get(name, namespace),
      localise: (value: string) => options.network.localise(value, pod),
      token: tokens.get,
    };
  };
  const writerOf = (pod: Pod): VolumeWriter => ({
    folders: podFolders(options.folder, pod),
    owner: ownerOf(pod, options),
    version: () => `${clock.now()}_${(version += 1)}`,
  });
  return {
    async prepare(pod) {
      const { initContainers = [], containers } = pod.spec;
      const missing = findMissing(pod, [...initContainers, ...containers], informers);
      if (missing !== undefined) return blockedBy(missing);
      makeSharedFolders(options.folder, pod.metadata.namespace);
      const againAt = await tokens.refresh(pod);
      try {
        prepareVolumes(inputsOf(pod), writerOf(pod));
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error;
        return blockedByMount(error.message);
      }
      return { outcome: "ready", againAt };
    },
    launch(pod, container, run) {
      const folders = podFolders(options.folder, pod);
      const { namespace = "default" } = pod.metadata;
      const enabled = pod.spec.enableServiceLinks !== false;
      const links = serviceLinks(services.list(), { namespace, enabled });
      const root = folders.root(container.name);
      const launch = containerLaunch(options, { ...inputsOf(pod), container, links, root, run });
      linkMounts(pod, container, writerOf(pod), launch.environment);
      return launch;
    },
    commandIn: (launch, pod, container, command) =>
      commandIn(launch, pod, container, command, options),
  };
}

/** Files are for the user of the first container, where this process may give them away. */
function ownerOf(pod: Pod, { find }: ProcessAgentOptions): VolumeWriter["owner"] {
  if (process.getuid?.() !== 0) return undefined;
  const [first] = pod.spec.containers;
  return first && find(pod, first)?.user;
}

function blockedBy({ outcome, message }: MissingReference): Preparation {
  if (outcome === "mount-error") return blockedByMount(message);
  const event = { type: "Warning", reason: "Failed", message: `Error: ${message}` } as const;
  const waiting = { reason: "CreateContainerConfigError", message };
  return { outcome: "blocked", event, waiting };
}

function blockedByMount(message: string): Preparation {
  const event = { type: "Warning", reason: "FailedMount", message } as const;
  return { outcome: "blocked", event, waiting: undefined };
}
