// The API on a virtual clock and only the controllers that a test is about: what upstream's controller tests are to
// their fake client.

import { createRng, createVirtualClock } from "../../../core/index.ts";
import type { VirtualClock } from "../../../core/index.ts";
import { runControllers } from "../../../kubernetes/index.ts";
import type { ControllerFactory, KubeApi } from "../../../kubernetes/index.ts";
import { bootstrap, createCluster } from "../../cluster.ts";
import { START } from "./test-cluster.ts";

export interface ControllerBench {
  readonly api: KubeApi;
  readonly clock: VirtualClock;
  /** Refusals that a reconcile ran into. */
  readonly errors: readonly string[];
  run(...factories: readonly ControllerFactory[]): Promise<void>;
  /** Events so far: `Reason Kind/name: message`. */
  events(): Promise<readonly string[]>;
}

export async function createControllerBench(start = START): Promise<ControllerBench> {
  const clock = createVirtualClock(start);
  const rng = createRng("bench");
  const cluster = createCluster({ name: "test", clock, rng, podCidr: "10.42.0.0/16" });
  await bootstrap(cluster);
  const { api } = cluster;
  const errors: string[] = [];
  return {
    api,
    clock,
    errors,
    async run(...factories) {
      const onError = (controller: string, key: string, error: unknown): void => {
        errors.push(`${controller} ${key}: ${String(error)}`);
      };
      runControllers(factories, { api, clock, rng, onError }).start();
      await clock.settle();
    },
    async events() {
      const { items } = await api.list({ apiVersion: "v1", kind: "Event" });
      return items.map((event) => {
        const { kind, name } = event["involvedObject"] as Readonly<Record<string, string>>;
        return `${String(event["reason"])} ${kind}/${name}: ${String(event["message"])}`;
      });
    },
  };
}
