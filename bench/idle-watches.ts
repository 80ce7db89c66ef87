// 5,000 watches that see nothing, on HTTP/2 connections that informers would share, and what they cost the server.

import { readFileSync } from "node:fs";
import { type ClientHttp2Session, connect } from "node:http2";

import { parse } from "yaml";

import type { Contender } from "./case.ts";
import { startServedCluster } from "./served-cluster.ts";

const WATCHES = 5_000;
/** As ten clients with all their informers would. */
const CONNECTIONS = 10;
/** Time for garbage of opening them to be collected. */
const SETTLE_MS = 15_000;
const PATH = "/api/v1/namespaces/default/configmaps?watch=true&resourceVersion=0";

export const idleWatches: Contender = {
  label: "keelson",
  run: async () => {
    const cluster = await startServedCluster(["--nodes", "0"], 1);
    const sessions = Array.from({ length: CONNECTIONS }, () => openSession(cluster.kubeconfig));
    try {
      await settle();
      const beforeBytes = cluster.residentBytes();
      const startedMs = performance.now();
      await Promise.all(
        sessions.flatMap((session) =>
          Array.from({ length: WATCHES / CONNECTIONS }, () => session.watch()),
        ),
      );
      const openMs = performance.now() - startedMs;
      await settle();
      return { openMs, watchesBytes: cluster.residentBytes() - beforeBytes };
    } finally {
      for (const { http2 } of sessions) http2.destroy();
      await cluster.stop();
    }
  },
};

interface Session {
  readonly http2: ClientHttp2Session;
  /** Resolves when the server has begun its answer. */
  watch(): Promise<void>;
}

function openSession(kubeconfig: string): Session {
  const config = parse(readFileSync(kubeconfig, "utf8"));
  const { server, "certificate-authority-data": authority } = config.clusters[0].cluster;
  const http2 = connect(server, { ca: Buffer.from(authority, "base64") });
  const authorization = `Bearer ${config.users[0].user.token}`;
  return {
    http2,
    watch: () =>
      new Promise((resolve, reject) => {
        const stream = http2.request({ ":path": PATH, authorization, accept: "application/json" });
        stream.once("response", (headers) => {
          if (headers[":status"] === 200) resolve();
          else reject(new Error(`a watch was answered with ${headers[":status"]}`));
        });
        stream.once("error", reject);
        stream.resume();
      }),
  };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}
