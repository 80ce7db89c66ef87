// The server's StatefulSet. Facts of the image (user 999, folders, initialisation variables, a first server without a
// network) are those of docker-library/mysql template/{Dockerfile.oracle,docker-entrypoint.sh} for 8.4.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedDatabase, Workload } from "../../../model/index.ts";
import { podTemplate, statefulSetOf, type Fields } from "../../manifests/index.ts";
import { dataVolume } from "../data-volume.ts";
import { databaseIdentifier, databaseSecretName } from "../database-secret.ts";
import type { MysqlServerOptions } from "./options.ts";

/** `mysql` in the image. */
const MYSQL_USER_ID = 999;

export function mysqlStatefulSet(
  { platform }: PlannedCluster,
  workload: Workload,
  database: PlannedDatabase,
  { storageClass }: MysqlServerOptions,
): KubernetesObject {
  const template = podTemplate(platform, workload, {
    securityContext: {
      runAsUser: MYSQL_USER_ID,
      runAsGroup: MYSQL_USER_ID,
      fsGroup: MYSQL_USER_ID,
    },
    // InnoDB writes its pages on the way down; the default 30 s can end in crash recovery.
    spec: { terminationGracePeriodSeconds: 60 },
    containers: { mysql: serverContainer(database) },
    volumes: [
      { name: "run", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
    ],
  });
  const spec = { serviceName: database.name, ...dataVolume(database.storage, storageClass) };
  return statefulSetOf(platform, workload, spec, template);
}

function serverContainer(database: PlannedDatabase): Fields {
  const secret = databaseSecretName(database);
  const fromSecret = (key: string): Fields => ({ secretKeyRef: { name: secret, key } });
  return {
    env: [
      // Read once, when the volume is empty. Root enters from inside the pod only.
      { name: "MYSQL_ROOT_HOST", value: "localhost" },
      { name: "MYSQL_ROOT_PASSWORD", valueFrom: fromSecret("password") },
      { name: "MYSQL_USER", valueFrom: fromSecret("username") },
      { name: "MYSQL_PASSWORD", valueFrom: fromSecret("password") },
      { name: "MYSQL_DATABASE", value: databaseIdentifier(database) },
    ],
    startupProbe: { ...listens, periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...listens, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { ...listens, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
    volumeMounts: [
      // A file system of its own has lost+found at its root, and a server that is set up wants an empty folder.
      { name: "data", mountPath: "/var/lib/mysql", subPath: "mysql" },
      { name: "run", mountPath: "/var/run/mysqld" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** The temporary server of the first start has no network, so whatever listens is the real one. */
const listens: Fields = { tcpSocket: { port: "mysql" } };
