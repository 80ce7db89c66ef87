// How MongoDB's operator acts inside an embedded cluster: it says that a replica set runs once all of its members are ready,
// and where they are. Phases as in mongodb-community-operator/api/v1/mongodbcommunity_types.go 1.10. Who is primary is the
// members' own business; that there can be none is said.

import type { Behaviour } from "../../../model/index.ts";
import { hasMajority, operatedController } from "../../operators/behaviour.ts";
import { memberService, MONGODB_PORT, OPERATOR } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "mongodb/mongodb-kubernetes mongodb-community-operator/controllers, 1.10",
  workload: OPERATOR,
  controllers: () => [
    operatedController("mongodb-community", {
      kind: { apiVersion: "mongodbcommunity.mongodb.com/v1", kind: "MongoDBCommunity" },
      workloads: ({ metadata }) => [metadata.name],
      status: ({ metadata, spec }, pods) => {
        const { wanted, ready, names, up } = pods;
        const { name, namespace } = metadata;
        const suffix = `${memberService(name)}.${namespace}.svc.cluster.local:${MONGODB_PORT}`;
        const hosts = names.map((member) => `${member}.${suffix}`);
        return {
          phase: wanted > 0 && ready >= wanted ? "Running" : "Pending",
          ...(ready < wanted && ready > 0 && !hasMajority(pods)
            ? { message: `${up.length} of ${wanted} members are up: no primary, reads only` }
            : {}),
          currentMongoDBMembers: wanted,
          currentStatefulSetReplicas: wanted,
          mongoUri: `mongodb://${hosts.join(",")}/?replicaSet=${name}`,
          version: (spec as { readonly version?: string }).version ?? "",
        };
      },
    }),
  ],
};
