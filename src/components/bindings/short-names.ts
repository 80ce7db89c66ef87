// Short names for the usual case of one database, one queue, one bucket and so on: what frameworks and SDKs read by themselves.
// They repeat the first binding of their kind; apps with several use the long names.

import type { AppBinding, EnvVar, IntentKind } from "../../model/index.ts";
import { INTENT_KINDS } from "../../model/index.ts";
import { variablePrefix } from "./variables.ts";

/** Each short name, and the suffix of the long variable it repeats. */
const SHORT_NAMES: Readonly<Record<IntentKind, readonly (readonly [string, string])[]>> = {
  app: [],
  database: [["DATABASE_URL", "_DATABASE_URL"]],
  queue: [["SQS_ENDPOINT", "_QUEUE_ENDPOINT"]],
  bucket: [["S3_ENDPOINT", "_BUCKET_ENDPOINT"]],
  cache: [["REDIS_URL", "_CACHE_URL"]],
  stream: [
    ["KAFKA_BROKERS", "_STREAM_BROKERS"],
    ["KAFKA_TOPIC", "_STREAM_TOPIC"],
    ["KAFKA_SECURITY_PROTOCOL", "_STREAM_SECURITY_PROTOCOL"],
    ["KAFKA_SASL_MECHANISM", "_STREAM_SASL_MECHANISM"],
    ["KAFKA_USERNAME", "_STREAM_USERNAME"],
    ["KAFKA_PASSWORD", "_STREAM_PASSWORD"],
  ],
};

/** What every AWS SDK reads. A pod has one set: the first bucket's, else the first queue's. */
const SDK_NAMES: readonly (readonly [string, string])[] = [
  ["AWS_REGION", "_REGION"],
  ["AWS_ACCESS_KEY_ID", "_ACCESS_KEY_ID"],
  ["AWS_SECRET_ACCESS_KEY", "_SECRET_ACCESS_KEY"],
];

/** In order of `needs`, after the long names they refer to. */
export function shortNames(bindings: readonly AppBinding[]): EnvVar[] {
  const firsts = INTENT_KINDS.flatMap(({ kind }) => {
    const first = bindings.find(({ binding }) => binding.intent.kind === kind);
    return first === undefined ? [] : [{ kind, name: first.binding.intent.name }];
  });
  const repeated = firsts.flatMap(({ kind, name }) =>
    SHORT_NAMES[kind].map(([short, suffix]): Repeated => ({
      name: short,
      long: `${variablePrefix(name)}${suffix}`,
    })),
  );
  const known = new Set(bindings.flatMap(({ binding }) => binding.env.map(({ name }) => name)));
  // Who signs as an identity of its own has no keys to repeat.
  return [...repeated, ...sdkNames(firsts).filter(({ long }) => known.has(long))].map(
    ({ name, long }) => ({ name, value: `$(${long})` }),
  );
}

/** Kubernetes expands `$(NAME)` from variables listed before. */
interface Repeated {
  readonly name: string;
  readonly long: string;
}

function sdkNames(
  firsts: readonly { readonly kind: IntentKind; readonly name: string }[],
): Repeated[] {
  const signed =
    firsts.find(({ kind }) => kind === "bucket") ?? firsts.find(({ kind }) => kind === "queue");
  if (signed === undefined) return [];
  const prefix = `${variablePrefix(signed.name)}_${signed.kind.toUpperCase()}`;
  return SDK_NAMES.map(([short, suffix]) => ({ name: short, long: `${prefix}${suffix}` }));
}
