// The kubelet of processes: gives every pod that is to run as processes a worker, and wakes it when something it depends on
// changes. Mirrors pkg/kubelet/kubelet.go (syncLoop).

import { informerOf, isTerminal, isTerminating, NODE, POD } from "../../../kubernetes/index.ts";
import type { Controller, ControllerContext, Pod, PodStatus } from "../../../kubernetes/index.ts";
import { CONFIG_MAP, SECRET } from "../../controllers/namespace-kinds.ts";
import { objectKey, splitKey } from "../../controllers/object-key.ts";
import { isHeard, LEASE, LEASE_NAMESPACE } from "../heartbeat.ts";
import { AGENT, agentOf, PROCESS } from "../node-agent.ts";
import { createPodEvents } from "../pod-events.ts";
import { referencesOf } from "../pod-references.ts";
import { removePod } from "../pod-removal.ts";
import { followClaims } from "./claim-folders.ts";
import { openLogFile } from "./log-file.ts";
import { podFolders, removeFolder, removeForeignFolders } from "./pod-folders.ts";
import { createPodPreparation } from "./pod-preparation.ts";
import { createPodWorker } from "./pod-worker.ts";
import type { PodWorker, WorkerHost } from "./pod-worker.ts";
import { SERVICE } from "./service-links.ts";
import type { ProcessNode } from "./process-node.ts";

/** A worker that is left has this long to end what it runs. */
const ABANDON_MS = 0;
/** The key of no pod: files are looked through. */
const TIDY = "";

export function createProcessKubelet(context: ControllerContext, node: ProcessNode): Controller {
  const { api, clock } = context;
  const { options, workers } = node;
  const pods = informerOf(context, POD);
  const nodes = informerOf(context, NODE);
  const leases = informerOf(context, LEASE);
  const secrets = informerOf(context, SECRET);
  const configMaps = informerOf(context, CONFIG_MAP);
  const informers = { secrets, configMaps, services: informerOf(context, SERVICE) };
  const { tell } = createPodEvents(context, "all");
  let wake = (_key: string): void => undefined;

  const nodeOf = (pod: Pod) => {
    const found = nodes.get(pod.spec.nodeName ?? "");
    if (found === undefined || agentOf(found) === undefined) return undefined;
    return isHeard(leases.get(found.metadata.name, LEASE_NAMESPACE)) ? found : undefined;
  };
  const hostIPOf = (pod: Pod): string =>
    nodes.get(pod.spec.nodeName ?? "")?.status?.addresses?.find(({ type }) => type === "InternalIP")
      ?.address ?? "";
  const write = async (pod: Pod, status: PodStatus): Promise<void> => {
    const annotations = { ...pod.metadata.annotations, [AGENT]: PROCESS };
    await api.update(
      { ...pod, metadata: { ...pod.metadata, annotations }, status },
      { subresource: "status" },
    );
  };
  const createWorker = (pod: Pod): PodWorker => {
    const current = (): Pod => workers.get(pod.metadata.uid ?? "")?.pod ?? pod;
    const podIP = options.network.assignAddress(pod);
    const preparation = createPodPreparation(context, {
      options,
      informers,
      hostIP: hostIPOf,
      podIP,
    });
    const folders = podFolders(options.folder, pod);
    const host: WorkerHost = {
      clock,
      hostIP: () => hostIPOf(pod),
      podIP: () => podIP,
      reach: options.network.reach,
      prepare: preparation.prepare,
      launch: (container, run) => preparation.launch(current(), container, run),
      commandIn: (launch, container, command) =>
        preparation.commandIn(launch, current(), container, command),
      openLog: (container, attempt) => {
        const log = openLogFile(folders.log(container, attempt), clock);
        log.onLine(({ at, text }) => options.onLogLine?.({ pod: current(), container, at, text }));
        return log;
      },
      runName: (container, attempt) =>
        `${options.folder}#${pod.metadata.uid}/${container}/${attempt}`,
      tell: (event) => tell(current(), event),
      wake: () => wake(objectKey(pod)),
      onStarted: (container, process) => node.onStarted(pod, container, process),
      onEnded: (process) => node.onEnded(process),
      write,
      remove: (last, final) => removePod(api, last, () => write(last, final)),
    };
    return createPodWorker(pod, host);
  };
  const workerOf = (pod: Pod): PodWorker => {
    const { uid = "" } = pod.metadata;
    const known = workers.get(uid);
    if (known !== undefined) return known;
    const created = createWorker(pod);
    workers.set(uid, created);
    return created;
  };
  const forget = async (pod: Pod): Promise<void> => {
    const { uid = "" } = pod.metadata;
    const worker = workers.get(uid);
    if (worker === undefined) return;
    await worker.shutDown(ABANDON_MS);
    workers.delete(uid);
    options.network.releaseAddress(pod);
    const folders = podFolders(options.folder, pod);
    removeFolder(folders.pod);
    removeFolder(folders.logs);
  };
  const wakeUsers = (kind: string, name: string, namespace: string | undefined): void => {
    for (const { pod } of workers.values()) {
      if (pod.metadata.namespace !== namespace) continue;
      const uses = referencesOf(pod, "and optional").some(
        (reference) => reference.kind === kind && reference.name === name,
      );
      if (uses) wake(objectKey(pod));
    }
  };
  const wakeNode = (name: string): void => {
    for (const pod of pods.list()) if (pod.spec.nodeName === name) wake(objectKey(pod));
  };

  return {
    name: "process-kubelet",
    setup(enqueue) {
      wake = (key) => enqueue(key);
      // First of all, and once the pods are known.
      enqueue(TIDY);
      pods.onChange((pod, old) => {
        if (old !== undefined && pod?.metadata.uid !== old.metadata.uid) void forget(old);
        if (pod === undefined || !pod.spec.nodeName) return;
        if (!isTerminal(pod) || isTerminating(pod)) enqueue(objectKey(pod));
      });
      nodes.onChange((current, old) => {
        if (current !== undefined && old === undefined) wakeNode(current.metadata.name);
      });
      leases.onChange((lease, old) => {
        if (lease === undefined || lease.metadata.namespace !== LEASE_NAMESPACE) return;
        if (isHeard(lease) && !isHeard(old)) wakeNode(lease.metadata.name);
      });
      for (const informer of [secrets, configMaps]) {
        informer.onChange((current, old) => {
          const object = current ?? old;
          if (object === undefined) return;
          wakeUsers(object.kind, object.metadata.name, object.metadata.namespace);
        });
      }
      followClaims(context, options.folder);
    },
    async reconcile(key) {
      if (key === TIDY) {
        const known = new Set(pods.list().map(({ metadata }) => metadata.uid));
        return removeForeignFolders(options.folder, (uid) => known.has(uid));
      }
      const { name, namespace } = splitKey(key);
      const pod = pods.get(name, namespace);
      if (pod === undefined || nodeOf(pod) === undefined || !node.isOwn(pod)) return undefined;
      if (isTerminal(pod) && !isTerminating(pod)) return undefined;
      return workerOf(pod).sync(pod);
    },
  };
}
