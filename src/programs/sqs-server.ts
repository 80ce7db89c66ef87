// The SQS server of a laptop: fauxqs with the queues of an `elasticmq.conf`. Messages live in memory, as ElasticMQ's do.
// Facts: fauxqs 1.9.2 dist/app.js (buildApp), dist/initConfig.js.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { parseElasticmqQueues, type ConfiguredQueue } from "./elasticmq-queues.ts";

export interface SqsServerOptions {
  /** The folder that holds `node_modules`. */
  readonly packages: string;
  /** Text of `elasticmq.conf`. */
  readonly configuration: string;
  readonly host: string;
  readonly port: number;
}

/** As much of the package as is used. */
interface Fauxqs {
  buildApp(options: {
    readonly logger: boolean;
    readonly defaultRegion: string;
    readonly stores: object;
  }): {
    listen(where: { readonly host: string; readonly port: number }): Promise<string>;
    close(): Promise<void>;
  };
}

interface SqsStore {
  getQueue(url: string): unknown;
  getQueueByName(name: string): unknown;
  createQueue(
    name: string,
    url: string,
    arn: string,
    attributes: Readonly<Record<string, string>>,
  ): unknown;
}

/** Defaults of ElasticMQ, part of every queue's address. */
const ACCOUNT = "000000000000";
const REGION = "elasticmq";

export async function serveSqs(options: SqsServerOptions): Promise<{ close(): Promise<void> }> {
  const { packages, configuration, host, port } = options;
  const load = (path: string): Promise<unknown> =>
    import(pathToFileURL(join(packages, "node_modules/fauxqs/dist", path)).href);
  const { SqsStore } = (await load("sqs/sqsStore.js")) as { SqsStore: new () => SqsStore };
  const { buildApp } = (await load("app.js")) as Fauxqs;
  const store = new SqsStore();
  // A queue has one URL there; apps reach it by the Service's address, and by names for it.
  store.getQueue = (url) => store.getQueueByName(url.split("/").at(-1) ?? "");
  for (const queue of inOrder(parseElasticmqQueues(configuration)))
    store.createQueue(
      queue.name,
      `http://${host}:${port}/${ACCOUNT}/${queue.name}`,
      arnOf(queue.name),
      attributesOf(queue),
    );
  const app = buildApp({ logger: false, defaultRegion: REGION, stores: { sqsStore: store } });
  await app.listen({ host, port });
  return { close: () => app.close() };
}

const arnOf = (queue: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`;

/** Those that others name as their dead-letter queue come first. */
function inOrder(queues: readonly ConfiguredQueue[]): ConfiguredQueue[] {
  const names = (queue: ConfiguredQueue): number => (queue.deadLetters === undefined ? 0 : 1);
  return queues.toSorted((a, b) => names(a) - names(b));
}

function attributesOf({ visibilitySeconds, deadLetters }: ConfiguredQueue): Record<string, string> {
  return {
    ...(visibilitySeconds === undefined ? {} : { VisibilityTimeout: String(visibilitySeconds) }),
    ...(deadLetters === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: arnOf(deadLetters.queue),
            maxReceiveCount: deadLetters.receivesMax,
          }),
        }),
  };
}
