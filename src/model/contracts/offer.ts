// What one system serves to the others of its cluster, under a neutral name: whoever ships logs asks for `logSink`, never for
// the product that keeps them. Made before surfaces, so that both ends of the conversation are flows of the graph.

import type { Endpoint } from "./graph.ts";

export interface Offer {
  readonly capability: OfferedCapability;
  /** How it is spoken to; who cannot speak it has to say so. */
  readonly form: string;
  /** The component that serves it; names a data source. */
  readonly component: string;
  /** As other pods of the cluster reach it, without a slash at the end. */
  readonly url: string;
  /** Where the packets go, and the port on the pod. */
  readonly endpoint: Extract<Endpoint, { kind: "workload" | "external" }>;
  readonly port: number;
  /** Where the certificates of who signed its own stand, when that is nobody a client knows. */
  readonly authority?: {
    readonly secret: string;
    readonly namespace: string;
    readonly key: string;
  };
}

/**
 * `metricsQuery` answers PromQL, `metricsWrite` takes remote writes, `logsQuery` and `tracesQuery` answer people's questions,
 * `logSink` and `traceSink` keep what is sent, `otlp` takes what services tell of themselves, `alertSink` routes alerts to
 * people, `alertRules` judges the platform's alert rules, `secretValues` keeps the values that stores read, `signIn` says who people
 * are: its URL is the issuer of their tokens.
 */
export type OfferedCapability =
  | "metricsQuery"
  | "metricsWrite"
  | "logsQuery"
  | "logSink"
  | "tracesQuery"
  | "traceSink"
  | "otlp"
  | "alertSink"
  | "alertRules"
  | "secretValues"
  | "signIn";
