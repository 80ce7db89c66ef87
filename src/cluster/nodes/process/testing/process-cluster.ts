// A cluster for tests whose pods run as processes: every container whose image begins with `local/` has a local form, a Node
// script. Time runs faster than on the wall. Addresses are real ones of the loopback range where there are such.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

import { createRng, createScaledClock } from "../../../../core/index.ts";
import type { Clock } from "../../../../core/index.ts";
import type {
  Container,
  KubeApi,
  KubernetesObject,
  Pod,
  PodSpec,
} from "../../../../kubernetes/index.ts";
import type { LogOptions } from "../../../api/index.ts";
import { createEmbeddedCluster } from "../../../embedded-cluster.ts";
import type { EmbeddedCluster } from "../../../embedded-cluster.ts";
import { FAST_DELAYS } from "../../pod-stages.ts";
import type { LeftOver, ProcessLine, ProcessNetwork } from "../local-process.ts";

export interface ProcessClusterOptions {
  readonly folder: string;
  /** How much faster time passes; default 20. */
  readonly speed?: number;
  readonly onLeftOver?: (leftOver: LeftOver) => void;
  readonly onLogLine?: (line: ProcessLine) => void;
  readonly store?: Parameters<typeof createEmbeddedCluster>[0]["store"];
  readonly webhooks?: Parameters<typeof createEmbeddedCluster>[0]["webhooks"];
}

