// The OpenTelemetry Collector: one address for everything services tell of themselves, whoever keeps it.

import { nameHash, type Path } from "../../../core/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type {
  EmitContext,
  Emission,
  Flow,
  Offer,
  PlannedApp,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import {
  deploymentOf,
  emitterFor,
  flowToOffer,
  metadataOf,
  podTemplate,
  serviceAccountOf,
  servicesOf,
  systemWorkload,
} from "../../manifests/index.ts";
import {
  MONITORING_AREA,
  MONITORING_NAMESPACE,
  monitoringNamespace,
} from "../../monitoring/namespace.ts";
import { withTelemetryVariables } from "./app-variables.ts";
import { collectorConfiguration, PORTS } from "./configuration.ts";
import { otelCollectorSchema, type OtelCollectorOptions } from "./options.ts";

const NAME = "otel-collector";
const CONFIGURATION = "otel-collector-configuration";
/** As the image's own user. */
const USER_ID = 10_001;
const HOST = `http://${NAME}.${MONITORING_NAMESPACE}.svc`;
const ENDPOINT = `${HOST}:${PORTS.otlpHttp}`;

export const otelCollectorFiller = defineSlotFiller<OtelCollectorOptions>({
  name: NAME,
  slot: "telemetry",
  area: MONITORING_AREA,
  provides: ["otlp"],
  options: otelCollectorSchema,
  offers: () => [offer(PORTS.otlpHttp), offer(PORTS.otlpGrpc)],
  surface: collectorSurface,
  emit: emitCollector,
  // Before components that wrap or harden what apps run in.
  decorateOrder: 50,
  decorate: (object, context) => withTelemetryVariables(object, context, ENDPOINT),
});

function offer(port: number): Offer {
  const endpoint = { kind: "workload", namespace: MONITORING_NAMESPACE, name: NAME } as const;
  return {
    capability: "otlp",
    form: "otlp",
    component: NAME,
    url: `${HOST}:${port}`,
    endpoint,
    port,
  };
}

function collectorSurface(
  { cluster, path }: SurfaceContext,
  options: OtelCollectorOptions,
): Surface {
  const workload = collectorWorkload(cluster, path, options);
  const sinks = cluster.offers.filter(({ capability }) => capability === "traceSink");
  return {
    workloads: [workload],
    namespaces: [monitoringNamespace(path)],
    flows: [
      ...cluster.apps.map((app) => flowOfApp(app, path)),
      ...sinks.map((sink) => flowToOffer(workload, sink, path)),
    ],
  };
}

function flowOfApp({ name, namespace }: PlannedApp, origin: Path): Flow {
  return { ...flowToOffer({ name, namespace }, offer(PORTS.otlpHttp), origin), purpose: "app" };
}

function collectorWorkload(
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
  { replicas }: OtelCollectorOptions,
): Workload {
  const port = (name: string, number: number) => ({ name, port: number, targetPort: number });
  return systemWorkload({
    name: NAME,
    namespace: MONITORING_NAMESPACE,
    labels: { "app.kubernetes.io/name": NAME, "app.kubernetes.io/component": "gateway" },
    replicas,
    ports: {
      "otlp-grpc": PORTS.otlpGrpc,
      "otlp-http": PORTS.otlpHttp,
      metrics: PORTS.metrics,
      health: PORTS.health,
    },
    services: [
      {
        name: NAME,
        type: "ClusterIP",
        ports: [port("otlp-grpc", PORTS.otlpGrpc), port("otlp-http", PORTS.otlpHttp)],
      },
    ],
    containers: [
      {
        name: NAME,
        image: versions.image("otel-collector"),
        requests: { cpu: "100m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      },
    ],
    metrics: { port: PORTS.metrics, path: "/metrics" },
    component: NAME,
    origin,
  });
}

function emitCollector({ cluster, path }: EmitContext, options: OtelCollectorOptions): Emission {
  const { platform } = cluster;
  const workload = collectorWorkload(cluster, path, options);
  const configuration = collectorConfiguration(cluster);
  const health = { httpGet: { path: "/", port: "health" } };
  const template = podTemplate(platform, workload, {
    annotations: { "keelson.dev/configuration-hash": nameHash(configuration) },
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID },
    containers: {
      [NAME]: {
        args: ["--config=/etc/otel/config.yaml"],
        readinessProbe: { ...health, periodSeconds: 5 },
        livenessProbe: { ...health, periodSeconds: 20, failureThreshold: 3 },
        volumeMounts: [{ name: "configuration", mountPath: "/etc/otel", readOnly: true }],
      },
    },
    volumes: [{ name: "configuration", configMap: { name: CONFIGURATION } }],
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
    deploymentOf(platform, workload, { replicas: workload.replicas }, template),
    ...servicesOf(platform, workload),
  ];
  return { objects: objects.map((object) => emitted(object)) };
}
