// What the S3 API refuses, with its codes. Source: Amazon S3 API reference, "Error responses".

export class S3Error extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const noSuchBucket = (bucket: string): S3Error =>
  new S3Error(404, "NoSuchBucket", `The specified bucket does not exist: ${bucket}`);
export const noSuchKey = (): S3Error =>
  new S3Error(404, "NoSuchKey", "The specified key does not exist.");
export const noSuchUpload = (): S3Error =>
  new S3Error(404, "NoSuchUpload", "The specified multipart upload does not exist.");
export const accessDenied = (): S3Error => new S3Error(403, "AccessDenied", "Access Denied");
export const notImplemented = (what: string): S3Error =>
  new S3Error(501, "NotImplemented", `This local server does not implement ${what}.`);
