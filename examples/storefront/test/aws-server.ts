// A server that speaks SQS and S3: moto where it is installed, else whatever STOREFRONT_AWS_ENDPOINT names.

import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { spawnSync } from "node:child_process";

import { freePort } from "./free-port.ts";
import { endProgram, findProgram, startProgram } from "./server-process.ts";
import { until } from "./until.ts";

export interface AwsServer {
  /** What the bindings of a queue `mail` and a bucket `uploads` set. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const given = process.env["STOREFRONT_AWS_ENDPOINT"];
const python = findProgram(["python3"]);

export const AWS_MISSING = findReason();

function findReason(): string | undefined {
  if (given !== undefined) return undefined;
  const advice = "set STOREFRONT_AWS_ENDPOINT, or install moto[server] for Python";
  if (python === undefined) return `no server of SQS and S3: ${advice}`;
  const { status } = spawnSync(python, ["-c", "import moto.server, flask"]);
  return status === 0 ? undefined : `no server of SQS and S3: ${advice}`;
}

const REGION = "us-east-1";
const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };
const RECEIVED_MAX = 2;

export async function startAwsServer(): Promise<AwsServer> {
  const { endpoint, stop } = await start();
  const queueUrl = await until("SQS and S3 answer", () => prepare(endpoint));
  return { stop, variables: { ...variablesOf(endpoint), MAIL_QUEUE_URL: queueUrl } };
}

async function start(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  if (given !== undefined) return { endpoint: given, stop: async () => undefined };
  if (python === undefined) throw new Error(AWS_MISSING);
  const port = await freePort();
  const child = startProgram(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)]);
  const stop = async (): Promise<void> => void (await endProgram(child, "SIGKILL"));
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}

async function prepare(endpoint: string): Promise<string | undefined> {
  const access = { endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 };
  const sqs = new SQSClient(access);
  const dead = await sqs.send(new CreateQueueCommand({ QueueName: "mail-dead-letters" }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const policy = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: RECEIVED_MAX };
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: "mail",
      Attributes: { RedrivePolicy: JSON.stringify(policy) },
    }),
  );
  const s3 = new S3Client({ ...access, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "uploads" }));
  return QueueUrl;
}

function variablesOf(endpoint: string): Record<string, string> {
  const signed = (prefix: string): [string, string][] => [
    [`${prefix}_ENDPOINT`, endpoint],
    [`${prefix}_REGION`, REGION],
    [`${prefix}_ACCESS_KEY_ID`, CREDENTIALS.accessKeyId],
    [`${prefix}_SECRET_ACCESS_KEY`, CREDENTIALS.secretAccessKey],
  ];
  return {
    UPLOADS_BUCKET: "uploads",
    ...Object.fromEntries([...signed("MAIL_QUEUE"), ...signed("UPLOADS_BUCKET")]),
  };
}
