// Follows every container of an application: those there are, those of pods that come, and the next run of one that restarts.

import type { HttpsApi, Pod, PodLogOptions } from "../../kubernetes/index.ts";
import type { Terminal } from "../terminal.ts";
import { createLineWriter } from "./log-lines.ts";
import { APP_LABEL, nameOf, sourcesOf, type LogSource } from "./log-sources.ts";

export interface Following {
  readonly api: HttpsApi;
  readonly app: string;
  /** How the runs that are there at the start are read; later ones are read whole. */
  readonly reading: PodLogOptions;
  readonly terminal: Pick<Terminal, "out">;
}

/** Resolves when stopped, or when the server is gone. */
export async function followLogs(following: Following, stopped: AbortSignal): Promise<void> {
  const runs = new RunsFollowed(following, stopped);
  while (!stopped.aborted && (await watchOnce(following, runs, stopped)));
  await runs.ended();
}

/** Whether there is more to come: a watch ends by itself after a while, and with its server. */
async function watchOnce(
  { api, app }: Following,
  runs: RunsFollowed,
  stopped: AbortSignal,
): Promise<boolean> {
  const options = {
    labelSelector: `${APP_LABEL}=${app}`,
    sendInitialEvents: true,
    allowBookmarks: true,
    resourceVersionMatch: "NotOlderThan",
  } as const;
  let hasBegun = false;
  const watch = api.watch({ apiVersion: "v1", kind: "Pod" }, options, (event) => {
    hasBegun = true;
    if (event.type === "BOOKMARK") runs.begun();
    // The server was asked for pods.
    if (event.type === "ADDED" || event.type === "MODIFIED") runs.see(event.object as Pod);
  });
  stopped.addEventListener("abort", watch.stop, { once: true });
  await watch.done.catch(() => undefined);
  stopped.removeEventListener("abort", watch.stop);
  return hasBegun;
}

class RunsFollowed {
  readonly #following: Following;
  readonly #stopped: AbortSignal;
  /** One for each run of a container. */
  readonly #runs = new Map<string, Promise<void>>();
  readonly #names = new Set<string>();
  #isBegun = false;

  constructor(following: Following, stopped: AbortSignal) {
    this.#following = following;
    this.#stopped = stopped;
  }

  /** What is seen from now on has come since. */
  begun(): void {
    this.#isBegun = true;
  }

  see(pod: Pod): void {
    for (const source of sourcesOf(pod)) {
      const status = pod.status?.containerStatuses?.find(({ name }) => name === source.container);
      const state = status?.state ?? {};
      if (state.running === undefined && state.terminated === undefined) continue;
      const key = `${pod.metadata.uid}/${source.container}/${status?.restartCount ?? 0}`;
      if (!this.#runs.has(key)) this.#runs.set(key, this.#follow(source));
    }
  }

  async ended(): Promise<void> {
    await Promise.all(this.#runs.values());
  }

  async #follow(source: LogSource): Promise<void> {
    const { api, reading, terminal } = this.#following;
    this.#names.add(nameOf(source));
    const writer = createLineWriter(terminal, () => this.#names.size > 1, source);
    const asked = { ...(this.#isBegun ? {} : reading), container: source.container, follow: true };
    // A pod that has gone meanwhile has said all it had to say.
    await api.log(source, asked, writer.write, this.#stopped).catch(() => undefined);
    writer.end();
  }
}
