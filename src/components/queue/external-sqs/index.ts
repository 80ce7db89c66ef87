// Queues in Amazon SQS. Nothing runs in the cluster; apps get the queue's URL and keys that may use it.

import type {
  Binding,
  PlannedQueue,
  ResolveContext,
  Surface,
  SurfaceContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { queueVariables } from "../../bindings/index.ts";
import { queueSecret, queueSecretId, queueSecretName } from "../queue-secret.ts";
import { externalSqsSchema, type ExternalSqsOptions } from "./options.ts";

export const externalSqsProvider = defineProvider<PlannedQueue, ExternalSqsOptions>({
  name: "external-sqs",
  serves: "queue",
  area: "infrastructure/messaging",
  provides: ["queue"],
  options: externalSqsSchema,
  bind: bindExternalSqs,
  surface: externalSqsSurface,
  emit: () => ({}),
});

function bindExternalSqs(
  _context: ResolveContext,
  queue: Unbound<PlannedQueue>,
  { region, account, prefix }: ExternalSqsOptions,
): Omit<Binding, "intent"> {
  const host = `sqs.${region}.amazonaws.com`;
  const access = {
    endpoint: `https://${host}`,
    queueUrl: `https://${host}/${account}/${prefix}${queue.name}`,
    region,
  };
  return {
    endpoint: { kind: "external", name: host, addresses: [] },
    port: 443,
    application: "sqs",
    encryption: "tls",
    env: queueVariables(queue.name, { ...access, secret: queueSecretName(queue) }),
    secrets: [queueSecretId(queue)],
    byIdentity: { cloud: "aws", env: queueVariables(queue.name, access) },
  };
}

function externalSqsSurface(_context: SurfaceContext, queues: readonly PlannedQueue[]): Surface {
  return {
    secrets: queues.map((queue) =>
      queueSecret(queue, [
        {
          key: "accessKeyId",
          source: "person",
          description: `access key of an IAM user that may use queue ${queue.name}`,
        },
        {
          key: "secretAccessKey",
          source: "person",
          description: "secret access key of that user",
        },
      ]),
    ),
  };
}
