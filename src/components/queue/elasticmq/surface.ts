// ElasticMQ 1.7: the SQS server and, since 1.7, its user interface as a system of its own.
// Source: softwaremill/elasticmq v1.7.1 native-server/Dockerfile, ui/Dockerfile, docker-compose.yaml.

import type { Path } from "../../../core/index.ts";
import type {
  Flow,
  PlannedCluster,
  PlannedQueue,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { queueSecret } from "../queue-secret.ts";
import type { ElasticmqOptions } from "./options.ts";

export const MESSAGING_NAMESPACE = "messaging";
export const SQS_PORT = 9324;
/** The interface is a Next.js server; up to ElasticMQ 1.6 the server itself answered on 9325. */
export const INTERFACE_PORT = 3000;
/** Default `aws.accountId` and `aws.region` of ElasticMQ; part of every queue's URL. */
export const ACCOUNT = "000000000000";
export const REGION = "elasticmq";

export function elasticmqSurface(
  { cluster, path }: SurfaceContext,
  queues: readonly PlannedQueue[],
  options: ElasticmqOptions,
): Surface {
  if (queues.length === 0) return {};
  const origin = path;
  return {
    workloads: [serverWorkload(cluster, origin, options), interfaceWorkload(cluster, origin)],
    namespaces: [
      { name: MESSAGING_NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin },
    ],
    flows: [interfaceToServer(origin)],
    // ElasticMQ accepts any signature; the SDKs still insist on having keys.
    secrets: queues.map((queue) =>
      queueSecret(queue, [
        { key: "accessKeyId", source: "fixed", value: "elasticmq" },
        { key: "secretAccessKey", source: "fixed", value: "elasticmq" },
      ]),
    ),
  };
}

export function serverWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
  { resources }: ElasticmqOptions,
): Workload {
  return {
    kind: "Deployment",
    name: "elasticmq",
    namespace: MESSAGING_NAMESPACE,
    labels: { "app.kubernetes.io/name": "elasticmq", "app.kubernetes.io/component": "server" },
    serviceAccount: "elasticmq",
    replicas: 1,
    ports: [{ name: "sqs", port: SQS_PORT, protocol: "TCP" }],
    services: [
      {
        name: "elasticmq",
        type: "ClusterIP",
        ports: [{ name: "sqs", port: SQS_PORT, targetPort: SQS_PORT }],
      },
    ],
    containers: [
      {
        name: "elasticmq",
        image: versions.image("elasticmq"),
        requests: resources.requests,
        limits: resources.limits,
      },
    ],
    usesApi: false,
    component: "elasticmq",
    origin,
  };
}

export function interfaceWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
): Workload {
  return {
    kind: "Deployment",
    name: "elasticmq-ui",
    namespace: MESSAGING_NAMESPACE,
    labels: { "app.kubernetes.io/name": "elasticmq", "app.kubernetes.io/component": "ui" },
    serviceAccount: "elasticmq-ui",
    replicas: 1,
    ports: [{ name: "http", port: INTERFACE_PORT, protocol: "TCP" }],
    services: [
      {
        name: "elasticmq-ui",
        type: "ClusterIP",
        ports: [{ name: "http", port: 80, targetPort: INTERFACE_PORT }],
      },
    ],
    containers: [
      {
        name: "ui",
        image: versions.image("elasticmq-ui"),
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "250m", memory: "256Mi" },
      },
    ],
    usesApi: false,
    component: "elasticmq",
    origin,
  };
}

function interfaceToServer(origin: Path): Flow {
  return {
    name: "elasticmq-ui-to-elasticmq",
    from: { kind: "workload", namespace: MESSAGING_NAMESPACE, name: "elasticmq-ui" },
    to: { kind: "workload", namespace: MESSAGING_NAMESPACE, name: "elasticmq" },
    port: SQS_PORT,
    protocol: "TCP",
    purpose: "internal",
    application: "sqs",
    encryption: "none",
    origin,
  };
}
