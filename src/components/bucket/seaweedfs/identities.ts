// One S3 identity a bucket, allowed on that bucket only. The file is written at start from the buckets' secrets, so that no
// key stands in a manifest. Format: seaweedfs 4.44 docker/compose/s3.json; actions `Read:<bucket>` limit to a bucket
// (weed/s3api/auth_credentials.go, Identity.CanDo).

import type { PlannedBucket } from "../../../model/index.ts";
import { variablePrefix } from "../../bindings/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { bucketSecretName } from "../bucket-secret.ts";

export const IDENTITIES_DIRECTORY = "/etc/seaweedfs/s3";
export const IDENTITIES_FILE = `${IDENTITIES_DIRECTORY}/identities.json`;

const ACTIONS = ["Read", "Write", "List", "Tagging"];

/** Shell that writes the file; `$…` are the variables of `identityVariables`. */
export function identitiesScript(buckets: readonly PlannedBucket[]): string {
  const identities = buckets.map(({ name }) => ({
    name,
    credentials: [
      {
        accessKey: `\${${accessKeyVariable(name)}}`,
        secretKey: `\${${secretKeyVariable(name)}}`,
      },
    ],
    actions: ACTIONS.map((action) => `${action}:${name}`),
  }));
  return `cat > ${IDENTITIES_FILE} <<END\n${JSON.stringify({ identities }, null, 2)}\nEND\n`;
}

export function identityVariables(buckets: readonly PlannedBucket[]): Fields[] {
  return buckets.flatMap((bucket) => {
    const fromSecret = (key: string): Fields => ({
      secretKeyRef: { name: bucketSecretName(bucket), key },
    });
    return [
      { name: accessKeyVariable(bucket.name), valueFrom: fromSecret("accessKeyId") },
      { name: secretKeyVariable(bucket.name), valueFrom: fromSecret("secretAccessKey") },
    ];
  });
}

function accessKeyVariable(bucket: string): string {
  return `${variablePrefix(bucket)}_ACCESS_KEY`;
}

function secretKeyVariable(bucket: string): string {
  return `${variablePrefix(bucket)}_SECRET_KEY`;
}
