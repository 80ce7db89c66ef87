// Streams on a Kafka service outside the cluster. Nothing runs here, and topics are made where the service is: partitions and
// copies of the definition are what its owner has to give them. MSK: SASL/SCRAM is SCRAM-SHA-512 on port 9096.

import type {
  Binding,
  PlannedStream,
  ResolveContext,
  Surface,
  SurfaceContext,
  Unbound,
} from "../../../model/index.ts";
import { defineProvider } from "../../../model/index.ts";
import { streamVariables } from "../../bindings/index.ts";
import { streamSecret, streamSecretId, streamSecretName } from "../stream-secret.ts";
import { externalKafkaSchema, type ExternalKafkaOptions } from "./options.ts";

export const externalKafkaProvider = defineProvider<PlannedStream, ExternalKafkaOptions>({
  name: "external-kafka",
  serves: "stream",
  area: "infrastructure/messaging",
  provides: ["stream"],
  options: externalKafkaSchema,
  bind: bindExternalKafka,
  surface: externalKafkaSurface,
  emit: () => ({}),
});

function bindExternalKafka(
  _context: ResolveContext,
  stream: Unbound<PlannedStream>,
  { brokers, port, addresses }: ExternalKafkaOptions,
): Omit<Binding, "intent"> {
  return {
    endpoint: { kind: "external", name: brokers[0] ?? "", addresses },
    port,
    application: "kafka",
    encryption: "tls",
    env: streamVariables(stream.name, {
      brokers: brokers.map((broker) => `${broker}:${port}`),
      topic: stream.name,
      tls: true,
      secret: streamSecretName(stream),
    }),
    secrets: [streamSecretId(stream)],
  };
}

function externalKafkaSurface(
  _context: SurfaceContext,
  streams: readonly PlannedStream[],
): Surface {
  const person = (key: string, what: string) =>
    ({ key, source: "person", description: `${what} of the SCRAM user on the brokers` }) as const;
  return {
    secrets: streams.map((stream) =>
      streamSecret(stream, [], [person("username", "name"), person("password", "password")]),
    ),
  };
}
