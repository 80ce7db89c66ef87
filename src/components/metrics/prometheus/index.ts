// Prometheus from plain files, for platforms that want no operator: a scrape job for every target of the graph, the platform's
// alerts, and an Alertmanager of one pod. A change of a file is a change of the pod.

import { nameHash } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, Emission, Workload } from "../../../model/index.ts";
import {
  emitterFor,
  type Fields,
  metadataOf,
  podTemplate,
  serviceAccountOf,
  servicesOf,
  statefulSetOf,
  systemLabels,
} from "../../manifests/index.ts";
import { MONITORING_AREA } from "../../monitoring/namespace.ts";
import { scrapeTargets } from "../../monitoring/scrape-targets.ts";
import { metricsStoreSchema, settleStore, type MetricsStoreOptions } from "../store-options.ts";
import {
  alertmanagerConfiguration,
  alertRules,
  ALERTS_FILE,
  prometheusConfiguration,
  RULES_FILE,
  SCRAPE_FILE,
} from "./configuration.ts";
import {
  ALERTMANAGER,
  ALERTMANAGER_PORT,
  alertmanagerWorkload,
  COMPONENT,
  PROMETHEUS,
  prometheusOffers,
  prometheusSurface,
  prometheusWorkload,
} from "./surface.ts";

const RBAC = "rbac.authorization.k8s.io";
const DATA = "/prometheus";
/** `nobody`, the user of both images. */
const USER_ID = 65_534;

export const prometheusFiller = defineSlotFiller<MetricsStoreOptions>({
  name: COMPONENT,
  slot: "metrics",
  area: MONITORING_AREA,
  provides: ["metrics"],
  options: metricsStoreSchema,
  resolve: settleStore,
  offers: prometheusOffers,
  surface: prometheusSurface,
  emit: emitPrometheus,
});

function emitPrometheus(context: EmitContext, options: MetricsStoreOptions): Emission {
  const { cluster, path } = context;
  const emitted = emitterFor(MONITORING_AREA, path);
  const server = prometheusWorkload(cluster, path, options);
  const alerts = alertmanagerWorkload(cluster, path);
  const alertmanager = `${ALERTMANAGER.name}.${ALERTMANAGER.namespace}.svc:${ALERTMANAGER_PORT}`;
  const files = {
    [SCRAPE_FILE]: prometheusConfiguration(cluster, scrapeTargets(context), options, alertmanager),
    [RULES_FILE]: alertRules(cluster),
  };
  const objects = [
    ...program(cluster.platform, server, files, serverParts(options)),
    ...podReader(cluster.platform),
    ...program(
      cluster.platform,
      alerts,
      { [ALERTS_FILE]: alertmanagerConfiguration() },
      ALERT_PARTS,
    ),
  ];
  return { objects: objects.map((object) => emitted(object)) };
}

interface ProgramParts {
  readonly args: readonly string[];
  /** Where its files lie, and where it writes. */
  readonly files: string;
  readonly data: string;
  readonly claim?: Fields;
}

function program(
  platform: string,
  workload: Workload,
  files: Readonly<Record<string, string>>,
  parts: ProgramParts,
): KubernetesObject[] {
  const configuration = `${workload.name}-configuration`;
  const health = { httpGet: { path: "/-/ready", port: "web" } };
  const template = podTemplate(platform, workload, {
    annotations: { "keelson.dev/configuration-hash": nameHash(JSON.stringify(files)) },
    securityContext: { runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: USER_ID },
    containers: {
      [workload.containers[0]?.name ?? ""]: {
        args: parts.args,
        readinessProbe: { ...health, periodSeconds: 10 },
        livenessProbe: { httpGet: { path: "/-/healthy", port: "web" }, periodSeconds: 20 },
        volumeMounts: [
          { name: "configuration", mountPath: parts.files, readOnly: true },
          { name: "data", mountPath: parts.data },
        ],
      },
    },
    volumes: [
      { name: "configuration", configMap: { name: configuration } },
      ...(parts.claim === undefined ? [{ name: "data", emptyDir: {} }] : []),
    ],
  });
  const claims = parts.claim === undefined ? {} : { volumeClaimTemplates: [parts.claim] };
  return [
    serviceAccountOf(platform, workload),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: metadataOf(platform, workload, configuration),
      data: files,
    },
    statefulSetOf(platform, workload, { serviceName: workload.name, ...claims }, template),
    ...servicesOf(platform, workload),
  ];
}

function serverParts({ retention, storage, storageClass }: MetricsStoreOptions): ProgramParts {
  const claim =
    typeof storage === "string"
      ? {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
            resources: { requests: { storage } },
          },
        }
      : undefined;
  return {
    args: [
      `--config.file=/etc/prometheus/${SCRAPE_FILE}`,
      `--storage.tsdb.path=${DATA}`,
      `--storage.tsdb.retention.time=${retention}`,
    ],
    files: "/etc/prometheus",
    data: DATA,
    ...(claim === undefined ? {} : { claim }),
  };
}

const ALERT_PARTS: ProgramParts = {
  args: [`--config.file=/etc/alertmanager/${ALERTS_FILE}`, "--storage.path=/alertmanager"],
  files: "/etc/alertmanager",
  data: "/alertmanager",
};

/** Targets lie in every namespace. */
function podReader(platform: string): KubernetesObject[] {
  const name = "prometheus-targets";
  const labels = systemLabels(platform, COMPONENT, "server");
  return [
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRole",
      metadata: { name, labels },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name, labels },
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", ...PROMETHEUS }],
    },
  ];
}
