// Velero from its chart, with its location and schedule as objects of our own. One a cluster. Names and keys as in
// vmware-tanzu/helm-charts charts/velero 12.1.0.

import type { Path } from "../../../core/index.ts";
import { parseDuration } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type {
  Binding,
  EmitContext,
  Emission,
  PlannedBucket,
  PlannedCluster,
  Surface,
  SurfaceContext,
  Workload,
} from "../../../model/index.ts";
import { variablePrefix } from "../../bindings/index.ts";
import {
  chartRelease,
  emitterFor,
  environmentOf,
  systemLabels,
  systemWorkload,
  type Fields,
} from "../../manifests/index.ts";
import { backupFlow } from "../backup-job.ts";
import { scheduled } from "../backup-options.ts";
import { BACKUP_AREA } from "../backup-namespace.ts";
import { bucketOf } from "../planned-backup.ts";
import { veleroSchema, type VeleroOptions } from "./options.ts";

const CHART = "velero";
const NAMESPACE = "velero";
const HOUR_MS = 3_600_000;
const RESOURCES = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
} as const;
const RESTRICTED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
} as const;

export const veleroFiller = defineSlotFiller<VeleroOptions>({
  name: CHART,
  slot: "backup",
  area: BACKUP_AREA,
  provides: ["clusterBackup"],
  needs: ["bucket"],
  options: veleroSchema,
  surface: veleroSurface,
  emit: emitVelero,
  apiGroups: ["velero.io"],
  crds: async () => [(await import("./crds.facts.ts")).veleroCrdFacts],
  behaviour: async () => (await import("./behaviour.ts")).behaviour,
});

function veleroSurface({ cluster, path }: SurfaceContext, options: VeleroOptions): Surface {
  const bucket = bucketOf(cluster, options.to);
  if (bucket === undefined) return {};
  const workload = veleroWorkload(cluster, path);
  return {
    workloads: [workload],
    backups: [scheduled("cluster", options, path)],
    namespaces: [{ name: NAMESPACE, tenancy: "platform", podSecurity: "restricted", origin: path }],
    flows: [backupFlow("velero-to-bucket", workload, bucket.binding)],
    secretCopies: bucket.binding.secrets.map((id) => ({ id, namespace: NAMESPACE })),
    alerts: [
      {
        name: "ClusterBackupMissed",
        expression: "time() - velero_backup_last_successful_timestamp > 93600",
        holds: "15m",
        severity: "critical",
        summary: "the last good backup by {{ $labels.schedule }} is older than 26 hours",
        runbook: "https://velero.io/docs/main/troubleshooting/",
        component: CHART,
        origin: path,
      },
    ],
  };
}

function veleroWorkload({ versions }: Pick<PlannedCluster, "versions">, origin: Path): Workload {
  return systemWorkload({
    name: CHART,
    namespace: NAMESPACE,
    labels: { "app.kubernetes.io/name": CHART, name: CHART },
    serviceAccount: "velero-server",
    ports: { "http-monitoring": 8085 },
    containers: [
      {
        name: CHART,
        image: `docker.io/velero/velero:v${versions.chart(CHART).appVersion}`,
        ...RESOURCES,
      },
    ],
    usesApi: true,
    metrics: { port: 8085, path: "/metrics" },
    component: CHART,
    origin,
  });
}

function emitVelero(context: EmitContext, options: VeleroOptions): Emission {
  const { cluster, path } = context;
  const bucket = bucketOf(cluster, options.to);
  if (bucket === undefined) return {};
  const emitted = emitterFor(BACKUP_AREA, path);
  return {
    charts: [
      chartRelease(context, {
        chart: CHART,
        name: CHART,
        namespace: NAMESPACE,
        area: BACKUP_AREA,
        values: values(cluster, bucket),
      }),
    ],
    objects: [emitted(location(cluster, bucket)), emitted(schedule(cluster, options, path))],
  };
}

function values({ versions }: PlannedCluster, { binding }: PlannedBucket): Fields {
  return {
    resources: RESOURCES,
    podSecurityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containerSecurityContext: RESTRICTED,
    initContainers: [
      {
        name: "plugin-aws",
        image: versions.image("velero-plugin-for-aws"),
        securityContext: RESTRICTED,
        resources: {
          requests: { cpu: "10m", memory: "32Mi" },
          limits: { cpu: "100m", memory: "64Mi" },
        },
        volumeMounts: [{ name: "plugins", mountPath: "/target" }],
      },
    ],
    configuration: {
      // Objects of our own, so that what is checked is what is applied.
      backupStorageLocation: [],
      volumeSnapshotLocation: [],
      features: "EnableCSI",
      extraEnvVars: credentials(binding),
    },
    credentials: { useSecret: false },
    // A hook that would need rights on CRDs; the engine applies the chart's own.
    upgradeCRDs: false,
    snapshotsEnabled: true,
  };
}

/** What the AWS SDK in the plugin reads, from the bucket's own secret. */
function credentials({ intent, env }: Binding): Fields[] {
  const prefix = `${variablePrefix(intent.name)}_BUCKET`;
  const names = new Map([
    [`${prefix}_ACCESS_KEY_ID`, "AWS_ACCESS_KEY_ID"],
    [`${prefix}_SECRET_ACCESS_KEY`, "AWS_SECRET_ACCESS_KEY"],
  ]);
  return environmentOf(
    env.flatMap((variable) => {
      const name = names.get(variable.name);
      return name === undefined ? [] : [{ ...variable, name }];
    }),
  );
}

function location({ platform }: PlannedCluster, { binding }: PlannedBucket): KubernetesObject {
  const prefix = `${variablePrefix(binding.intent.name)}_BUCKET`;
  const valueOf = (suffix: string): string => {
    const variable = binding.env.find(({ name }) => name === `${prefix}${suffix}`);
    return variable !== undefined && "value" in variable ? variable.value : "";
  };
  return {
    apiVersion: "velero.io/v1",
    kind: "BackupStorageLocation",
    metadata: {
      name: "default",
      namespace: NAMESPACE,
      labels: systemLabels(platform, CHART, "location"),
    },
    spec: {
      default: true,
      provider: "aws",
      objectStorage: { bucket: valueOf(""), prefix: "velero" },
      config: { region: valueOf("_REGION"), s3Url: valueOf("_ENDPOINT"), s3ForcePathStyle: "true" },
    },
  };
}

/** Its key in the definition. */
function nameOf(path: Path): string {
  const key = path.at(-1);
  return typeof key === "string" ? key : CHART;
}

function schedule(
  { platform }: PlannedCluster,
  { schedule: cron, timeZone, keep, namespaces }: VeleroOptions,
  path: Path,
): KubernetesObject {
  const hours = Math.max(1, Math.round((parseDuration(keep) ?? 0) / HOUR_MS));
  return {
    apiVersion: "velero.io/v1",
    kind: "Schedule",
    metadata: {
      name: nameOf(path),
      namespace: NAMESPACE,
      labels: systemLabels(platform, CHART, "schedule"),
    },
    spec: {
      // Velero's cron library takes the zone in the text.
      schedule: `CRON_TZ=${timeZone} ${cron}`,
      template: {
        ttl: `${hours}h0m0s`,
        storageLocation: "default",
        snapshotVolumes: true,
        ...(namespaces.length === 0 ? {} : { includedNamespaces: namespaces }),
      },
    },
  };
}
