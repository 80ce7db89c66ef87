// Options of Amazon SQS.

import { object, optional, string, type Tagged } from "../../../model/index.ts";

export interface ExternalSqsInput {
  /** AWS region, e.g. `eu-central-1`. */
  region: string;
  /** AWS account, twelve digits. */
  account: string;
  /** Put before every queue's name, e.g. `shop-prod-`. Default: nothing. */
  prefix?: string;
}

export interface ExternalSqsOptions {
  readonly region: string;
  readonly account: string;
  readonly prefix: string;
}

const ACCOUNT = {
  expected: "an AWS account of twelve digits",
  problem: (text: string) => (/^\d{12}$/.test(text) ? undefined : ""),
  jsonSchema: { pattern: "^[0-9]{12}$" },
};

export const externalSqsSchema = object<ExternalSqsInput, ExternalSqsOptions>({
  region: string(),
  account: string(ACCOUNT),
  prefix: optional(string("anyText"), ""),
});

/** Queues in Amazon SQS, made by whoever owns the account. */
export function externalSqs(options: ExternalSqsInput): Tagged<"external-sqs", ExternalSqsInput> {
  return { kind: "external-sqs", ...options };
}
