// Tells other services about orders through Kafka, where there is one. An event that cannot be sent is logged and lost: the
// order itself is in the database.

import { context, propagation, SpanKind } from "@opentelemetry/api";

import type { Configuration } from "./configuration.ts";
import type { Order } from "./orders/order.ts";
import { log, messageOf } from "./telemetry/log.ts";
import { traced } from "./telemetry/traced.ts";

export interface OrderEvents {
  publish(order: Order): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 2000;

export async function openOrderEvents({
  brokers,
  topic,
  tls,
  credentials,
}: NonNullable<Configuration["events"]>): Promise<OrderEvents> {
  const { Kafka, logLevel } = (await import("kafkajs")).default;
  const kafka = new Kafka({
    clientId: "storefront",
    brokers: [...brokers],
    ssl: tls,
    ...(credentials === undefined ? {} : { sasl: { mechanism: "scram-sha-512", ...credentials } }),
    logLevel: logLevel.NOTHING,
    connectionTimeout: TIMEOUT_MS,
    retry: { retries: 1 },
  });
  const producer = kafka.producer();
  const admin = kafka.admin();
  let connected: Promise<void> | undefined;
  const connect = (): Promise<void> => {
    connected ??= producer.connect().catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
  const about = {
    name: `send ${topic}`,
    kind: SpanKind.PRODUCER,
    attributes: { "messaging.system": "kafka", "messaging.destination.name": topic },
  };
  return {
    publish: async (order) => {
      const work = async (): Promise<void> => {
        const headers: Record<string, string> = {};
        propagation.inject(context.active(), headers);
        await connect();
        const value = JSON.stringify({ type: "order.placed", order });
        await producer.send({ topic, messages: [{ key: order.id, value, headers }] });
      };
      await traced(about, work).catch((error: unknown) =>
        log.warn("event lost", { order: order.id, error: messageOf(error) }),
      );
    },
    ping: async () => {
      await connect();
      await admin.connect();
      await admin.describeCluster();
    },
    close: async () => void (await Promise.allSettled([producer.disconnect(), admin.disconnect()])),
  };
}
