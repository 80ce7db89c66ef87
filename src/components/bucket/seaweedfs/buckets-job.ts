// The Job that makes the buckets. It stays after it finished: an engine would make it again if it went away by itself.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedBucket, PlannedCluster, Workload } from "../../../model/index.ts";
import { metadataOf, podTemplate } from "../../manifests/index.ts";
import { bucketScript } from "./bucket-script.ts";
import { SEAWEED_USER_ID } from "./stateful-set.ts";
import { FILER_PORT, MASTER_PORT, NAME, NAMESPACE } from "./surface.ts";

export function bucketsJob(
  { platform }: PlannedCluster,
  workload: Workload,
  buckets: readonly PlannedBucket[],
): KubernetesObject {
  const host = `${NAME}.${NAMESPACE}.svc`;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadataOf(platform, workload),
    spec: {
      backoffLimit: 6,
      template: podTemplate(platform, workload, {
        securityContext: { runAsUser: SEAWEED_USER_ID, runAsGroup: SEAWEED_USER_ID },
        spec: { restartPolicy: "OnFailure" },
        containers: {
          buckets: {
            command: ["/bin/sh", "-ec", bucketScript(buckets)],
            env: [
              // Where `weed shell` finds the cluster.
              { name: "WEED_CLUSTER_DEFAULT", value: "sw" },
              { name: "WEED_CLUSTER_SW_MASTER", value: `${host}:${MASTER_PORT}` },
              { name: "WEED_CLUSTER_SW_FILER", value: `${host}:${FILER_PORT}` },
            ],
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
          },
        },
        volumes: [{ name: "tmp", emptyDir: {} }],
      }),
    },
  };
}
