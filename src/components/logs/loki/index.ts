// Loki as one StatefulSet: the chart's Monolithic mode without its gateway, caches and canary. Lines are safe in the bucket
// once they are flushed; what is not lies in the log on the volume.

import { invariant, nameHash, type Path } from "../../../core/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type {
  EmitContext,
  Emission,
  Offer,
  PlannedBucket,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import {
  emitterFor,
  environmentOf,
  metadataOf,
  podTemplate,
  serviceAccountOf,
  servicesOf,
  statefulSetOf,
  systemWorkload,
  type Fields,
} from "../../manifests/index.ts";
import {
  MONITORING_AREA,
  MONITORING_NAMESPACE,
  monitoringNamespace,
} from "../../monitoring/namespace.ts";
import { DATA_DIRECTORY, GRPC_PORT, HTTP_PORT, lokiConfiguration } from "./configuration.ts";
import { lokiSchema, type LokiOptions } from "./options.ts";

const NAME = "loki";
const CONFIGURATION = "loki-configuration";
/** As the image's own user. */
const USER_ID = 10_001;

export const lokiFiller = defineSlotFiller<LokiOptions>({
  name: NAME,
  slot: "logs",
  area: MONITORING_AREA,
  provides: ["logs"],
  needs: ["bucket"],
  options: lokiSchema,
  offers: ({ cluster }) => (cluster.primary ? [offer("logsQuery"), offer("logSink")] : []),
  surface: lokiSurface,
  emit: emitLoki,
});

function offer(capability: Offer["capability"]): Offer {
  const endpoint = { kind: "workload", namespace: MONITORING_NAMESPACE, name: NAME } as const;
  const url = `http://${NAME}.${MONITORING_NAMESPACE}.svc:${HTTP_PORT}`;
  return { capability, form: "loki", component: NAME, url, endpoint, port: HTTP_PORT };
}

function bucketOf({ buckets }: Pick<PlannedCluster, "buckets">, name: string): PlannedBucket {
  const bucket = buckets.find((one) => one.name === name);
  invariant(bucket, `the parser knows the bucket ${name}`);
  return bucket;
}

function lokiSurface({ cluster, path }: SurfaceContext, { to }: LokiOptions): Surface {
  if (!cluster.primary) return {};
  const { binding } = bucketOf(cluster, to);
  return {
    workloads: [lokiWorkload(cluster, path)],
    namespaces: [monitoringNamespace(path)],
    flows: [
      {
        name: `${NAME}-to-bucket`,
        from: { kind: "workload", namespace: MONITORING_NAMESPACE, name: NAME },
        to: binding.endpoint,
        port: binding.port,
        protocol: "TCP",
        purpose: "data",
        application: binding.application,
        encryption: binding.encryption,
        origin: path,
      },
    ],
    secretCopies: binding.secrets.map((id) => ({ id, namespace: MONITORING_NAMESPACE })),
  };
}

function lokiWorkload({ versions }: Pick<PlannedCluster, "versions">, origin: Path): Workload {
  return systemWorkload({
    kind: "StatefulSet",
    name: NAME,
    namespace: MONITORING_NAMESPACE,
    labels: { "app.kubernetes.io/name": NAME, "app.kubernetes.io/component": "single-binary" },
    ports: { http: HTTP_PORT, grpc: GRPC_PORT },
    services: [
      {
        name: NAME,
        type: "ClusterIP",
        ports: [{ name: "http", port: HTTP_PORT, targetPort: HTTP_PORT }],
      },
    ],
    containers: [
      {
        name: NAME,
        image: versions.image("loki"),
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "1", memory: "1Gi" },
      },
    ],
    metrics: { port: HTTP_PORT, path: "/metrics" },
    component: NAME,
    origin,
  });
}

function emitLoki({ cluster, path }: EmitContext, options: LokiOptions): Emission {
  if (!cluster.primary) return {};
  const { platform } = cluster;
  const { binding } = bucketOf(cluster, options.to);
  const workload = lokiWorkload(cluster, path);
  const configuration = lokiConfiguration(binding, options);
  const template = podTemplate(platform, workload, {
    annotations: { "keelson.dev/configuration-hash": nameHash(configuration) },
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: USER_ID },
    containers: { [NAME]: { ...container(), env: environmentOf(binding.env) } },
    volumes: [
      { name: "configuration", configMap: { name: CONFIGURATION } },
      { name: "tmp", emptyDir: {} },
    ],
  });
  const emitted = emitterFor(MONITORING_AREA, path);
  const objects = [
    serviceAccountOf(platform, workload),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: metadataOf(platform, workload, CONFIGURATION),
      data: { "config.yaml": configuration },
    },
    statefulSetOf(
      platform,
      workload,
      { serviceName: NAME, volumeClaimTemplates: [claim(options)] },
      template,
    ),
    ...servicesOf(platform, workload),
  ];
  return { objects: objects.map((object) => emitted(object)) };
}

function container(): Fields {
  const health = { httpGet: { path: "/ready", port: "http" } };
  return {
    args: ["-config.file=/etc/loki/config.yaml", "-config.expand-env=true"],
    readinessProbe: { ...health, periodSeconds: 10 },
    // Not ready while it replays its log: only a hanging process is started anew.
    livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, failureThreshold: 6 },
    volumeMounts: [
      { name: "configuration", mountPath: "/etc/loki", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      { name: "data", mountPath: DATA_DIRECTORY },
    ],
  };
}

function claim({ storage, storageClass }: LokiOptions): Fields {
  return {
    metadata: { name: "data" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage } },
    },
  };
}
