// Requests about buckets: list, create, remove, look, delete many objects at once.

import type { Answer, Exchange } from "./exchange.ts";
import { xmlAnswer } from "./exchange.ts";
import { listObjects } from "./list-objects.ts";
import { readBody } from "./request-body.ts";
import { noSuchBucket, notImplemented, S3Error } from "./s3-error.ts";
import { textsOf, xmlDocument } from "./xml.ts";

export function listBuckets({ files }: Exchange, isVisible: (bucket: string) => boolean): Answer {
  const entries = files.buckets().filter(isVisible);
  return xmlAnswer(
    xmlDocument("ListAllMyBucketsResult", [
      ["Owner", [["ID", "keelson"]]],
      [
        "Buckets",
        entries.map((name) => [
          "Bucket",
          [
            ["Name", name],
            ["CreationDate", "2026-01-01T00:00:00.000Z"],
          ],
        ]),
      ],
    ]),
  );
}

export async function answerForBucket(exchange: Exchange): Promise<Answer> {
  const { method, bucket, files, query } = exchange;
  if (method === "PUT" && query.size === 0) return createBucket(exchange);
  if (!files.has(bucket)) throw noSuchBucket(bucket);
  if (method === "HEAD") return { status: 200 };
  if (method === "POST" && query.has("delete")) return deleteObjects(exchange);
  if (method === "DELETE" && query.size === 0) return removeBucket(exchange);
  if (method !== "GET") throw notImplemented(`${method} of a bucket with these parameters`);
  if (query.has("location")) return xmlAnswer(xmlDocument("LocationConstraint", []));
  if (query.has("versioning")) return xmlAnswer(xmlDocument("VersioningConfiguration", []));
  if (query.has("uploads")) return xmlAnswer(xmlDocument("ListMultipartUploadsResult", []));
  const other = ["acl", "policy", "lifecycle", "cors", "tagging", "versions"];
  const asked = other.find((name) => query.has(name));
  if (asked !== undefined) throw notImplemented(`?${asked} of a bucket`);
  return xmlAnswer(listObjects(bucket, files.list(bucket), query));
}

function createBucket({ bucket, files }: Exchange): Answer {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.");
  if (files.has(bucket))
    throw new S3Error(409, "BucketAlreadyOwnedByYou", "The bucket exists already and is yours.");
  files.create(bucket);
  return { status: 200, headers: { location: `/${bucket}` } };
}

function removeBucket({ bucket, files }: Exchange): Answer {
  if (files.list(bucket).length > 0)
    throw new S3Error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty.");
  files.remove(bucket);
  return { status: 204 };
}

async function deleteObjects({ request, bucket, files }: Exchange): Promise<Answer> {
  const document = (await readBody(request)).toString();
  const keys = textsOf(document, "Key");
  for (const key of keys) files.delete(bucket, key);
  const isQuiet = textsOf(document, "Quiet")[0] === "true";
  return xmlAnswer(
    xmlDocument("DeleteResult", isQuiet ? [] : keys.map((key) => ["Deleted", [["Key", key]]])),
  );
}
