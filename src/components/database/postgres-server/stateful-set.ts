// The server's StatefulSet. Facts of the image (user 999, PGDATA, signals, initialisation variables) are those of
// docker-library/postgres 18/bookworm/Dockerfile and docker-entrypoint.sh @6edb0a8c4d.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { PlannedCluster, PlannedDatabase, Workload } from "../../../model/index.ts";
import { podTemplate, statefulSetOf, type Fields } from "../../manifests/index.ts";
import { dataVolume } from "../data-volume.ts";
import { databaseIdentifier, databaseSecretName } from "../database-secret.ts";
import type { PostgresServerOptions } from "./options.ts";

/** `postgres` in the Debian image. */
const POSTGRES_USER_ID = 999;
const VOLUME_MOUNT = "/var/lib/postgresql";

export function postgresStatefulSet(
  { platform }: PlannedCluster,
  workload: Workload,
  database: PlannedDatabase,
  { storageClass }: PostgresServerOptions,
): KubernetesObject {
  const template = podTemplate(platform, workload, {
    securityContext: {
      runAsUser: POSTGRES_USER_ID,
      runAsGroup: POSTGRES_USER_ID,
      fsGroup: POSTGRES_USER_ID,
    },
    // Time for a fast shutdown with a checkpoint; the default 30 s can end in crash recovery.
    spec: { terminationGracePeriodSeconds: 60 },
    containers: { postgresql: serverContainer(database) },
    volumes: [
      { name: "run", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
    ],
  });
  return statefulSetOf(
    platform,
    workload,
    {
      serviceName: database.name,
      ...dataVolume(database.storage, storageClass),
    },
    template,
  );
}

function serverContainer(database: PlannedDatabase): Fields {
  const secret = databaseSecretName(database);
  const fromSecret = (key: string): Fields => ({ secretKeyRef: { name: secret, key } });
  return {
    env: [
      // Read once, when the volume is empty. The role owns the server, which holds this one database.
      { name: "POSTGRES_USER", valueFrom: fromSecret("username") },
      { name: "POSTGRES_PASSWORD", valueFrom: fromSecret("password") },
      { name: "POSTGRES_DB", value: databaseIdentifier(database) },
      // A folder per major version below one mount, as the image does from 18 on: pg_upgrade can link files.
      { name: "PGDATA", value: `${VOLUME_MOUNT}/${database.version}/docker` },
    ],
    startupProbe: { ...ready(database), periodSeconds: 5, failureThreshold: 60 },
    readinessProbe: { ...ready(database), periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: {
      ...ready(database),
      periodSeconds: 20,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
    volumeMounts: [
      { name: "data", mountPath: VOLUME_MOUNT },
      { name: "run", mountPath: "/var/run/postgresql" },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** Over TCP: the temporary server of the first start listens on its socket only and must not count as ready. */
function ready(database: PlannedDatabase): Fields {
  const identifier = databaseIdentifier(database);
  return {
    exec: {
      command: [
        "pg_isready",
        "--host=127.0.0.1",
        `--username=${identifier}`,
        `--dbname=${identifier}`,
      ],
    },
  };
}
