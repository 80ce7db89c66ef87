// How CloudNativePG acts inside an embedded cluster: it says how many instances are ready, which is the primary and where it
// is written to; a standby takes over from a primary that is lost. Phases and conditions of cloudnative-pg v1.30
// api/v1/cluster_types.go and pkg/resources/status. No data is kept: which standby is furthest is not asked.

import type { Behaviour } from "../../../model/index.ts";
import { leaderOf, operatedController } from "../../operators/behaviour.ts";
import { CHART } from "./surface.ts";

export const behaviour: Behaviour = {
  source: "cloudnative-pg/cloudnative-pg internal/controller, v1.30",
  workload: CHART,
  controllers: () => [
    operatedController("cnpg-cluster", {
      kind: { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster" },
      workloads: ({ metadata }) => [metadata.name],
      status: ({ metadata: { name }, status }, pods) => {
        const { wanted, ready, names } = pods;
        const isHealthy = wanted > 0 && ready >= wanted;
        const { currentPrimary = names[0] } = (status ?? {}) as { currentPrimary?: string };
        const primary = leaderOf(pods, currentPrimary);
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
