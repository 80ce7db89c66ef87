// The containers whose logs are shown, and what they are called.

import type { Pod } from "../../kubernetes/index.ts";

/** The label that every workload of a definition carries. */
export const APP_LABEL = "app.kubernetes.io/name";

export interface LogSource {
  readonly namespace: string;
  /** Of the pod. */
  readonly name: string;
  readonly container: string;
  /** The pod has no other container. */
  readonly isOnly: boolean;
}

export function nameOf({ name, container, isOnly }: LogSource): string {
  return isOnly ? name : `${name}/${container}`;
}

export function sourcesOf({ metadata, spec }: Pod): readonly LogSource[] {
  const { namespace = "", name } = metadata;
  const { containers } = spec;
  return containers.map((container) => ({
    namespace,
    name,
    container: container.name,
    isOnly: containers.length === 1,
  }));
}
