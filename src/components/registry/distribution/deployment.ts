// The registry's objects: configuration, volume, Deployment, and the NodePort a laptop's nodes pull through.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { nameHash } from "../../../core/index.ts";
import type { PlannedCluster, Workload } from "../../../model/index.ts";
import { deploymentOf, metadataOf, podTemplate, type Fields } from "../../manifests/index.ts";
import type { NodePorts } from "../../substrates/node-ports.ts";
import { AUTH_DIRECTORY, DATA_DIRECTORY, registryConfiguration } from "./configuration.ts";
import type { DistributionOptions } from "./options.ts";
import { CREDENTIALS, NODE_SERVICE, REGISTRY_PORT } from "./surface.ts";

/** The image sets no user; the registry runs as anybody who may write its volume. */
const USER_ID = 1000;
const CONFIGURATION = "registry-configuration";

export function configurationMap(
  { platform }: PlannedCluster,
  workload: Workload,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(platform, workload, CONFIGURATION),
    data: { "config.yml": registryConfiguration() },
  };
}

export function layersClaim(
  { platform }: PlannedCluster,
  workload: Workload,
  { storage, storageClass }: DistributionOptions,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadataOf(platform, workload, "registry-layers"),
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage } },
    },
  };
}

export function registryDeployment(
  { platform }: PlannedCluster,
  workload: Workload,
): KubernetesObject {
  const template = podTemplate(platform, workload, {
    annotations: { "keelson.dev/configuration-hash": nameHash(registryConfiguration()) },
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: USER_ID },
    containers: { registry: registryContainer() },
    volumes: [
      { name: "configuration", configMap: { name: CONFIGURATION } },
      {
        name: "auth",
        secret: { secretName: CREDENTIALS, items: [{ key: "htpasswd", path: "htpasswd" }] },
      },
      { name: "layers", persistentVolumeClaim: { claimName: "registry-layers" } },
      { name: "tmp", emptyDir: {} },
    ],
  });
  return deploymentOf(
    platform,
    workload,
    // The volume attaches to one node at a time: a surging second pod would wait for it forever.
    { replicas: workload.replicas, strategy: { type: "Recreate" } },
    template,
  );
}

function registryContainer(): Fields {
  const health = { httpGet: { path: "/debug/health", port: "debug" } };
  return {
    readinessProbe: { ...health, periodSeconds: 5 },
    livenessProbe: { ...health, periodSeconds: 20, failureThreshold: 3 },
    volumeMounts: [
      {
        name: "configuration",
        mountPath: "/etc/distribution/config.yml",
        subPath: "config.yml",
        readOnly: true,
      },
      { name: "auth", mountPath: AUTH_DIRECTORY, readOnly: true },
      { name: "layers", mountPath: DATA_DIRECTORY },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** For the nodes themselves, which cannot resolve the names of Services. */
export function nodeService(
  { platform }: PlannedCluster,
  workload: Workload,
  { registry }: NodePorts,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(platform, workload, NODE_SERVICE),
    spec: {
      type: "NodePort",
      selector: workload.labels,
      ports: [
        {
          name: "http",
          port: REGISTRY_PORT,
          targetPort: "http",
          nodePort: registry,
          protocol: "TCP",
        },
      ],
    },
  };
}
