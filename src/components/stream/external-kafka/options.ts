// Options of a Kafka service outside the cluster.

import { list, object, optional, port, string, type Tagged } from "../../../model/index.ts";

export interface ExternalKafkaInput {
  /** DNS names of brokers to begin with, e.g. the bootstrap brokers of an MSK cluster, without port. */
  brokers: string[];
  /** Of SASL/SCRAM over TLS. Default 9096, MSK's. */
  port?: number;
  /** Address ranges they answer from, for the network policies. Default: anywhere outside the cluster. */
  addresses?: string[];
}

export interface ExternalKafkaOptions {
  readonly brokers: readonly string[];
  readonly port: number;
  readonly addresses: readonly string[];
}

export const externalKafkaSchema = object<ExternalKafkaInput, ExternalKafkaOptions>({
  brokers: list(string("host"), { min: 1 }),
  port: optional(port(), 9096),
  addresses: optional(list(string("cidr")), []),
});

/** A Kafka service somebody else runs, with SASL/SCRAM over TLS: MSK, Confluent, a cluster of one's own. Topics are made there. */
export function externalKafka(
  options: ExternalKafkaInput,
): Tagged<"external-kafka", ExternalKafkaInput> {
  return { kind: "external-kafka", ...options };
}
