// The Cluster of a database and its schedule of snapshots. Fields as in cloudnative-pg v1.30.0 api/v1/cluster_types.go.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedDatabase } from "../../../model/index.ts";
import { platformPriority, systemLabels } from "../../manifests/index.ts";
import { DATA_NAMESPACE } from "../data-namespace.ts";
import { databaseIdentifier, databaseSecretName } from "../database-secret.ts";
import type { CloudnativePgOptions } from "./options.ts";
import { instanceImage } from "./surface.ts";

export function clusterObject(
  cluster: PlannedCluster,
  database: PlannedDatabase,
  options: CloudnativePgOptions,
): KubernetesObject {
  const { storageClass, resources, snapshots, snapshotClass } = options;
  const identifier = databaseIdentifier(database);
  return {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: metadata(cluster, database.name),
    spec: {
      instances: database.instances,
      imageName: instanceImage(cluster.versions, database.version),
      bootstrap: {
        initdb: {
          database: identifier,
          owner: identifier,
          secret: { name: databaseSecretName(database) },
        },
      },
      storage: {
        size: database.storage,
        ...(storageClass === undefined ? {} : { storageClass }),
      },
      resources,
      ...platformPriority(cluster),
      ...replication(cluster, database, options),
      ...(snapshots === undefined
        ? {}
        : {
            backup: {
              volumeSnapshot: snapshotClass === undefined ? {} : { className: snapshotClass },
            },
          }),
    },
  };
}

/** A commit waits for any one standby: losing one of two changes nothing. */
function replication(
  cluster: PlannedCluster,
  { instances }: PlannedDatabase,
  { durability }: CloudnativePgOptions,
): object {
  if (instances === 1) return {};
  const dataDurability = durability ?? (instances > 2 ? "required" : "preferred");
  const zones = new Set(cluster.nodes.flatMap(({ zones: all }) => all)).size;
  return {
    postgresql: { synchronous: { method: "any", number: 1, dataDurability } },
    affinity: {
      enablePodAntiAffinity: true,
      podAntiAffinityType: "preferred",
      topologyKey: zones >= instances ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname",
    },
  };
}

/** Undefined where no snapshots were asked for. */
export function snapshotSchedule(
  cluster: PlannedCluster,
  { name }: PlannedDatabase,
  { snapshots }: CloudnativePgOptions,
): KubernetesObject | undefined {
  if (snapshots === undefined) return undefined;
  return {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "ScheduledBackup",
    metadata: metadata(cluster, name),
    // Its schedule begins with the second.
    spec: {
      cluster: { name },
      schedule: `0 ${snapshots}`,
      method: "volumeSnapshot",
      backupOwnerReference: "self",
    },
  };
}

function metadata({ platform }: PlannedCluster, name: string): KubernetesObject["metadata"] {
  return { name, namespace: DATA_NAMESPACE, labels: systemLabels(platform, "postgresql", name) };
}
