// The Kafka of the platform with its pool of brokers, and a topic and a user for each stream. Fields as in the definitions of
// strimzi-kafka-operator 1.2.0, which serve kafka.strimzi.io/v1 only.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedStream } from "../../../model/index.ts";
import { parseImageReference } from "../../../model/index.ts";
import { platformPriority, systemLabels } from "../../manifests/index.ts";
import { streamSecretName } from "../stream-secret.ts";
import type { StrimziOptions } from "./options.ts";
import { brokerCount, CLIENT_PORT, KAFKA, NAMESPACE, POOL, RESOURCES } from "./surface.ts";

const API_VERSION = "kafka.strimzi.io/v1";

export function kafkaObject(
  cluster: PlannedCluster,
  streams: readonly PlannedStream[],
): KubernetesObject {
  const count = brokerCount(streams);
  const version = kafkaVersion(cluster);
  const [major, minor] = version.split(".");
  const inSync = inSyncOf(count);
  return {
    apiVersion: API_VERSION,
    kind: "Kafka",
    metadata: metadata(cluster, KAFKA),
    spec: {
      kafka: {
        version,
        metadataVersion: `${major}.${minor}-IV0`,
        listeners: [
          {
            name: "plain",
            port: CLIENT_PORT,
            type: "internal",
            tls: false,
            authentication: { type: "scram-sha-512" },
          },
        ],
        authorization: { type: "simple" },
        config: {
          "auto.create.topics.enable": false,
          "default.replication.factor": count,
          "min.insync.replicas": inSync,
          "offsets.topic.replication.factor": count,
          "transaction.state.log.replication.factor": count,
          "transaction.state.log.min.isr": inSync,
        },
        metricsConfig: {
          type: "strimziMetricsReporter",
          values: { allowList: ["kafka_server.*", "kafka_controller.*", "kafka_network.*"] },
        },
      },
      entityOperator: {
        topicOperator: { resources: RESOURCES.entity },
        userOperator: { resources: RESOURCES.entity },
      },
    },
  };
}

/** `quay.io/strimzi/kafka:1.2.0-kafka-4.3.1` → `4.3.1`. */
function kafkaVersion({ versions }: PlannedCluster): string {
  const tag = parseImageReference(versions.image("strimzi-kafka"))?.tag ?? "";
  return tag.slice(tag.lastIndexOf("-") + 1);
}

/** One broker may be away while others write. */
const inSyncOf = (copies: number): number => (copies > 2 ? copies - 1 : 1);

export function poolObject(
  cluster: PlannedCluster,
  streams: readonly PlannedStream[],
  { storage, storageClass, resources }: StrimziOptions,
): KubernetesObject {
  const spread = (topologyKey: string): object => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: {
      matchLabels: { "strimzi.io/cluster": KAFKA, "strimzi.io/pool-name": POOL },
    },
  });
  return {
    apiVersion: API_VERSION,
    kind: "KafkaNodePool",
    metadata: metadata(cluster, POOL, true),
    spec: {
      replicas: brokerCount(streams),
      roles: ["controller", "broker"],
      storage: {
        type: "jbod",
        volumes: [
          {
            id: 0,
            type: "persistent-claim",
            size: storage,
            ...(storageClass === undefined ? {} : { class: storageClass }),
            deleteClaim: false,
            kraftMetadata: "shared",
          },
        ],
      },
      resources,
      template: {
        pod: {
          ...platformPriority(cluster),
          topologySpreadConstraints: [
            spread("kubernetes.io/hostname"),
            spread("topology.kubernetes.io/zone"),
          ],
        },
      },
    },
  };
}

/** The operator raises partitions and never lowers them. */
export function topicObject(cluster: PlannedCluster, stream: PlannedStream): KubernetesObject {
  const { name, partitions, replicas, retentionMs } = stream;
  return {
    apiVersion: API_VERSION,
    kind: "KafkaTopic",
    metadata: metadata(cluster, name, true),
    spec: {
      partitions,
      replicas,
      config: { "retention.ms": retentionMs, "min.insync.replicas": inSyncOf(replicas) },
    },
  };
}

/** Reads and writes its own topic; consumers share their work by the groups of the definition, or by any where it has none. */
export function userObject(cluster: PlannedCluster, stream: PlannedStream): KubernetesObject {
  const { name, consumers } = stream;
  const groups = Object.keys(consumers);
  const password = { secretKeyRef: { name: streamSecretName(stream), key: "password" } };
  return {
    apiVersion: API_VERSION,
    kind: "KafkaUser",
    metadata: metadata(cluster, name, true),
    spec: {
      authentication: { type: "scram-sha-512", password: { valueFrom: password } },
      authorization: {
        type: "simple",
        acls: [
          {
            resource: { type: "topic", name, patternType: "literal" },
            operations: ["Read", "Write", "Describe"],
          },
          ...(groups.length === 0 ? ["*"] : groups).map((group) => ({
            resource: { type: "group", name: group, patternType: "literal" },
            operations: ["Read", "Describe"],
          })),
        ],
      },
    },
  };
}

/** What belongs to the Kafka says so by a label. */
function metadata(
  { platform }: PlannedCluster,
  name: string,
  isPart = false,
): KubernetesObject["metadata"] {
  const labels = systemLabels(platform, "kafka", name);
  return {
    name,
    namespace: NAMESPACE,
    labels: isPart ? { ...labels, "strimzi.io/cluster": KAFKA } : labels,
  };
}
