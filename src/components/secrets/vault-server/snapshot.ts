// Copies of the raft storage in a bucket: the server writes a snapshot, rclone takes it away. The job signs in with its own
// service account, which may do nothing else.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, Surface, SurfaceContext, Workload } from "../../../model/index.ts";
import type { Path } from "../../../core/index.ts";
import { backupCronJob, backupFlow, WORK_DIRECTORY, WORK_MOUNTS } from "../../backup/backup-job.ts";
import { keepSeconds } from "../../backup/backup-options.ts";
import { bucketOf } from "../../backup/planned-backup.ts";
import { bucketNameOf, RCLONE_SETTINGS, rcloneRemote } from "../../backup/rclone.ts";
import {
  containerOf,
  environmentOf,
  serviceAccountOf,
  systemWorkload,
  type Fields,
} from "../../manifests/index.ts";
import type { Flavour } from "./flavour.ts";
import type { VaultServerOptions } from "./options.ts";
import { activeHost, API_PORT, FORM, tlsSecretOf } from "./names.ts";

const DEADLINE_SECONDS = 1800;
const TLS_DIRECTORY = "/tls";
const RESOURCES = {
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
} as const;

export const snapshotName = ({ name }: Flavour): string => `${name}-snapshot`;

export function snapshotSurface(
  flavour: Flavour,
  { cluster, path }: SurfaceContext,
  { snapshots, tls }: VaultServerOptions,
): Surface {
  const target = snapshots && bucketOf(cluster, snapshots.to);
  if (target === undefined) return {};
  const { name } = flavour;
  const job = snapshotWorkload(flavour, cluster, path);
  return {
    workloads: [job],
    flows: [
      {
        name: `${job.name}-to-${name}`,
        from: { kind: "workload", namespace: name, name: job.name },
        to: { kind: "workload", namespace: name, name },
        port: API_PORT,
        protocol: "TCP",
        purpose: "backup",
        application: FORM,
        encryption: tls ? "tls" : "none",
        origin: path,
      },
      backupFlow(`${job.name}-to-bucket`, job, target.binding),
    ],
    secretCopies: target.binding.secrets.map((id) => ({ id, namespace: name })),
  };
}

function snapshotWorkload(
  flavour: Flavour,
  { versions }: Pick<PlannedCluster, "versions">,
  origin: Path,
): Workload {
  const name = snapshotName(flavour);
  return systemWorkload({
    kind: "CronJob",
    name,
    namespace: flavour.name,
    labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": flavour.name },
    ports: {},
    containers: [{ name: "copy", image: versions.image("rclone"), ...RESOURCES }],
    // For the token it signs in with.
    usesApi: true,
    component: flavour.name,
    origin,
  });
}

export function snapshotObjects(
  flavour: Flavour,
  cluster: PlannedCluster,
  path: Path,
  { snapshots, tls }: VaultServerOptions,
): KubernetesObject[] {
  const target = snapshots && bucketOf(cluster, snapshots.to);
  if (snapshots === undefined || target === undefined) return [];
  const workload = snapshotWorkload(flavour, cluster, path);
  const folder = `target:${bucketNameOf(target.binding)}/${flavour.name}/${cluster.target}`;
  const copy = [
    `rclone copy ${WORK_DIRECTORY} ${folder}`,
    `rclone delete --min-age ${keepSeconds(snapshots)}s ${folder}`,
  ];
  return [
    serviceAccountOf(cluster.platform, workload),
    backupCronJob({
      platform: cluster.platform,
      workload,
      when: snapshots,
      deadlineSeconds: DEADLINE_SECONDS,
      volumes: tls ? [{ name: "tls", secret: { secretName: tlsSecretOf(flavour) } }] : [],
      parts: {
        initContainers: [snapshotContainer(flavour, cluster, tls)],
        containers: {
          copy: {
            command: ["/bin/sh", "-ec", `${copy.join("\n")}\n`],
            env: environmentOf([...RCLONE_SETTINGS, ...rcloneRemote("target", target.binding)]),
            volumeMounts: WORK_MOUNTS,
          },
        },
      },
    }),
  ];
}

function snapshotContainer(
  flavour: Flavour,
  { versions }: Pick<PlannedCluster, "versions">,
  tls: boolean | undefined,
): Fields {
  const { name, image, program, variables } = flavour;
  const tag = versions.chart(name).appVersion.replace(/^v/, "");
  const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
  const login = `${program} write -field=token auth/kubernetes/login role=${snapshotName(flavour)} jwt=@${token}`;
  const file = `${WORK_DIRECTORY}/$(date -u +%Y-%m-%dT%H-%M-%SZ).snap`;
  return {
    ...containerOf({ name: "snapshot", image: `${image}:${tag}`, ...RESOURCES }),
    command: [
      "/bin/sh",
      "-ec",
      `export ${variables}_TOKEN="$(${login})"\n${program} operator raft snapshot save "${file}"\n`,
    ],
    env: environmentOf([
      { name: "HOME", value: "/tmp" },
      {
        name: `${variables}_ADDR`,
        value: `${tls ? "https" : "http"}://${activeHost(flavour)}:${API_PORT}`,
      },
      ...(tls ? [{ name: `${variables}_CACERT`, value: `${TLS_DIRECTORY}/ca.crt` }] : []),
    ]),
    volumeMounts: [
      ...WORK_MOUNTS,
      ...(tls ? [{ name: "tls", mountPath: TLS_DIRECTORY, readOnly: true }] : []),
    ],
  };
}
