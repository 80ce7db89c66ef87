// Jaeger 2 as one pod: its own chart calls itself experimental, and one StatefulSet is all it is. Badger on a volume where
// traces have to last; one writer, so never two pods.

import { nameHash, type Path } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type {
  EmitContext,
  Emission,
  Offer,
  PlannedCluster,
  PlannedRoute,
  ResolveContext,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import {
  emitterFor,
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
import { DATA_DIRECTORY, jaegerConfiguration, PORTS } from "./configuration.ts";
import { jaegerSchema, settleJaeger, type JaegerOptions } from "./options.ts";

const NAME = "jaeger";
const CONFIGURATION = "jaeger-configuration";
/** As the image's own user. */
const USER_ID = 10_001;

export const jaegerFiller = defineSlotFiller<JaegerOptions>({
  name: NAME,
  slot: "traces",
  area: MONITORING_AREA,
  provides: ["traces"],
  options: jaegerSchema,
  resolve: settleJaeger,
  offers: ({ cluster }) => (cluster.primary ? jaegerOffers(cluster) : []),
  routes: (context) => (context.cluster.primary ? [route(context)] : []),
  surface: ({ cluster, path }: SurfaceContext): Surface =>
    cluster.primary
      ? { workloads: [jaegerWorkload(cluster, path)], namespaces: [monitoringNamespace(path)] }
      : {},
  emit: emitJaeger,
});

/** Without a collector, whoever sends spans by gRPC (a mesh's proxies) sends them here. */
function jaegerOffers({ slots }: Pick<PlannedCluster, "slots">): Offer[] {
  const endpoint = { kind: "workload", namespace: MONITORING_NAMESPACE, name: NAME } as const;
  const host = `http://${NAME}.${MONITORING_NAMESPACE}.svc`;
  const offer = (capability: Offer["capability"], form: string, port: number): Offer => ({
    capability,
    form,
    component: NAME,
    url: `${host}:${port}`,
    endpoint,
    port,
  });
  const isCollected = slots.some(({ slot }) => slot === "telemetry");
  return [
    offer("tracesQuery", "jaeger", PORTS.query),
    offer("traceSink", "otlp", PORTS.otlpGrpc),
    ...(isCollected ? [] : [offer("otlp", "otlp", PORTS.otlpGrpc)]),
  ];
}

function route({ cluster, path }: ResolveContext): PlannedRoute {
  return {
    name: NAME,
    namespace: MONITORING_NAMESPACE,
    hostname: `jaeger.${cluster.domain}`,
    paths: ["/"],
    service: NAME,
    servicePort: PORTS.query,
    workload: NAME,
    targetPort: PORTS.query,
    area: MONITORING_AREA,
    origin: path,
  };
}

function jaegerWorkload({ versions }: Pick<PlannedCluster, "versions">, origin: Path): Workload {
  const port = (name: string, number: number) => ({ name, port: number, targetPort: number });
  return systemWorkload({
    kind: "StatefulSet",
    name: NAME,
    namespace: MONITORING_NAMESPACE,
    labels: { "app.kubernetes.io/name": NAME, "app.kubernetes.io/component": "all-in-one" },
    ports: {
      query: PORTS.query,
      "otlp-grpc": PORTS.otlpGrpc,
      "otlp-http": PORTS.otlpHttp,
      metrics: PORTS.metrics,
      health: PORTS.health,
    },
    services: [
      {
        name: NAME,
        type: "ClusterIP",
        ports: [
          port("query", PORTS.query),
          port("otlp-grpc", PORTS.otlpGrpc),
          port("otlp-http", PORTS.otlpHttp),
        ],
      },
    ],
    containers: [
      {
        name: NAME,
        image: versions.image("jaeger"),
        requests: { cpu: "100m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "1Gi" },
      },
    ],
    metrics: { port: PORTS.metrics, path: "/metrics" },
    component: NAME,
    origin,
  });
}

function emitJaeger({ cluster, path }: EmitContext, options: JaegerOptions): Emission {
  if (!cluster.primary) return {};
  const { platform } = cluster;
  const workload = jaegerWorkload(cluster, path);
  const emitted = emitterFor(MONITORING_AREA, path);
  const objects = [
    serviceAccountOf(platform, workload),
    configurationMap(platform, workload, options),
    statefulSet(platform, workload, options),
    ...servicesOf(platform, workload),
  ];
  return { objects: objects.map((object) => emitted(object)) };
}

function configurationMap(
  platform: string,
  workload: Workload,
  options: JaegerOptions,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(platform, workload, CONFIGURATION),
    data: { "config.yaml": jaegerConfiguration(options) },
  };
}

function statefulSet(
  platform: string,
  workload: Workload,
  options: JaegerOptions,
): KubernetesObject {
  const lasting = typeof options.storage === "string";
  const template = podTemplate(platform, workload, {
    annotations: { "keelson.dev/configuration-hash": nameHash(jaegerConfiguration(options)) },
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: USER_ID },
    containers: { [NAME]: container(lasting) },
    volumes: [
      { name: "configuration", configMap: { name: CONFIGURATION } },
      { name: "tmp", emptyDir: {} },
    ],
  });
  const claims = lasting ? { volumeClaimTemplates: [claim(options)] } : {};
  return statefulSetOf(platform, workload, { serviceName: NAME, ...claims }, template);
}

function container(lasting: boolean): Fields {
  const health = { httpGet: { path: "/status", port: "health" } };
  return {
    args: ["--config", "/etc/jaeger/config.yaml"],
    readinessProbe: { ...health, periodSeconds: 5 },
    livenessProbe: { ...health, periodSeconds: 20, failureThreshold: 3 },
    volumeMounts: [
      { name: "configuration", mountPath: "/etc/jaeger", readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      ...(lasting ? [{ name: "data", mountPath: DATA_DIRECTORY }] : []),
    ],
  };
}

function claim({ storage, storageClass }: JaegerOptions): Fields {
  return {
    metadata: { name: "data" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage } },
    },
  };
}
