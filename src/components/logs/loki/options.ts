// Options of Loki.

import { object, optional, reference, string, type Tagged } from "../../../model/index.ts";

export interface LokiInput {
  /** Name of the bucket that keeps the chunks. */
  to: string;
  /** How long lines are kept. Default 30d. */
  keep?: string;
  /** Volume for what is not in the bucket yet. Default 10Gi. */
  storage?: string;
  /** Default: the cluster's default class. */
  storageClass?: string;
}

export interface LokiOptions {
  readonly to: string;
  readonly keep: string;
  readonly storage: string;
  readonly storageClass?: string;
}

export const lokiSchema = object<LokiInput, LokiOptions>({
  to: reference("bucket"),
  keep: optional(string("duration"), "30d"),
  storage: optional(string("quantity"), "10Gi"),
  storageClass: optional(string("dnsLabel")),
});

/** Loki in one pod, its chunks in a bucket. */
export function loki(options: LokiInput): Tagged<"loki", LokiInput> {
  return { kind: "loki", ...options };
}
