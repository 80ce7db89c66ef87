// Talks to any Kubernetes API over HTTPS as a load generator does: raw requests on kept-alive connections, no client library.

import { readFileSync } from "node:fs";
import { Agent, request, type RequestOptions } from "node:https";

import { parse } from "yaml";

export interface KubeConnection {
  /** Resolves with the body; rejects unless the answer is 2xx. */
  send(method: string, path: string, body?: unknown): Promise<string>;
  close(): void;
}

/** The parts of a kubeconfig that are used here; certificates are base64 of PEM. */
interface Kubeconfig {
  readonly "current-context": string;
  readonly contexts: readonly Named<
    "context",
    { readonly cluster: string; readonly user: string }
  >[];
  readonly clusters: readonly Named<"cluster", ClusterEntry>[];
  readonly users: readonly Named<"user", UserEntry>[];
}

type Named<Key extends string, Value> = { readonly name: string } & Readonly<Record<Key, Value>>;

interface ClusterEntry {
  readonly server: string;
  readonly "certificate-authority-data"?: string;
}

interface UserEntry {
  readonly token?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key-data"?: string;
}

export function connectKubeconfig(file: string, connectionsMax: number): KubeConnection {
  const config: Kubeconfig = parse(readFileSync(file, "utf8"));
  const { cluster, user } = currentEntries(config);
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connectionsMax,
    ...tlsOptions(cluster, user),
  });
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    ...(user.token === undefined ? {} : { authorization: `Bearer ${user.token}` }),
  };
  return {
    send: (method, path, body) =>
      sendRequest(new URL(path, cluster.server), { method, agent, headers }, body),
    close: () => agent.destroy(),
  };
}

function currentEntries(config: Kubeconfig): {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
} {
  const context = config.contexts.find(({ name }) => name === config["current-context"])?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users.find(({ name }) => name === context?.user)?.user;
  if (cluster === undefined || user === undefined) throw new Error("the kubeconfig is incomplete");
  return { cluster, user };
}

function tlsOptions(cluster: ClusterEntry, user: UserEntry) {
  const decode = (text: string | undefined): Buffer | undefined =>
    text === undefined ? undefined : Buffer.from(text, "base64");
  const entries = {
    ca: decode(cluster["certificate-authority-data"]),
    cert: decode(user["client-certificate-data"]),
    key: decode(user["client-key-data"]),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

function sendRequest(url: URL, options: RequestOptions, body: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(text);
        else
          reject(new Error(`${options.method} ${url.pathname}: ${status} ${text.slice(0, 300)}`));
      });
    });
    call.on("error", reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Runs `count` jobs with at most `clients` at once. */
export async function inParallel(
  count: number,
  clients: number,
  job: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await job(next++);
  };
  await Promise.all(Array.from({ length: clients }, work));
}
