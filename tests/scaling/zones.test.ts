// A zone goes out in virtual time: what agrees by majority keeps it and its leader moves, apps stay reachable and are made up for;
// a drain waits for the budget; what has lost its majority says that it writes nothing.

import { beforeAll, describe, expect, it } from "vitest";

import { silenceNode } from "../../src/cluster/index.ts";
import { behaviour as redis } from "../../src/components/cache/redis-operator/behaviour.ts";
import { behaviour as cloudnativePg } from "../../src/components/database/cloudnative-pg/behaviour.ts";
import { behaviour as mongodb } from "../../src/components/database/mongodb-community/behaviour.ts";
import { behaviour as strimzi } from "../../src/components/stream/strimzi/behaviour.ts";
import { granary } from "../../src/components/testing/definitions.ts";
import { isRecord, valueAt } from "../../src/core/index.ts";
import { StatusError, type KubernetesObject } from "../../src/kubernetes/index.ts";
import { shop } from "./definitions.ts";
import {
  bootSmall,
  compileSmall,
  isReady,
  MINUTE_MS,
  podsOf,
  SECOND_MS,
  type PodView,
  type SmallPlatform,
} from "./small-platform.ts";

const APP_KINDS = [
  "PriorityClass",
  "Namespace",
  "ServiceAccount",
  "Service",
  "Deployment",
  "PodDisruptionBudget",
  // Of the metrics API of the embedded cluster: it brings the apps to their floor.
  "HorizontalPodAutoscaler",
];
const ZONE = "topology.kubernetes.io/zone";

async function zonesOf({ api }: SmallPlatform, pods: readonly PodView[]): Promise<string[]> {
  const { items } = await api.list({ apiVersion: "v1", kind: "Node" });
  const zones = new Map(
    items.map(({ metadata }) => [metadata.name, metadata.labels?.[ZONE] ?? ""]),
  );
  return pods.map(({ spec }) => zones.get(spec.nodeName ?? "") ?? "").toSorted();
}

async function losesZone(platform: SmallPlatform, zone: string): Promise<void> {
  const { items } = await platform.api.list({ apiVersion: "v1", kind: "Node" });
  for (const { metadata } of items.filter(({ metadata: own }) => own.labels?.[ZONE] === zone))
    await silenceNode(platform.api, metadata.name, platform.clock.now());
}

describe("apps", () => {
  let platform: SmallPlatform;
  beforeAll(async () => {
    platform = await bootSmall(compileSmall(shop, "prod"), { kinds: APP_KINDS });
    await platform.advance(MINUTE_MS);
  });

  it("stand in as many zones as they can", async () => {
    expect(await zonesOf(platform, await platform.ready("api"))).toEqual(["a", "b", "c"]);
  });

  it("are spread over zones, and over nodes within one", () => {
    const api = compileSmall(shop, "prod").objects.find(
      ({ object: { kind, metadata } }) => kind === "Deployment" && metadata.name === "api",
    );
    const path = ["spec", "template", "spec", "topologySpreadConstraints"];
    const constraints = valueAt(api?.object, path) as readonly { readonly topologyKey: string }[];
    expect(constraints.map(({ topologyKey }) => topologyKey)).toEqual([
      ZONE,
      "kubernetes.io/hostname",
    ]);
  });

  it("let a drain take one pod after the other, never two", async () => {
    const [first, second] = await platform.ready("api");
    const evict = async ({ metadata }: PodView): Promise<string> => {
      const { name, namespace = "" } = metadata;
      const body = {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name, namespace },
      } as const;
      try {
        await platform.api.create(body, { subresource: "eviction" });
        return "evicted";
      } catch (error) {
        return error instanceof StatusError ? error.message : String(error);
      }
    };
    expect(await evict(first as PodView)).toBe("evicted");
    expect(await evict(second as PodView)).toContain("disruption budget");
    await platform.advance(30 * SECOND_MS);
    expect(await platform.ready("api")).toHaveLength(3);
  });

  it("stay reachable when a zone is gone, and are made up for elsewhere", async () => {
    await losesZone(platform, "a");
    // Forty seconds without a sign of life, then the node counts as unreachable.
    await platform.advance(MINUTE_MS);
    expect((await platform.ready("api")).length).toBe(2);
    expect((await platform.ready("web")).length).toBeGreaterThanOrEqual(1);
    // Tolerated for five minutes, then made anew.
    await platform.advance(6 * MINUTE_MS);
    const made = await zonesOf(platform, await platform.ready("api"));
    expect([made.length, ...new Set(made)]).toEqual([3, "b", "c"]);
  });
});

