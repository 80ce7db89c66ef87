// What the operator's chart creates, and the brokers and the entity operator that the operator runs for our Kafka. Sources:
// strimzi-kafka-operator 1.2.0 packaging/helm-charts/helm3/…/060-Deployment, cluster-operator/…/model/{KafkaCluster,
// KafkaResources,EntityOperator}.java.

import type { Path } from "../../../core/index.ts";
import type {
  AlertRule,
  Flow,
  PlannedCluster,
  PlannedStream,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { systemWorkload } from "../../manifests/index.ts";
import { streamSecret } from "../stream-secret.ts";
import type { StrimziOptions } from "./options.ts";

export const COMPONENT = "strimzi";
export const CHART = "strimzi-kafka-operator";
export const NAMESPACE = "streams";
export const KAFKA = "platform";
/** Brokers that vote, too: with three of them a separate quorum would only cost memory. */
export const POOL = "dual";
export const CLIENT_PORT = 9092;
export const OPERATOR = "strimzi-cluster-operator";
export const BROKERS = `${KAFKA}-${POOL}`;
const ENTITY_OPERATOR = `${KAFKA}-entity-operator`;
const PORTS = { "tcp-ctrlplane": 9090, "tcp-replication": 9091, "tcp-kafkaagent": 8443 } as const;
const METRICS_PORT = 9404;
const PASSWORD_LENGTH = 32;

export const RESOURCES = {
  /** The chart's own. */
  operator: { requests: { cpu: "200m", memory: "384Mi" }, limits: { cpu: "1", memory: "384Mi" } },
  entity: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
} as const;

export function strimziSurface(
  { cluster, path }: SurfaceContext,
  streams: readonly PlannedStream[],
  options: StrimziOptions,
): Surface {
  if (streams.length === 0) return {};
  return {
    workloads: [
      operator(cluster, path),
      brokers(cluster, streams, options, path),
      entityOperator(cluster, path),
    ],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: brokerFlows(path),
    secrets: streams.map((stream) =>
      streamSecret(
        stream,
        [NAMESPACE],
        [
          { key: "username", source: "fixed", value: stream.name },
          { key: "password", source: "generated", length: PASSWORD_LENGTH },
        ],
      ),
    ),
    alerts: alerts(path),
  };
}

/** As many as the copies of the message that is copied most. */
export function brokerCount(streams: readonly PlannedStream[]): number {
  return Math.max(1, ...streams.map(({ replicas }) => replicas));
}

type Cluster = Pick<PlannedCluster, "scale" | "versions">;

function operator({ scale, versions }: Cluster, origin: Path): Workload {
  return systemWorkload({
    name: OPERATOR,
    namespace: NAMESPACE,
    labels: { name: OPERATOR, "strimzi.io/kind": "cluster-operator" },
    replicas: operatorReplicas({ scale }),
    ports: { http: 8080 },
    containers: [
      {
        name: OPERATOR,
        image: `quay.io/strimzi/operator:${versions.chart(CHART).appVersion}`,
        ...RESOURCES.operator,
      },
    ],
    usesApi: true,
    metrics: { port: 8080, path: "/metrics" },
    component: COMPONENT,
    origin,
  });
}

export function operatorReplicas({ scale }: Pick<PlannedCluster, "scale">): number {
  return scale === "highly-available" ? 2 : 1;
}

function brokers(
  { versions }: Cluster,
  streams: readonly PlannedStream[],
  { resources, storage }: StrimziOptions,
  origin: Path,
): Workload {
  const service = (name: string, port: number) => ({ name, port, targetPort: port });
  return systemWorkload({
    kind: "StatefulSet",
    name: BROKERS,
    namespace: NAMESPACE,
    labels: labelsOf(`${KAFKA}-kafka`),
    serviceAccount: `${KAFKA}-kafka`,
    replicas: brokerCount(streams),
    volumes: [storage],
    quorum: true,
    ports: { "tcp-plain": CLIENT_PORT, ...PORTS, "tcp-prometheus": METRICS_PORT },
    services: [
      {
        name: `${KAFKA}-kafka-brokers`,
        type: "Headless",
        ports: [
          ...Object.entries(PORTS).map(([name, port]) => service(name, port)),
          service("tcp-plain", CLIENT_PORT),
        ],
      },
      {
        name: `${KAFKA}-kafka-bootstrap`,
        type: "ClusterIP",
        ports: [service("tcp-replication", 9091), service("tcp-plain", CLIENT_PORT)],
      },
    ],
    containers: [{ name: "kafka", image: versions.image("strimzi-kafka"), ...resources }],
    usesApi: false,
    metrics: { port: METRICS_PORT, path: "/metrics" },
    component: COMPONENT,
    origin,
  });
}

function entityOperator({ versions }: Cluster, origin: Path): Workload {
  const image = `quay.io/strimzi/operator:${versions.chart(CHART).appVersion}`;
  return systemWorkload({
    name: ENTITY_OPERATOR,
    namespace: NAMESPACE,
    labels: labelsOf(ENTITY_OPERATOR),
    ports: { "to-health": 8080, "uo-health": 8081 },
    containers: [
      { name: "topic-operator", image, ...RESOURCES.entity },
      { name: "user-operator", image, ...RESOURCES.entity },
    ],
    usesApi: true,
    component: COMPONENT,
    origin,
  });
}

function labelsOf(name: string): Readonly<Record<string, string>> {
  return { "strimzi.io/cluster": KAFKA, "strimzi.io/kind": "Kafka", "strimzi.io/name": name };
}

/** All of it is mutual TLS with certificates of the operator's own authority. */
function brokerFlows(origin: Path): Flow[] {
  const to = { kind: "workload", namespace: NAMESPACE, name: BROKERS } as const;
  const flow = (name: string, from: string, port: number, application = "kafka"): Flow => ({
    name,
    from: { kind: "workload", namespace: NAMESPACE, name: from },
    to,
    port,
    protocol: "TCP",
    purpose: "internal",
    application,
    encryption: "mtls",
    origin,
  });
  return [
    flow("kafka-votes", BROKERS, PORTS["tcp-ctrlplane"]),
    flow("kafka-replication", BROKERS, PORTS["tcp-replication"]),
    flow("strimzi-to-kafka-votes", OPERATOR, PORTS["tcp-ctrlplane"]),
    flow("strimzi-to-kafka", OPERATOR, PORTS["tcp-replication"]),
    flow("strimzi-to-kafka-agent", OPERATOR, PORTS["tcp-kafkaagent"], "https"),
    flow("strimzi-entities-to-kafka", ENTITY_OPERATOR, PORTS["tcp-replication"]),
  ];
}

/** Names as the metrics reporter writes Kafka's own. */
function alerts(origin: Path): AlertRule[] {
  const common = {
    runbook: "https://strimzi.io/docs/operators/1.2.0/deploying",
    component: COMPONENT,
    origin,
  };
  return [
    {
      ...common,
      name: "KafkaPartitionsUnderReplicated",
      expression: "kafka_server_replicamanager_underreplicatedpartitions > 0",
      holds: "10m",
      severity: "warning",
      summary: "{{ $labels.pod }} leads partitions with fewer copies than asked for",
    },
    {
      ...common,
      name: "KafkaPartitionsOffline",
      expression: "kafka_controller_kafkacontroller_offlinepartitionscount > 0",
      holds: "1m",
      severity: "critical",
      summary: "partitions have no leader: nobody can write to them",
    },
  ];
}
