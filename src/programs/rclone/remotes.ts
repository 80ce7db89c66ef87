// Remotes from variables, and paths on them: `RCLONE_CONFIG_<REMOTE>_<OPTION>`. Source: rclone documentation, "Environment
// variables".

import type { Clock } from "../../core/index.ts";
import { createS3Client, type S3Client } from "./s3-client.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** `target:bucket/folder` as rclone addresses it. */
export interface RemotePath {
  readonly client: S3Client;
  readonly bucket: string;
  /** Without slashes at either end; empty for the whole bucket. */
  readonly folder: string;
}

/** Undefined for a path of this machine. */
export function remotePath(
  text: string,
  variables: Variables,
  clock: Clock,
): RemotePath | undefined {
  const [, remote, path = ""] = /^([\w-]+):(.*)$/s.exec(text) ?? [];
  if (remote === undefined) return undefined;
  const option = (name: string): string =>
    variables[`RCLONE_CONFIG_${remote.toUpperCase()}_${name}`] ?? "";
  if (option("TYPE") !== "s3") throw new Error(`the remote ${remote} is not of type s3`);
  const [bucket = "", ...rest] = path.split("/").filter((part) => part !== "");
  const client = createS3Client({
    endpoint: option("ENDPOINT"),
    region: option("REGION") || "us-east-1",
    credentials: {
      accessKeyId: option("ACCESS_KEY_ID"),
      secretAccessKey: option("SECRET_ACCESS_KEY"),
    },
    clock,
  });
  return { client, bucket, folder: rest.join("/") };
}

export const keyIn = ({ folder }: RemotePath, name: string): string =>
  folder === "" ? name : `${folder}/${name}`;