describe("what agrees by majority", () => {
  const target = compileSmall(granary, "prod");
  let platform: SmallPlatform;
  beforeAll(async () => {
    platform = await bootSmall(target, {
      kinds: ["PriorityClass", "Namespace", "ServiceAccount"],
      charts: true,
      behaviours: [cloudnativePg, mongodb, redis, strimzi],
      customKinds: ["Cluster", "MongoDBCommunity", "Kafka", "RedisReplication"],
    });
    await platform.advance(2 * MINUTE_MS);
  });

  const voters = target.cluster.workloads.filter(({ quorum }) => quorum === true);
  const members = async (name: string): Promise<PodView[]> =>
    (await podsOf(platform.api)).filter(
      (pod) => isReady(pod) && pod.metadata.ownerReferences?.some((owner) => owner.name === name),
    );
  const statusOf = async (apiVersion: string, kind: string): Promise<Record<string, unknown>> => {
    const { items } = await platform.api.list({ apiVersion, kind });
    const status = (items[0] as KubernetesObject)["status"];
    return isRecord(status) ? status : {};
  };
  const CLUSTER = ["postgresql.cnpg.io/v1", "Cluster"] as const;

  it("has a member in every zone", async () => {
    expect(voters.map(({ name }) => name)).toEqual(["chaff-s", "husks", "wheat", "platform-dual"]);
    for (const { name } of voters)
      expect(await zonesOf(platform, await members(name)), name).toEqual(["a", "b", "c"]);
    expect(await statusOf(...CLUSTER)).toMatchObject({
      currentPrimary: "wheat-0",
      readyInstances: 3,
    });
  });

  it("has another primary when the one it had is killed, which comes back as a replica", async () => {
    const REDIS = ["redis.redis.opstreelabs.in/v1beta2", "RedisReplication"] as const;
    expect(await statusOf(...REDIS)).toMatchObject({ masterNode: "chaff-0" });
    const pod = { apiVersion: "v1", kind: "Pod", namespace: "cache", name: "chaff-0" };
    await platform.api.delete(pod);
    await platform.advance(2 * MINUTE_MS);
    expect(await statusOf(...REDIS)).toMatchObject({ masterNode: "chaff-1" });
    expect(await members("chaff")).toHaveLength(3);
    expect(await members("dust")).toHaveLength(1);
  });

  it("keeps it without one of three zones, and a standby leads where the leader is gone", async () => {
    const [leader] = (await members("wheat")).filter(({ metadata }) => metadata.name === "wheat-0");
    const [zone = ""] = await zonesOf(platform, [leader as PodView]);
    await losesZone(platform, zone);
    await platform.advance(MINUTE_MS);
    for (const { name } of voters) expect(await members(name), name).toHaveLength(2);
    expect(await statusOf(...CLUSTER)).toMatchObject({
      currentPrimary: "wheat-1",
      readyInstances: 2,
    });
  });

  it("says that it writes nothing once two are gone", async () => {
    const [left = ""] = await zonesOf(platform, await members("husks"));
    await losesZone(platform, left);
    await platform.advance(MINUTE_MS);
    for (const { name } of voters) expect(await members(name), name).toHaveLength(1);
    expect(await statusOf("mongodbcommunity.mongodb.com/v1", "MongoDBCommunity")).toMatchObject({
      phase: "Pending",
      message: "1 of 3 members are up: no primary, reads only",
    });
    expect(await statusOf("kafka.strimzi.io/v1", "Kafka")).toMatchObject({
      conditions: [{ message: "1 of 3 controllers are up: no quorum, nothing is written" }],
    });
  });
});
