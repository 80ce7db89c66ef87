// What KEDA asks of whom for an app: one trigger a signal, and the credentials of those that want some. Metadata of triggers as
// in kedacore/keda pkg/scalers/{prometheus,cron,cpu_memory,aws_sqs_queue,redis}_scaler.go v2.20.2: all text.

import { invariant, parseDuration } from "../../../core/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type {
  Binding,
  EnvVar,
  IntentKind,
  PlannedApp,
  PlannedCluster,
  ScaleSignal,
} from "../../../model/index.ts";
import { variablePrefix } from "../../bindings/index.ts";
import type { Fields } from "../../manifests/index.ts";
import type { SignalledApp } from "./surface.ts";
import { windowsOf, type Window } from "./week.ts";

export function utilization(type: "cpu" | "memory", percent: number): Fields {
  return { type, metricType: "Utilization", metadata: { value: String(percent) } };
}

/** One for a signal; a week has as many as it has different windows. */
export function triggers(
  { offers }: Pick<PlannedCluster, "offers">,
  app: SignalledApp,
  signal: ScaleSignal,
): Fields[] {
  const serverAddress = offers.find(({ capability }) => capability === "metricsQuery")?.url ?? "";
  switch (signal.kind) {
    case "window":
      return [cronTrigger(signal, signal.timeZone)];
    case "week":
      return windowsOf(signal, app.scale).map((window) => cronTrigger(window, signal.timeZone));
    case "queue":
      return [queueTrigger(app, signal.queue, signal.perReplica)];
    case "list":
      return [listTrigger(app, signal.cache, signal.list, signal.perReplica)];
    case "metric": {
      const { query, perReplica } = signal;
      const metadata = { serverAddress, query, threshold: String(perReplica) };
      return [{ type: "prometheus", metricType: "AverageValue", metadata }];
    }
    case "latency": {
      const threshold = String((parseDuration(signal.target) ?? 0) / 1000);
      const metadata = { serverAddress, query: signal.query, threshold };
      // A time is not shared out among replicas: what is above the target in proportion asks for more of them.
      return [{ type: "prometheus", metricType: "Value", metadata }];
    }
  }
}

function cronTrigger({ start, end, replicas }: Window, timezone = "Etc/UTC"): Fields {
  return { type: "cron", metadata: { timezone, start, end, desiredReplicas: String(replicas) } };
}

function queueTrigger(app: SignalledApp, queue: string, perReplica: number): Fields {
  const { env } = bindingOf(app, "queue", queue);
  const value = (suffix: string): string => valueOf(env, `${variablePrefix(queue)}_QUEUE${suffix}`);
  return {
    type: "aws-sqs-queue",
    metricType: "AverageValue",
    metadata: {
      queueURL: value("_URL"),
      queueLength: String(perReplica),
      awsRegion: value("_REGION"),
      awsEndpoint: value("_ENDPOINT"),
    },
    authenticationRef: { name: authenticationName(app, queue) },
  };
}

function listTrigger(app: SignalledApp, cache: string, list: string, perReplica: number): Fields {
  const { env, encryption } = bindingOf(app, "cache", cache);
  const value = (suffix: string): string => valueOf(env, `${variablePrefix(cache)}_CACHE${suffix}`);
  return {
    type: "redis",
    metricType: "AverageValue",
    metadata: {
      address: `${value("_HOST")}:${value("_PORT")}`,
      listName: list,
      listLength: String(perReplica),
      ...(encryption === "tls" ? { enableTLS: "true" } : {}),
    },
    authenticationRef: { name: authenticationName(app, cache) },
  };
}

/** The parameter of each credential, by the end of the variable that has it. */
const PARAMETERS: readonly (readonly [string, string])[] = [
  ["_SECRET_ACCESS_KEY", "awsSecretAccessKey"],
  ["_ACCESS_KEY_ID", "awsAccessKeyID"],
  ["_PASSWORD", "password"],
];

/** One TriggerAuthentication for every queue or cache that is read, with the credentials the app has itself. */
export function authentications(platform: string, app: SignalledApp): KubernetesObject[] {
  return readIntents(app).map(({ env, intent }) => ({
    apiVersion: "keda.sh/v1alpha1",
    kind: "TriggerAuthentication",
    metadata: {
      name: authenticationName(app, intent.name),
      namespace: app.namespace,
      labels: {
        "app.kubernetes.io/name": app.name,
        "app.kubernetes.io/component": "app",
        "app.kubernetes.io/part-of": platform,
      },
    },
    spec: { secretTargetRef: env.flatMap(secretReference) },
  }));
}

function secretReference(variable: EnvVar): Fields[] {
  if (!("secret" in variable)) return [];
  const found = PARAMETERS.find(([suffix]) => variable.name.endsWith(suffix));
  if (found === undefined) return [];
  return [{ parameter: found[1], name: variable.secret, key: variable.key }];
}

/** Bindings of the app that its signals look into, each once; what it does not need is a finding of the plan. */
export function readIntents(app: SignalledApp): Binding[] {
  const read = app.scale.signals?.flatMap((signal) => {
    if (signal.kind === "queue") return findBinding(app, "queue", signal.queue) ?? [];
    return signal.kind === "list" ? (findBinding(app, "cache", signal.cache) ?? []) : [];
  });
  return [...new Set(read)];
}

function bindingOf(app: PlannedApp, kind: IntentKind, name: string): Binding {
  const found = findBinding(app, kind, name);
  invariant(found, `the plan is refused when an app does not need ${kind} ${name}`);
  return found;
}

function findBinding(
  { bindings }: PlannedApp,
  kind: IntentKind,
  name: string,
): Binding | undefined {
  return bindings
    .map(({ binding }) => binding)
    .find(({ intent }) => intent.kind === kind && intent.name === name);
}

function valueOf(env: readonly EnvVar[], name: string): string {
  const found = env.find((variable) => variable.name === name);
  invariant(found !== undefined && "value" in found, `every binding has ${name}`);
  return found.value;
}

function authenticationName({ name }: PlannedApp, intent: string): string {
  return `${name}-${intent}`;
}
