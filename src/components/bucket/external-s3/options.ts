// Options of S3 or a service that speaks it.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface ExternalS3Input {
  /** Region the requests are signed for, e.g. `eu-central-1`. */
  region: string;
  /** Bucket names are global: put before every name, e.g. `shop-prod` makes `shop-prod-uploads`. Default: nothing. */
  prefix?: string;
  /** Base URL of the API. Default: Amazon S3 in that region. */
  endpoint?: string;
}

export interface ExternalS3Options {
  readonly region: string;
  readonly prefix?: string;
  readonly endpoint?: string;
}

export const externalS3Schema = object<ExternalS3Input, ExternalS3Options>({
  region: string(),
  prefix: optional(string("dnsLabel")),
  endpoint: optional(string("url")),
});

/** Buckets in Amazon S3, Spaces or another S3 service, made by whoever owns the account. */
export function externalS3(options: ExternalS3Input): Tagged<"external-s3", ExternalS3Input> {
  return { kind: "external-s3", ...options };
}
