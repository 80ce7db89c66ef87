// The replica set of a database with its one user. Fields as in mongodb/mongodb-kubernetes 1.10
// mongodb-community-operator/api/v1/mongodbcommunity_types.go.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedDatabase } from "../../../model/index.ts";
import { platformPriority, systemLabels, type Fields } from "../../manifests/index.ts";
import { DATA_NAMESPACE } from "../data-namespace.ts";
import { databaseIdentifier, databaseSecretName } from "../database-secret.ts";
import type { MongodbCommunityOptions } from "./options.ts";
import { RESOURCES, serverVersion } from "./surface.ts";

export function replicaSet(
  cluster: PlannedCluster,
  database: PlannedDatabase,
  options: MongodbCommunityOptions,
): KubernetesObject {
  const { platform, versions } = cluster;
  const { name, instances, version } = database;
  const identifier = databaseIdentifier(database);
  return {
    apiVersion: "mongodbcommunity.mongodb.com/v1",
    kind: "MongoDBCommunity",
    metadata: { name, namespace: DATA_NAMESPACE, labels: systemLabels(platform, "mongodb", name) },
    spec: {
      type: "ReplicaSet",
      members: instances,
      version: serverVersion(versions, version),
      security: { authentication: { modes: ["SCRAM"] } },
      users: [
        {
          name: identifier,
          db: identifier,
          passwordSecretRef: { name: databaseSecretName(database), key: "password" },
          roles: [{ name: "readWrite", db: identifier }],
          scramCredentialsSecretName: name,
        },
      ],
      statefulSet: { spec: statefulSetSpec(cluster, database, options) },
    },
  };
}

/** Laid over what the operator makes. */
function statefulSetSpec(
  cluster: PlannedCluster,
  { name, storage }: PlannedDatabase,
  { storageClass, logStorage, resources }: MongodbCommunityOptions,
): Fields {
  const claim = (volume: string, size: string): Fields => ({
    metadata: { name: volume },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: size } },
    },
  });
  const spread = (topologyKey: string): Fields => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { app: `${name}-svc` } },
  });
  return {
    template: {
      spec: {
        ...platformPriority(cluster),
        containers: [
          { name: "mongod", resources },
          { name: "mongodb-agent", resources: RESOURCES.agent },
        ],
        topologySpreadConstraints: [
          spread("kubernetes.io/hostname"),
          spread("topology.kubernetes.io/zone"),
        ],
      },
    },
    volumeClaimTemplates: [claim("data-volume", storage), claim("logs-volume", logStorage)],
  };
}
