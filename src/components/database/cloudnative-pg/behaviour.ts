// How CloudNativePG acts inside an embedded cluster: it says how many instances are ready, which is the primary and where it
// is written to. Phases and conditions of cloudnative-pg v1.30 api/v1/cluster_types.go and pkg/resources/status. A lost
// primary is not replaced by another instance here; its own pod comes back.

import type { Behaviour } from "../../../model/index.ts";
import { operatedController } from "../../operators/behaviour.ts";
import { CHART } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "cloudnative-pg/cloudnative-pg internal/controller, v1.30",
  workload: CHART,
  controllers: () => [
    operatedController("cnpg-cluster", {
      kind: { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster" },
      workloads: ({ metadata }) => [metadata.name],
      status: ({ metadata: { name } }, { wanted, ready, names }) => {
        const isHealthy = wanted > 0 && ready >= wanted;
        const [primary] = names;
        return {
          instances: wanted,
          readyInstances: ready,
          instanceNames: names,
          ...(primary === undefined ? {} : { currentPrimary: primary, targetPrimary: primary }),
          phase: isHealthy
            ? "Cluster in healthy state"
            : "Waiting for the instances to become active",
          writeService: `${name}-rw`,
          readService: `${name}-r`,
          conditions: [
            isHealthy
              ? {
                  type: "Ready",
                  status: "True",
                  reason: "ClusterIsReady",
                  message: "Cluster is Ready",
                }
              : {
                  type: "Ready",
                  status: "False",
                  reason: "ClusterIsNotReady",
                  message: "Cluster Is Not Ready",
                },
          ],
        };
      },
    }),
  ],
};
