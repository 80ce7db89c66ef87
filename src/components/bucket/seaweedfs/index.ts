// SeaweedFS speaks the S3 API inside the cluster, on one server with one volume: for laptops and tests. What must survive
// the cluster belongs to a service outside it.

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
import { bucketSecretId, bucketSecretName } from "../bucket-secret.ts";
import { bucketsJob } from "./buckets-job.ts";
import { seaweedfsSchema, type SeaweedfsOptions } from "./options.ts";
import { seaweedfsStatefulSet } from "./stateful-set.ts";
import {
  bucketsWorkload,
  NAME,
  NAMESPACE,
  S3_PORT,
  seaweedfsSurface,
  serverWorkload,
} from "./surface.ts";

const AREA = "infrastructure/storage";
/** SeaweedFS accepts any; the SDKs need one to sign with. */
const REGION = "us-east-1";

export const seaweedfsProvider = defineProvider<PlannedBucket, SeaweedfsOptions>({
  name: "seaweedfs",
  serves: "bucket",
  area: AREA,
  provides: ["bucket"],
  options: seaweedfsSchema,
  bind: bindSeaweedfs,
  surface: seaweedfsSurface,
  emit: emitSeaweedfs,
  local: async () => (await import("./local.ts")).seaweedfsLocal,
});

function bindSeaweedfs(
  _context: ResolveContext,
  bucket: Unbound<PlannedBucket>,
): Omit<Binding, "intent"> {
  return {
    endpoint: { kind: "workload", namespace: NAMESPACE, name: NAME },
    port: S3_PORT,
    application: "s3",
    encryption: "none",
    env: bucketVariables(bucket.name, {
      endpoint: `http://${NAME}-s3.${NAMESPACE}.svc:${S3_PORT}`,
      bucket: bucket.name,
      region: REGION,
      secret: bucketSecretName(bucket),
    }),
    secrets: [bucketSecretId(bucket)],
  };
}

function emitSeaweedfs(
  { cluster, path }: EmitContext,
  buckets: readonly PlannedBucket[],
  options: SeaweedfsOptions,
): Emission {
  const { platform } = cluster;
  const emitted = emitterFor(AREA, path);
  const server = serverWorkload(cluster, path, options);
  const job = bucketsWorkload(cluster, path);
  return {
    objects: [
      emitted(serviceAccountOf(platform, server)),
      emitted(seaweedfsStatefulSet(cluster, server, buckets, options)),
      ...servicesOf(platform, server).map((service) => emitted(service)),
      emitted(serviceAccountOf(platform, job)),
      emitted(bucketsJob(cluster, job, buckets), "named after its buckets: a Job cannot change"),
    ],
  };
}
