// A small cluster for tests: the real API, controllers, scheduler and simulated nodes on a virtual clock.

import { createRng, createVirtualClock, invariant } from "../../../core/index.ts";
import type { VirtualClock } from "../../../core/index.ts";
import { runControllers, StatusError } from "../../../kubernetes/index.ts";
import type {
  ControllerFactory,
  KindToken,
  KubeApi,
  KubernetesObject,
  ObjectRef,
  RunningControllers,
} from "../../../kubernetes/index.ts";
import { bootstrap, createCluster } from "../../cluster.ts";
import type { Cluster } from "../../cluster.ts";
import { registerNodes, simulatedAgent, simulatedNodes } from "../../nodes/index.ts";
import type { SimulatedAgentOptions, SimulatedNodesOptions } from "../../nodes/index.ts";
import { schedulerController } from "../../scheduler/index.ts";
import { builtinAdmission } from "../../admission/index.ts";
import { builtinControllers } from "../index.ts";
import type { BuiltinControllersOptions } from "../index.ts";

export const START = Date.parse("2026-01-01T00:00:00Z");

export interface TestClusterOptions {
  readonly start?: number;
  readonly nodes?: Partial<SimulatedNodesOptions>;
  readonly agent?: SimulatedAgentOptions;
  readonly controllers?: BuiltinControllersOptions;
  readonly more?: readonly ControllerFactory[];
  readonly podCidr?: string;
}

export interface TestCluster {
  readonly clock: VirtualClock;
  readonly cluster: Cluster;
  readonly api: KubeApi;
  readonly running: RunningControllers;
  /** Refusals that a reconcile ran into and that were tried again. */
  readonly errors: readonly string[];
  get<T extends KubernetesObject>(kind: KindToken<T>, name: string, namespace?: string): Promise<T>;
  list<T extends KubernetesObject>(kind: KindToken<T>, namespace?: string): Promise<readonly T[]>;
  /** Moves time until the condition holds; fails after `withinMs` of virtual time. */
  until(what: string, holds: () => Promise<boolean>, withinMs?: number): Promise<void>;
  advance(durationMs: number): Promise<void>;
}

export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const { start = START, podCidr = "10.42.0.0/16" } = options;
  const clock = createVirtualClock(start);
  const rng = createRng("test");
  const cluster = createCluster({ name: "test", clock, rng, podCidr });
  for (const plugin of builtinAdmission(cluster.context)) cluster.context.admission.add(plugin);
  await bootstrap(cluster);
  const nodes = simulatedNodes(
    { count: 3, zones: ["a", "b", "c"], region: "r1", podCidr, ...options.nodes },
    clock.now(),
  );
  await registerNodes(cluster.api, nodes, clock.now());
  const errors: string[] = [];
  const factories = [
    ...builtinControllers({
      issueToken: cluster.context.tokens.issueForSecret,
      ...options.controllers,
    }),
    schedulerController(),
    simulatedAgent(options.agent).controller,
    ...(options.more ?? []),
  ];
  const running = runControllers(factories, {
    api: cluster.api,
    clock,
    rng,
    onError: (controller, key, error) => errors.push(`${controller} ${key}: ${String(error)}`),
  });
  running.start();
  await clock.settle();
  return { clock, cluster, running, errors, ...operations(cluster.api, clock) };
}

function operations(
  api: KubeApi,
  clock: VirtualClock,
): Pick<TestCluster, "api" | "get" | "list" | "until" | "advance"> {
  return {
    api,
    async get<T extends KubernetesObject>(kind: KindToken<T>, name: string, namespace = "default") {
      const ref: ObjectRef = { apiVersion: kind.apiVersion, kind: kind.kind, name, namespace };
      return (await api.get(ref)) as T;
    },
    async list<T extends KubernetesObject>(kind: KindToken<T>, namespace?: string) {
      const { items } = await api.list(kind, { namespace });
      return items as readonly T[];
    },
    async until(what, holds, withinMs = 600_000) {
      const deadline = clock.now() + withinMs;
      await clock.settle();
      while (!(await holds())) {
        const next = clock.nextTimerAt();
        invariant(next !== undefined && next <= deadline, `${what} within ${withinMs} ms`);
        await clock.advanceTo(next);
      }
    },
    advance: (durationMs) => clock.advanceBy(durationMs),
  };
}

/** What the server says against it; empty when it does it. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "";
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}
