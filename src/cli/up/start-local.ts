// Processes on this machine, and the telemetry they send to a port beside the API. Without apps that run as processes there
// is neither.

import type { HostPort } from "../../cluster/index.ts";
import type { KubeApi } from "../../kubernetes/index.ts";
import {
  createTelemetryStore,
  findScrapeTargets,
  ingressSpan,
  processLogRecord,
  removeTelemetryAccess,
  serveTelemetry,
  telemetryVariables,
  writeTelemetryAccess,
  type LocalOptions,
  type OnSpan,
} from "../../runtime/index.ts";
import type { LocalPlatform } from "./compile-step.ts";
import { localOptions } from "./local-step.ts";
import type { UpRun } from "./run-up.ts";

export interface Watching {
  /** Told while something is installed. */
  readonly onProgress: (text: string) => void;
}

export type Undo = () => Promise<void> | void;

export interface LocalStart extends Watching {
  readonly undo: Undo[];
  /** Of the API; telemetry asks for the same. */
  readonly token: string;
}

export interface StartedLocal {
  readonly options: LocalOptions;
  readonly onSpan: OnSpan;
  /**
   * Target and URL of every API, once they are served: processes may ask them. Telemetry asks the clusters themselves where
   * the apps are.
   */
  served(
    apis: readonly (readonly [target: string, url: string])[],
    clusters: readonly KubeApi[],
  ): void;
}

export async function startLocal(
  run: UpRun,
  local: LocalPlatform,
  { undo, onProgress, token }: LocalStart,
): Promise<StartedLocal | undefined> {
  const options = await localOptions(run, local, onProgress);
  if (options === undefined) return undefined;
  const { clock, state } = run;
  const store = createTelemetryStore({ clock });
  const running: KubeApi[] = [];
  const apps = new Set(
    local.targets.flatMap(({ cluster }) => cluster.apps.map(({ name }) => name)),
  );
  const telemetry = await serveTelemetry({
    store,
    clock,
    port: 0,
    token,
    scrapeTargets: async () =>
      (await Promise.all(running.map((api) => findScrapeTargets(api, apps)))).flat(),
  });
  undo.push(() => telemetry.close());
  writeTelemetryAccess(state.path, telemetry);
  undo.push(() => removeTelemetryAccess(state.path));
  const addresses = new Map<string, HostPort>();
  const { platform } = local.compiled;
  return {
    options: {
      ...options,
      appEnvironment: ({ name, namespace }, { metadata }) =>
        telemetryVariables(telemetry, { service: name, platform, namespace, pod: metadata.name }),
      apiServer: (target) => addresses.get(target),
      onLogLine: (line) => store.addLogs([processLogRecord(line)]),
      onMeshSpan: (span) => store.addSpans([span]),
    },
    onSpan: (span) => store.addSpans([ingressSpan(span)]),
    served(apis, clusters) {
      running.push(...clusters);
      for (const [target, url] of apis) {
        const { hostname: host, port } = new URL(url);
        addresses.set(target, { host, port: Number(port) });
      }
    },
  };
}
