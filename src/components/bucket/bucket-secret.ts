// The secret a consumer signs its S3 requests with: one shape whoever provides the bucket.

import type { PlannedBucket, SecretDemand, SecretKey, Unbound } from "../../model/index.ts";

export function bucketSecretName({ name }: Unbound<PlannedBucket>): string {
  return `${name}-bucket`;
}

export function bucketSecretId({ name }: Unbound<PlannedBucket>): string {
  return `buckets.${name}`;
}

/** `namespaces`: where the storage itself reads it; copies for consumers are added from bindings. */
export function bucketSecret(
  bucket: PlannedBucket,
  namespaces: readonly string[],
  keys: readonly SecretKey[],
): SecretDemand {
  return {
    id: bucketSecretId(bucket),
    name: bucketSecretName(bucket),
    type: "Opaque",
    namespaces,
    keys,
    area: "infrastructure/storage",
    origin: bucket.origin,
  };
}

/** Letters and digits, in the lengths AWS itself uses. */
export const GENERATED_KEYS: readonly SecretKey[] = [
  { key: "accessKeyId", source: "generated", length: 20 },
  { key: "secretAccessKey", source: "generated", length: 40 },
];
