// Pictures in an S3 bucket. They go through the app in both directions: the bucket's address is the platform's business, and
// a browser could not reach it.

import {
  GetObjectCommand,
  HeadBucketCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { SpanKind } from "@opentelemetry/api";
import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";

import type { Configuration } from "./configuration.ts";
import { traced } from "./telemetry/traced.ts";

export interface Picture {
  readonly body: Readable;
  readonly type: string;
}

export interface UploadStore {
  /** Returns the picture's key. */
  save(bytes: Buffer, type: string): Promise<string>;
  find(key: string): Promise<Picture | undefined>;
  ping(): Promise<void>;
  close(): void;
}

/** For everything up to the answer's head; the picture itself may take longer. */
const ANSWER_MS = 10_000;
const TYPE_UNKNOWN = "application/octet-stream";

export function openUploadStore({
  bucket,
  endpoint,
  region,
  credentials,
}: NonNullable<Configuration["uploads"]>): UploadStore {
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
    // Servers that speak S3 without being it do not all know the newer checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const span = <Result>(method: string, key: string, work: () => Promise<Result>) =>
    traced(
      {
        name: `S3.${method}`,
        kind: SpanKind.CLIENT,
        attributes: {
          "rpc.system": "aws-api",
          "rpc.service": "S3",
          "rpc.method": method,
          "aws.s3.bucket": bucket,
          "aws.s3.key": key,
        },
      },
      work,
    );
  return {
    save: async (bytes, type) => {
      const key = randomUUID();
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: type,
      });
      await span("PutObject", key, () => client.send(command, answerSoon()));
      return key;
    },
    find: (key) => span("GetObject", key, () => getPicture(client, bucket, key)),
    ping: async () =>
      void (await client.send(new HeadBucketCommand({ Bucket: bucket }), answerSoon())),
    close: () => client.destroy(),
  };
}

const answerSoon = () => ({ abortSignal: AbortSignal.timeout(ANSWER_MS) });

async function getPicture(
  client: S3Client,
  bucket: string,
  key: string,
): Promise<Picture | undefined> {
  try {
    const { Body, ContentType } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key }),
    );
    // In Node the SDK answers with a stream of Node's.
    return { body: Body as Readable, type: ContentType ?? TYPE_UNKNOWN };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
