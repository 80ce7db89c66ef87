// Mail jobs over the SQS API. The context of the trace travels in the message, so that the worker's spans join the request
// that asked for the mail. What fails too often is moved aside by the queue itself: the dead letters, counted here.

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from "@aws-sdk/client-sqs";
import { context, propagation, SpanKind, type Context } from "@opentelemetry/api";

import type { Configuration } from "./configuration.ts";
import { traced } from "./telemetry/traced.ts";

export interface MailJob {
  readonly order: string;
  readonly customer: string;
}

export interface ReceivedJob {
  readonly job: MailJob;
  /** 1 the first time. */
  readonly attempt: number;
  /** Of the request that sent it. */
  readonly origin: Context;
  done(): Promise<void>;
  /** Shows it again later; after the queue's own limit it goes to the dead letters. */
  retryIn(seconds: number): Promise<void>;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly inFlight: number;
  /** Undefined for a queue without a dead-letter queue. */
  readonly deadLetters?: number;
}

export interface MailQueue {
  readonly name: string;
  send(job: MailJob): Promise<void>;
  /** Waits for work; an empty list after a while, or when the signal aborts. */
  receive(signal: AbortSignal): Promise<readonly ReceivedJob[]>;
  count(): Promise<QueueCounts>;
  ping(): Promise<void>;
  close(): void;
}

const WAIT_SECONDS = 10;
/** A customer waits for the job to be sent; the order stands without. */
const SEND_MS = 3000;
const ANSWER_MS = 5000;
const BATCH = 5;

export function openMailQueue({
  queueUrl,
  endpoint,
  region,
  credentials,
}: NonNullable<Configuration["mail"]>): MailQueue {
  const name = queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
  const client = new SQSClient({
    region,
    // The binding says where the API is; the host inside a queue's URL is the server's own idea.
    ...(endpoint === undefined ? {} : { endpoint, useQueueUrlAsEndpoint: false }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return {
    name,
    send: (job) => send(client, queueUrl, name, job),
    receive: (signal) => receive(client, queueUrl, signal),
    count: () => count(client, queueUrl),
    ping: async () => void (await depth(client, queueUrl)),
    close: () => client.destroy(),
  };
}

function send(client: SQSClient, queueUrl: string, name: string, job: MailJob): Promise<void> {
  const about = {
    name: `send ${name}`,
    kind: SpanKind.PRODUCER,
    attributes: {
      "messaging.system": "aws_sqs",
      "messaging.operation.type": "send",
      "messaging.destination.name": name,
    },
  };
  return traced(about, async (span) => {
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier);
    const attributes = Object.entries(carrier).map(
      ([key, value]) => [key, { DataType: "String", StringValue: value }] as const,
    );
    const { MessageId } = await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(job),
        MessageAttributes: Object.fromEntries(attributes),
      }),
      { abortSignal: AbortSignal.timeout(SEND_MS) },
    );
    if (MessageId !== undefined) span.setAttribute("messaging.message.id", MessageId);
  });
}

async function receive(
  client: SQSClient,
  queueUrl: string,
  signal: AbortSignal,
): Promise<readonly ReceivedJob[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    WaitTimeSeconds: WAIT_SECONDS,
    MaxNumberOfMessages: BATCH,
    MessageAttributeNames: ["All"],
    MessageSystemAttributeNames: ["ApproximateReceiveCount"],
  });
  try {
    const { Messages = [] } = await client.send(command, { abortSignal: signal });
    return Messages.map((message) => receivedJob(client, queueUrl, message));
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}

function receivedJob(client: SQSClient, queueUrl: string, message: Message): ReceivedJob {
  const handle = { QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle };
  const carrier = Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([key, { StringValue }]) => [
      key,
      StringValue ?? "",
    ]),
  );
  return {
    job: readJob(message.Body ?? ""),
    attempt: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    origin: propagation.extract(context.active(), carrier),
    done: async () => void (await client.send(new DeleteMessageCommand(handle))),
    retryIn: async (seconds) =>
      void (await client.send(
        new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: seconds }),
      )),
  };
}

/** A body that is no job has no customer: it fails like a mail that cannot be delivered, and ends with the dead letters. */
function readJob(body: string): MailJob {
  try {
    const { order = "", customer = "" } = JSON.parse(body) as Partial<MailJob>;
    return { order, customer };
  } catch {
    return { order: "", customer: "" };
  }
}

async function count(client: SQSClient, queueUrl: string): Promise<QueueCounts> {
  const { waiting, inFlight, policy } = await depth(client, queueUrl);
  const target = policy === undefined ? undefined : deadLetterName(policy);
  if (target === undefined) return { waiting, inFlight };
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: target }));
  if (QueueUrl === undefined) return { waiting, inFlight };
  return { waiting, inFlight, deadLetters: (await depth(client, QueueUrl)).waiting };
}

async function depth(client: SQSClient, queueUrl: string) {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
    { abortSignal: AbortSignal.timeout(ANSWER_MS) },
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    policy: Attributes.RedrivePolicy,
  };
}

/** The last part of `arn:aws:sqs:region:account:name`. */
function deadLetterName(policy: string): string | undefined {
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn?: string };
  return deadLetterTargetArn?.split(":").at(-1);
}
