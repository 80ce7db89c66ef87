// Requests and limits of a system's container, with the system's own defaults.

import { object, optional, string, type Resources, type Schema } from "../../model/index.ts";

/** Every figure stated. */
export interface ContainerResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

type Figures = { cpu: string; memory: string };

export function resourcesSchema(
  defaults: ContainerResources,
): Schema<Resources, ContainerResources> {
  return object<Resources, ContainerResources>({
    requests: optional(figures(defaults.requests), {}),
    limits: optional(figures(defaults.limits), {}),
  });
}

function figures(defaults: Figures): Schema<Partial<Figures>, Figures> {
  return object<Partial<Figures>, Figures>({
    cpu: optional(string("quantity"), defaults.cpu),
    memory: optional(string("quantity"), defaults.memory),
  });
}

export function containerResources(
  requests: readonly [cpu: string, memory: string],
  limits: readonly [cpu: string, memory: string],
): ContainerResources {
  return {
    requests: { cpu: requests[0], memory: requests[1] },
    limits: { cpu: limits[0], memory: limits[1] },
  };
}
