// Deployments of the server and its interface. Messages live in memory: one pod, never two at a time.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { nameHash } from "../../../core/index.ts";
import type { PlannedCluster, Workload } from "../../../model/index.ts";
import { deploymentOf, metadataOf, podTemplate } from "../../manifests/index.ts";
import { SERVER_HOST } from "./configuration.ts";
import { INTERFACE_PORT, SQS_PORT } from "./surface.ts";

/** Neither image sets a user; `node` in the interface's base image is 1000, and the server runs as anybody. */
const USER_ID = 1000;

export function configurationMap(
  { platform }: PlannedCluster,
  workload: Workload,
  configuration: string,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(platform, workload, "elasticmq-configuration"),
    data: { "elasticmq.conf": configuration },
  };
}

export function serverDeployment(
  { platform }: PlannedCluster,
  workload: Workload,
  configuration: string,
): KubernetesObject {
  const health = { httpGet: { path: "/health", port: "sqs" } };
  const template = podTemplate(platform, workload, {
    // Queues are read at start: a changed configuration must start a new pod.
    annotations: { "keelson.dev/configuration-hash": nameHash(configuration) },
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID },
    containers: {
      elasticmq: {
        readinessProbe: { ...health, periodSeconds: 5 },
        livenessProbe: { ...health, periodSeconds: 20, failureThreshold: 3 },
        volumeMounts: [
          { name: "configuration", mountPath: "/opt/elasticmq.conf", subPath: "elasticmq.conf" },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    },
    volumes: [
      { name: "configuration", configMap: { name: "elasticmq-configuration" } },
      { name: "tmp", emptyDir: {} },
    ],
  });
  return deploymentOf(
    platform,
    workload,
    // A second pod would be a second, empty set of queues.
    { replicas: workload.replicas, strategy: { type: "Recreate" } },
    template,
  );
}

export function interfaceDeployment(
  { platform }: PlannedCluster,
  workload: Workload,
): KubernetesObject {
  const health = { httpGet: { path: "/", port: "http" } };
  const template = podTemplate(platform, workload, {
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID },
    containers: {
      ui: {
        env: [
          { name: "PORT", value: String(INTERFACE_PORT) },
          { name: "SQS_ENDPOINT", value: `http://${SERVER_HOST}:${SQS_PORT}` },
        ],
        readinessProbe: { ...health, periodSeconds: 10 },
        // The page asks the server for its queues; a server that is away must not restart the interface.
        livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 30 },
        volumeMounts: [
          { name: "cache", mountPath: "/app/.next/cache" },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    },
    volumes: [
      { name: "cache", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
    ],
  });
  return deploymentOf(platform, workload, { replicas: workload.replicas }, template);
}
