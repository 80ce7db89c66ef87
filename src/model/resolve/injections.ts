// Lays what components inject over the workloads of a plan: sidecars, and membership of a mesh.

import type { Injection } from "../contracts/component.ts";
import type { Flow, Workload } from "../contracts/graph.ts";
import type { PlannedCluster } from "../contracts/plan.ts";
import type { Choices } from "./choices.ts";

export function injectInto(cluster: PlannedCluster, { filled }: Choices): PlannedCluster {
  const injectors = filled.flatMap(({ component, choice }) => {
    const { inject } = component;
    if (inject === undefined) return [];
    const context = { cluster, path: choice.path };
    const { name } = component;
    return { name, inject: (workload: Workload) => inject(context, workload, choice.options) };
  });
  if (injectors.length === 0) return cluster;
  const flows = [...cluster.flows];
  const workloads = cluster.workloads.map((workload) =>
    injectors.reduce((current, { name, inject }) => {
      const injection = inject(workload);
      flows.push(...(injection?.flows ?? []));
      return withInjection(current, name, injection);
    }, workload),
  );
  return { ...cluster, workloads, flows: flows.toSorted(byName) };
}

function byName(a: Flow, b: Flow): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function withInjection(workload: Workload, by: string, injection: Injection | undefined): Workload {
  if (injection === undefined) return workload;
  const { containers = [], mesh } = injection;
  const injected = [...(workload.injected ?? []), ...containers];
  const injectedBy = [...(workload.injectedBy ?? []), ...(containers.length === 0 ? [] : [by])];
  return {
    ...workload,
    ...(injected.length === 0 ? {} : { injected, injectedBy: injectedBy.toSorted() }),
    ...(mesh === undefined ? {} : { mesh }),
  };
}
