// The secret an app signs in to a stream's brokers with: one shape whoever provides the stream.

import type { PlannedStream, SecretDemand, SecretKey, Unbound } from "../../model/index.ts";

export function streamSecretName({ name }: Unbound<PlannedStream>): string {
  return `${name}-stream`;
}

/** Id in the sealed file: the definition path of the stream. */
export function streamSecretId({ name }: Unbound<PlannedStream>): string {
  return `streams.${name}`;
}

export function streamSecret(
  stream: PlannedStream,
  namespaces: readonly string[],
  keys: readonly SecretKey[],
): SecretDemand {
  return {
    id: streamSecretId(stream),
    name: streamSecretName(stream),
    type: "Opaque",
    namespaces,
    keys,
    area: "infrastructure/messaging",
    origin: stream.origin,
  };
}
