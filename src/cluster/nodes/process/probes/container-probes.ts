// The probes of one run of a container: the startup probe first, the others once it has succeeded. Mirrors
// pkg/kubelet/prober/{prober,worker}.go; messages as there.

import type { InstantMs } from "../../../../core/index.ts";
import type { Probe } from "../../../../kubernetes/index.ts";
import type { ProbeKind, StageEvent } from "../../stage-events.ts";
import { askContainer } from "./ask-container.ts";
import type { AskedContainer } from "./ask-container.ts";
import { watchProbe } from "./watch-probe.ts";

export interface ContainerProbes {
  readonly startedUp: boolean;
  readonly ready: boolean;
  stop(): void;
}

export interface ContainerProbesOptions extends AskedContainer {
  readonly startedAt: InstantMs;
  tell(event: StageEvent): void;
  /** `startedUp` or `ready` is another one. */
  onChange(): void;
  /** The startup or liveness probe has given up. */
  onGivenUp(kind: ProbeKind, probe: Probe): void;
}

export function startProbes(options: ContainerProbesOptions): ContainerProbes {
  const { startupProbe, readinessProbe, livenessProbe } = options.container;
  const state = { startedUp: startupProbe === undefined, ready: false };
  const ends: (() => void)[] = [];
  const stop = (): void => {
    for (const end of ends.splice(0)) end();
  };
  const watch = (kind: ProbeKind, probe: Probe, onResult: (succeeds: boolean) => void): void => {
    const end = watchProbe({
      clock: options.clock,
      probe,
      isEager: kind !== "Liveness",
      since: options.startedAt,
      ask: (timeoutMs) => askContainer(options, probe, timeoutMs),
      onFailed: (message, isError) => options.tell(unhealthy(kind, message, isError)),
      onResult(succeeds) {
        if (succeeds || kind === "Readiness") return onResult(succeeds);
        stop();
        options.onGivenUp(kind, probe);
      },
    });
    ends.push(end);
  };
  const watchStarted = (): void => {
    if (livenessProbe !== undefined) watch("Liveness", livenessProbe, () => undefined);
    if (readinessProbe === undefined) {
      state.ready = true;
      return;
    }
    watch("Readiness", readinessProbe, (succeeds) => {
      state.ready = succeeds;
      options.onChange();
    });
  };
  if (startupProbe === undefined) watchStarted();
  else {
    watch("Startup", startupProbe, () => {
      stop();
      state.startedUp = true;
      watchStarted();
      options.onChange();
    });
  }
  return {
    get startedUp() {
      return state.startedUp;
    },
    get ready() {
      return state.ready;
    },
    stop,
  };
}

function unhealthy(kind: ProbeKind, message: string, isError: boolean): StageEvent {
  const what = isError ? "probe errored and resulted in unknown state" : "probe failed";
  return { type: "Warning", reason: "Unhealthy", message: `${kind} ${what}: ${message}` };
}
