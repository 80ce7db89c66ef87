// Processes on this machine, and the telemetry they send to a port beside the API. Without apps that run as processes there
// is neither.

import type { HostPort } from "../../cluster/index.ts";
import {
  createTelemetryStore,
  ingressSpan,
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
  /** Target and URL of every API, once they are served: processes may ask them. */
  served(apis: readonly (readonly [target: string, url: string])[]): void;
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
  const telemetry = await serveTelemetry({ store, clock, port: 0, token });
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
    },
    onSpan: (span) => store.addSpans([ingressSpan(span)]),
    served(apis) {
      for (const [target, url] of apis) {
        const { hostname: host, port } = new URL(url);
        addresses.set(target, { host, port: Number(port) });
      }
    },
  };
}
