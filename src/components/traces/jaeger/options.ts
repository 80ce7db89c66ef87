// Options of Jaeger.

import {
  either,
  object,
  oneOf,
  optional,
  string,
  type ResolveContext,
  type Tagged,
} from "../../../model/index.ts";
import { defineDiagnostic } from "../../../core/index.ts";

export interface JaegerInput {
  /** Volume of its store; `false` keeps traces in memory. Default 20Gi, and false in a single environment. */
  storage?: string | false;
  /** Default: the cluster's default class. */
  storageClass?: string;
  /** How long traces are kept on a volume. Default 7d. */
  keep?: string;
}

export interface JaegerOptions {
  readonly storage?: string | false;
  readonly storageClass?: string;
  readonly keep: string;
}

export const jaegerSchema = object<JaegerInput, JaegerOptions>({
  storage: optional(either(string("quantity"), oneOf([false]))),
  storageClass: optional(string("dnsLabel")),
  keep: optional(string("duration"), "7d"),
});

/** Jaeger 2 in one pod, which takes OTLP and answers people. */
export function jaeger(options: JaegerInput = {}): Tagged<"jaeger", JaegerInput> {
  return { kind: "jaeger", ...options };
}

export const volatileTraces = defineDiagnostic<{ environment: string }>({
  code: "traces/volatile-store",
  severity: "error",
  message: ({ environment }) =>
    `traces of the highly available environment ${environment} would be lost with their pod`,
  hint: () => `write storage: "20Gi"`,
});

export function settleJaeger(
  { cluster, path, report }: ResolveContext,
  options: JaegerOptions,
): JaegerOptions {
  const lasting = cluster.scale === "highly-available";
  const storage = options.storage ?? (lasting ? "20Gi" : false);
  if (lasting && storage === false) {
    report(volatileTraces([...path, "storage"], { environment: cluster.environment }));
  }
  return { ...options, storage };
}
