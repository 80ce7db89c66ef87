// What the server is told for each use, what it cannot promise, and which program stands in for its container.

import { describe, expect, it } from "vitest";

import type { Pod } from "../../../kubernetes/index.ts";
import type { LocalMachine, PlannedCache, PlannedCluster } from "../../../model/index.ts";
import { recent, resolveContext } from "../../testing/planned.ts";
import { serverArguments } from "./arguments.ts";
import { redisServerProvider } from "./index.ts";
import { redisLocal } from "./local.ts";

const OPTIONS = { cpu: "50m" };
const cacheOf = (more: Partial<PlannedCache>): PlannedCache => ({
  ...recent,
  ...more,
  binding: { intent: recent, ...redisServerProvider.bind(resolveContext(), recent, OPTIONS) },
});

describe("the server's words", () => {
  it.each([
    {
      name: "a cache alone evicts anything and writes nothing",
      cache: { use: ["cache"], persistence: "none" },
      words: "allkeys-lru --save  --appendonly no",
    },
    {
      name: "sessions evict what expires",
      cache: { use: ["cache", "sessions"], persistence: "snapshot" },
      words: "volatile-lru --save 300 1 --appendonly no",
    },
    {
      name: "structures are never evicted",
      cache: { use: ["cache", "structures"], persistence: "append-only" },
      words: "noeviction --save  --appendonly yes --appendfsync everysec",
    },
  ] as const)("$name", ({ cache, words }) => {
    expect(serverArguments(cacheOf(cache), "/data").join(" ")).toBe(
      `--dir /data --maxmemory 134217728 --maxmemory-policy ${words}`,
    );
  });
});

describe("replicas", () => {
  it.each([
    { name: "none are fine", replicas: 0, codes: [] },
    { name: "two are refused", replicas: 2, codes: ["cache/provider-does-not-replicate"] },
  ])("$name", ({ replicas, codes }) => {
    const context = resolveContext();
    redisServerProvider.bind(context, { ...recent, replicas } as typeof recent, OPTIONS);
    expect(context.reported.map(({ code }) => code)).toEqual(codes);
  });
});

function machineWith(programs: readonly string[], platform = "linux"): LocalMachine {
  return {
    platform,
    architecture: "x64",
    path: "/usr/bin",
    serverUser: undefined,
    findProgram: async (name) => (programs.includes(name) ? `/usr/bin/${name}` : undefined),
    list: async () => [],
    run: async () => "Redis server v=7.0.15 sha=00000000:0",
    install: async () => "/cache",
    dataFolder: async (name) => `/state/${name}`,
    executable: async () => "/state/bin",
    program: (name) => ["/usr/bin/node", "main.js", name],
  };
}

const podOf = (instance: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: `${instance}-0`,
    namespace: "cache",
    labels: { "app.kubernetes.io/name": "valkey", "app.kubernetes.io/instance": instance },
  },
  spec: { containers: [] },
});

describe("on this machine", () => {
  const cluster = { caches: [cacheOf({})] } as unknown as PlannedCluster;

  it.each([
    {
      name: "Redis",
      programs: ["redis-server", "redis-cli"],
      text: "7.0.15 (/usr/bin/redis-server)",
    },
    {
      name: "Valkey before Redis",
      programs: ["redis-server", "redis-cli", "valkey-server", "valkey-cli"],
      text: "7.0.15 (/usr/bin/valkey-server)",
    },
  ])("$name runs with the container's words and its own folder", async ({ programs, text }) => {
    const machine = machineWith(programs);
    const { find, statements } = await redisLocal.prepare({ cluster, machine });
    expect(statements).toEqual([{ system: "Redis", outcome: "process", text }]);
    const form = find(podOf("recent"), { name: "valkey" });
    expect(form?.directory).toBe("/state/cache/recent");
    expect(form?.command).toContain("$(HOST)");
    expect(find(podOf("other"), { name: "valkey" })).toBeUndefined();
  });

  it("is simulated, and says so, without a server", async () => {
    const machine = machineWith(["redis-server"]);
    const { find, statements } = await redisLocal.prepare({ cluster, machine });
    expect(statements).toMatchObject([{ outcome: "simulated" }]);
    expect(find(podOf("recent"), { name: "valkey" })).toBeUndefined();
  });
});
