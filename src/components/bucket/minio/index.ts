// MinIO, for platforms that still run it. Upstream stopped; choosing it says so.

import type {
  Binding,
  EmitContext,
  Emission,
  PlannedBucket,
  ResolveContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { bucketVariables } from "../../bindings/index.ts";
import { emitterFor, serviceAccountOf, servicesOf } from "../../manifests/index.ts";
import { expiryNotSupported, minioUnmaintained } from "./diagnostics.ts";
import { bucketsJob, minioStatefulSet } from "./objects.ts";
import { minioSchema, type MinioOptions } from "./options.ts";
import {
  API_PORT,
  AREA,
  bucketsWorkload,
  minioSurface,
  NAME,
  NAMESPACE,
  ROOT_SECRET,
  ROOT_SECRET_ID,
  serverWorkload,
} from "./surface.ts";

/** MinIO's default; the SDKs need one to sign with. */
const REGION = "us-east-1";

export const minioProvider = defineProvider<PlannedBucket, MinioOptions>({
  name: "minio",
  serves: "bucket",
  area: AREA,
  provides: ["bucket"],
  options: minioSchema,
  notice: (path) => minioUnmaintained(path, {}),
  bind: bindMinio,
  surface: minioSurface,
  emit: emitMinio,
  local: async () => (await import("./local.ts")).minioLocal,
});

function bindMinio(
  { report }: ResolveContext,
  { name, origin, expireAfterMs }: Unbound<PlannedBucket>,
): Omit<Binding, "intent"> {
  if (expireAfterMs !== undefined) {
    report(expiryNotSupported([...origin, "expireAfter"], { bucket: name }));
  }
  return {
    endpoint: { kind: "workload", namespace: NAMESPACE, name: NAME },
    port: API_PORT,
    application: "s3",
    encryption: "none",
    env: bucketVariables(name, {
      endpoint: `http://${NAME}-s3.${NAMESPACE}.svc:${API_PORT}`,
      bucket: name,
      region: REGION,
      secret: ROOT_SECRET,
    }),
    secrets: [ROOT_SECRET_ID],
  };
}

function emitMinio(
  { cluster, path }: EmitContext,
  buckets: readonly PlannedBucket[],
  options: MinioOptions,
): Emission {
  const { platform } = cluster;
  const emitted = emitterFor(AREA, path);
  const server = serverWorkload(cluster, path, options);
  const job = bucketsWorkload(cluster, path);
  return {
    objects: [
      emitted(serviceAccountOf(platform, server)),
      emitted(minioStatefulSet(cluster, server, options)),
      ...servicesOf(platform, server).map((service) => emitted(service)),
      emitted(serviceAccountOf(platform, job)),
      emitted(bucketsJob(cluster, job, buckets), "named after its buckets: a Job cannot change"),
    ],
  };
}
