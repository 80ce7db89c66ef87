// Multipart uploads. Parts live in memory until they are completed: one that a restart interrupts has to be sent again.
// Source: Amazon S3 API reference, "Uploading and copying objects using multipart upload".

import { createHash, randomUUID } from "node:crypto";

import { noSuchUpload, S3Error } from "./s3-error.ts";

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

export interface Uploads {
  begin(upload: Omit<Upload, "parts">): string;
  /** Returns the part's ETag. */
  put(id: string, part: number, data: Buffer): string;
  /** Ends the upload; the ETag is that of the parts' digests. */
  complete(
    id: string,
    parts: readonly number[],
  ): { readonly upload: Upload; readonly data: Buffer; readonly etag: string };
  abort(id: string): void;
}

const md5 = (data: Buffer): Buffer => createHash("md5").update(data).digest();

export function createUploads(): Uploads {
  const uploads = new Map<string, Upload>();
  const find = (id: string): Upload => {
    const upload = uploads.get(id);
    if (upload === undefined) throw noSuchUpload();
    return upload;
  };
  return {
    begin(upload) {
      const id = randomUUID();
      uploads.set(id, { ...upload, parts: new Map() });
      return id;
    },
    put(id, part, data) {
      find(id).parts.set(part, data);
      return md5(data).toString("hex");
    },
    complete(id, numbers) {
      const upload = find(id);
      const parts = numbers.map((number) => partOf(upload, number));
      uploads.delete(id);
      const etag = `${md5(Buffer.concat(parts.map(md5))).toString("hex")}-${parts.length}`;
      return { upload, data: Buffer.concat(parts), etag };
    },
    abort(id) {
      find(id);
      uploads.delete(id);
    },
  };
}

function partOf({ parts }: Upload, number: number): Buffer {
  const part = parts.get(number);
  if (part !== undefined) return part;
  throw new S3Error(400, "InvalidPart", `Part ${number} was never uploaded.`);
}
