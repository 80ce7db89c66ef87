// ElasticMQ speaks the SQS API inside the cluster. Messages live in memory of one pod: for development and tests, not for
// anything that must survive a restart.

import type {
  EmitContext,
  Emission,
  PlannedQueue,
  PlannedRoute,
  ResolveContext,
  Binding,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { queueVariables } from "../../bindings/index.ts";
import { emitterFor, serviceAccountOf, servicesOf } from "../../manifests/index.ts";
import { queueSecretId, queueSecretName } from "../queue-secret.ts";
import { elasticmqConfiguration, SERVER_HOST } from "./configuration.ts";
import { configurationMap, interfaceDeployment, serverDeployment } from "./deployment.ts";
import { elasticmqSchema, type ElasticmqOptions } from "./options.ts";
import {
  ACCOUNT,
  elasticmqSurface,
  INTERFACE_PORT,
  interfaceWorkload,
  MESSAGING_NAMESPACE,
  REGION,
  serverWorkload,
  SQS_PORT,
} from "./surface.ts";

const AREA = "infrastructure/messaging";

export const elasticmqProvider = defineProvider<PlannedQueue, ElasticmqOptions>({
  name: "elasticmq",
  serves: "queue",
  area: AREA,
  provides: ["queue"],
  options: elasticmqSchema,
  bind: bindElasticmq,
  surface: elasticmqSurface,
  intentRoutes: (context, queues) => (queues.length === 0 ? [] : [interfaceRoute(context)]),
  emit: emitElasticmq,
  local: async () => (await import("./local.ts")).elasticmqLocal,
});

function bindElasticmq(
  _context: ResolveContext,
  queue: Unbound<PlannedQueue>,
): Omit<Binding, "intent"> {
  const endpoint = `http://${SERVER_HOST}:${SQS_PORT}`;
  return {
    endpoint: { kind: "workload", namespace: MESSAGING_NAMESPACE, name: "elasticmq" },
    port: SQS_PORT,
    application: "sqs",
    encryption: "none",
    env: queueVariables(queue.name, {
      endpoint,
      queueUrl: `${endpoint}/${ACCOUNT}/${queue.name}`,
      region: REGION,
      secret: queueSecretName(queue),
    }),
    secrets: [queueSecretId(queue)],
  };
}

function interfaceRoute({ cluster, path }: ResolveContext): PlannedRoute {
  return {
    name: "elasticmq",
    namespace: MESSAGING_NAMESPACE,
    hostname: `elasticmq.${cluster.domain}`,
    paths: ["/"],
    service: "elasticmq-ui",
    servicePort: 80,
    workload: "elasticmq-ui",
    targetPort: INTERFACE_PORT,
    area: AREA,
    origin: path,
  };
}

function emitElasticmq(
  { cluster, path }: EmitContext,
  queues: readonly PlannedQueue[],
  options: ElasticmqOptions,
): Emission {
  const { platform } = cluster;
  const emitted = emitterFor(AREA, path);
  const server = serverWorkload(cluster, path, options);
  const userInterface = interfaceWorkload(cluster, path);
  const configuration = elasticmqConfiguration(queues);
  const objects = [
    serviceAccountOf(platform, server),
    configurationMap(cluster, server, configuration),
    serverDeployment(cluster, server, configuration),
    ...servicesOf(platform, server),
    serviceAccountOf(platform, userInterface),
    interfaceDeployment(cluster, userInterface),
    ...servicesOf(platform, userInterface),
  ];
  return { objects: objects.map((object) => emitted(object)) };
}
