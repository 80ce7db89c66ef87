// Buckets in a service outside the cluster. Nothing runs here; consumers get the bucket's name and keys that may use it.

import type {
  Binding,
  PlannedBucket,
  ResolveContext,
  Surface,
  SurfaceContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { bucketVariables } from "../../bindings/index.ts";
import { bucketSecret, bucketSecretId, bucketSecretName } from "../bucket-secret.ts";
import { externalS3Schema, type ExternalS3Options } from "./options.ts";

export const externalS3Provider = defineProvider<PlannedBucket, ExternalS3Options>({
  name: "external-s3",
  serves: "bucket",
  area: "infrastructure/storage",
  provides: ["bucket"],
  options: externalS3Schema,
  bind: bindExternalS3,
  surface: externalS3Surface,
  emit: () => ({}),
});

function bindExternalS3(
  _context: ResolveContext,
  bucket: Unbound<PlannedBucket>,
  options: ExternalS3Options,
): Omit<Binding, "intent"> {
  const { region, prefix } = options;
  const endpoint = options.endpoint ?? `https://s3.${region}.amazonaws.com`;
  const { hostname, port, protocol } = new URL(endpoint);
  const tls = protocol === "https:";
  const access = {
    endpoint,
    bucket: prefix === undefined ? bucket.name : `${prefix}-${bucket.name}`,
    region,
  };
  return {
    endpoint: { kind: "external", name: hostname, addresses: [] },
    port: port === "" ? (tls ? 443 : 80) : Number(port),
    application: "s3",
    encryption: tls ? "tls" : "none",
    env: bucketVariables(bucket.name, { ...access, secret: bucketSecretName(bucket) }),
    secrets: [bucketSecretId(bucket)],
    // Amazon's own knows its identities; other services of the same protocol do not.
    ...(options.endpoint === undefined
      ? { byIdentity: { cloud: "aws", env: bucketVariables(bucket.name, access) } }
      : {}),
  };
}

function externalS3Surface(_context: SurfaceContext, buckets: readonly PlannedBucket[]): Surface {
  return {
    secrets: buckets.map((bucket) =>
      bucketSecret(
        bucket,
        [],
        [
          {
            key: "accessKeyId",
            source: "person",
            description: `access key that may read and write bucket ${bucket.name}, and nothing else`,
          },
          {
            key: "secretAccessKey",
            source: "person",
            description: "secret access key that belongs to it",
          },
        ],
      ),
    ),
  };
}
