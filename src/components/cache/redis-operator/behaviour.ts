// How the Redis operator acts inside an embedded cluster: it says who is primary; a replica is made primary where the sentinels
// have a majority. Status as in redis-operator 0.26 internal/controller/redisreplication. No key is kept there.

import type { Behaviour } from "../../../model/index.ts";
import { leaderOf, operatedController } from "../../operators/behaviour.ts";
import { CACHE_NAMESPACE, REDIS_PORT } from "../server.ts";
import { masterHost, OPERATOR, SENTINEL_PORT, sentinelSet } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "OT-CONTAINER-KIT/redis-operator internal/controller/redisreplication, 0.26",
  workload: OPERATOR,
  controllers: () => [
    operatedController("redis-replication", {
      kind: { apiVersion: "redis.redis.opstreelabs.in/v1beta2", kind: "RedisReplication" },
      workloads: ({ metadata }) => [metadata.name],
      status: ({ metadata: { name }, spec, status }, pods) => {
        const { masterNode = pods.names[0] } = (status ?? {}) as { masterNode?: string };
        const leader = leaderOf(pods, masterNode);
        const hasSentinels = (spec as { readonly sentinel?: object }).sentinel !== undefined;
        // Nobody is made primary without sentinels; the pod comes back.
        const primary = hasSentinels ? leader : masterNode;
        return {
          ...(primary === undefined ? {} : { masterNode: primary }),
          connectionInfo: hasSentinels
            ? {
                host: `${sentinelSet(name)}-hl.${CACHE_NAMESPACE}.svc.cluster.local`,
                port: SENTINEL_PORT,
                masterName: "mymaster",
              }
            : { host: `${masterHost(name)}.cluster.local`, port: REDIS_PORT },
        };
      },
    }),
  ],
};