export interface ScriptedPod extends Partial<Omit<Container, "name">> {
  /** What Node runs. */
  readonly script: string;
  readonly spec?: Partial<PodSpec>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ProcessCluster {
  readonly cluster: EmbeddedCluster;
  readonly api: KubeApi;
  readonly clock: Clock;
  run(name: string, pod: ScriptedPod): Promise<Pod>;
  get(name: string): Promise<Pod>;
  /** Watches the pod until the condition holds. */
  until(name: string, holds: (pod: Pod) => boolean): Promise<Pod>;
  untilGone(name: string, kind?: string): Promise<void>;
  log(name: string, options?: Partial<LogOptions>): Promise<string>;
  untilLog(name: string, text: string, options?: Partial<LogOptions>): Promise<void>;
  /** `Type Reason: message` of the kubelet's events about the pod. */
  events(name: string): Promise<readonly string[]>;
  untilEvent(name: string, text: string | RegExp): Promise<void>;
  /** A file below the folder. */
  read(path: string): string;
  stop(): Promise<void>;
}

const NAMESPACE = "default";

export async function startProcessCluster(options: ProcessClusterOptions): Promise<ProcessCluster> {
  const { folder, speed = 20, onLeftOver, onLogLine, store, webhooks } = options;
  const clock = createScaledClock(speed);
  const cluster = createEmbeddedCluster({
    name: "processes",
    clock,
    rng: createRng(folder),
    stageDelays: FAST_DELAYS,
    volumeDelay: { ms: 0, jitterMs: 0 },
    nodes: [{ count: 1 }],
    ...(store === undefined ? {} : { store }),
    ...(webhooks === undefined ? {} : { webhooks }),
    process: {
      folder,
      network: loopbackNetwork(),
      find: localForm,
      ...(onLeftOver === undefined ? {} : { onLeftOver }),
      ...(onLogLine === undefined ? {} : { onLogLine }),
    },
  });
  await cluster.start();
  await accountReady(cluster.api);
  return {
    cluster,
    clock,
    ...operations(cluster),
    read: (path) => readFileSync(join(folder, path), "utf8"),
  };
}

/** A user and group without rights, by the custom of Linux. */
export const NOBODY = 65_534;

/** The script of the argument: real forms come from a definition. */
function localForm(_pod: Pod, { image = "", args = [] }: Container) {
  if (!image.startsWith("local/")) return undefined;
  const command = [process.execPath, "-e", ...args];
  if (image !== "local/nobody") return { command, directory: process.cwd() };
  return { command, directory: "/", user: { uid: NOBODY, gid: NOBODY } };
}

export function loopbackNetwork(): ProcessNetwork {
  const addresses = new Map<string, string>();
  let last = 1;
  return {
    assignAddress({ metadata }) {
      const known = addresses.get(metadata.uid ?? "");
      if (known !== undefined) return known;
      const own = process.platform === "linux" ? `127.64.7.${(last += 1)}` : "127.0.0.1";
      addresses.set(metadata.uid ?? "", own);
      return own;
    },
    releaseAddress: ({ metadata }) => void addresses.delete(metadata.uid ?? ""),
    environment: (pod) => ({ HOST: addresses.get(pod.metadata.uid ?? "") ?? "127.0.0.1" }),
    reach: (host, port) => ({ host, port }),
    localise: (value) => value.replaceAll("orders.shop.svc.cluster.local", "127.65.0.1"),
  };
}

/** Pods are refused until their namespace has its account. */
async function accountReady(api: KubeApi): Promise<void> {
  await untilObject(
    api,
    { apiVersion: "v1", kind: "ServiceAccount" },
    ({ metadata }) => metadata.name === "default" && metadata.namespace === NAMESPACE,
  );
  await untilObject(
    api,
    { apiVersion: "v1", kind: "ConfigMap" },
    ({ metadata }) => metadata.name === "kube-root-ca.crt" && metadata.namespace === NAMESPACE,
  );
}

function untilObject(
  api: KubeApi,
  kind: { readonly apiVersion: string; readonly kind: string },
  holds: (object: KubernetesObject, type: string) => boolean,
): Promise<KubernetesObject> {
  return new Promise((resolve) => {
    const from = {
      sendInitialEvents: true,
      allowBookmarks: true,
      resourceVersionMatch: "NotOlderThan",
    } as const;
    const watch = api.watch(kind, { ...from, namespace: NAMESPACE }, (event) => {
      if (event.type === "ERROR" || event.type === "BOOKMARK") return;
      if (!holds(event.object, event.type)) return;
      resolve(event.object);
      queueMicrotask(() => watch.stop());
    });
  });
}

function operations(cluster: EmbeddedCluster): Omit<ProcessCluster, "cluster" | "clock" | "read"> {
  const { api } = cluster;
  const ref = (name: string) => ({ apiVersion: "v1", kind: "Pod", name, namespace: NAMESPACE });
  const get = async (name: string): Promise<Pod> => (await api.get(ref(name))) as Pod;
  const log = async (name: string, options: Partial<LogOptions> = {}): Promise<string> => {
    let text = "";
    const none = new AbortController().signal;
    const wanted = { ...LOG_OPTIONS, ...options };
    await cluster.context.nodeAgent.logs(await get(name), wanted, (chunk) => (text += chunk), none);
    return text;
  };
  const events = async (name: string): Promise<readonly string[]> => {
    const { items } = await api.list({ apiVersion: "v1", kind: "Event" });
    return items.filter((event) => involved(event) === name).map(said);
  };
  return {
    api,
    get,
    log,
    events,
    async run(name, { script, spec, labels, ...container }) {
      const only = { name: "c", image: "local/node", ...container, args: [script] };
      const metadata = { name, namespace: NAMESPACE, ...(labels === undefined ? {} : { labels }) };
      const pod = { ...kindOf("Pod"), metadata, spec: { containers: [only], ...spec } };
      return (await api.create(pod)) as Pod;
    },
    async until(name, holds) {
      const found = await untilObject(
        api,
        kindOf("Pod"),
        (object) => object.metadata.name === name && holds(object as Pod),
      );
      return found as Pod;
    },
    async untilGone(name, kind = "Pod") {
      await untilObject(
        api,
        kindOf(kind),
        (object, type) => type === "DELETED" && object.metadata.name === name,
      );
    },
    async untilLog(name, text, options = {}) {
      const stopped = new AbortController();
      let all = "";
      const wanted = { ...LOG_OPTIONS, follow: true, ...options };
      const onChunk = (chunk: string): void => {
        all += chunk;
        if (all.includes(text)) stopped.abort();
      };
      const pod = await get(name);
      await cluster.context.nodeAgent.logs(pod, wanted, onChunk, stopped.signal);
      if (!all.includes(text))
        throw new Error(`the log ended without ${JSON.stringify(text)}: ${all}`);
    },
    async untilEvent(name, text) {
      await untilObject(
        api,
        kindOf("Event"),
        (event) =>
          involved(event) === name &&
          (typeof text === "string" ? said(event).includes(text) : text.test(said(event))),
      );
    },
    async stop() {
      cluster.stop();
      await cluster.stopped();
    },
  };
}

const LOG_OPTIONS: LogOptions = {
  container: undefined,
  follow: false,
  previous: false,
  timestamps: false,
  sinceSeconds: undefined,
  tailLines: undefined,
  limitBytes: undefined,
};

function kindOf(kind: string) {
  return { apiVersion: "v1", kind };
}

function involved({ involvedObject }: KubernetesObject): string {
  return (involvedObject as { readonly name: string }).name;
}

function said({ type, reason, message }: KubernetesObject): string {
  return `${String(type)} ${String(reason)}: ${String(message)}`;
}

/** Everything a stream gives, as text. */
export async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}
