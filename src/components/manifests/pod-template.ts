// The pod template of a workload we emit ourselves. What others see of it (names, images, ports, resources) is read from
// the surface, so the graph and the manifest cannot disagree; emission adds what only the pod knows.

import type { Workload, WorkloadContainer } from "../../model/index.ts";
import { invariant } from "../../core/index.ts";
import { describedLabels } from "./labels.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface PodParts {
  /** Per container of the surface, by name: env, probes, mounts. */
  readonly containers: Readonly<Record<string, Fields>>;
  readonly initContainers?: readonly Fields[];
  readonly volumes?: readonly Fields[];
  readonly securityContext?: Fields;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Beside those of the surface; nothing selects by them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Anything else of a pod's spec. */
  readonly spec?: Fields;
}

/** `spec.template` of a Deployment, StatefulSet or Job. */
export function podTemplate(platform: string, workload: Workload, parts: PodParts): Fields {
  const { annotations, initContainers, volumes, securityContext, labels } = parts;
  return {
    metadata: {
      labels: { ...describedLabels(platform, workload), ...labels },
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      serviceAccountName: workload.serviceAccount,
      automountServiceAccountToken: workload.usesApi,
      // Without this, every Service of the namespace becomes variables that can shadow the bindings'.
      enableServiceLinks: false,
      ...parts.spec,
      ...(securityContext === undefined ? {} : { securityContext }),
      ...(initContainers === undefined ? {} : { initContainers }),
      containers: containersOf(workload, parts.containers),
      ...(volumes === undefined || volumes.length === 0 ? {} : { volumes }),
    },
  };
}

function containersOf(workload: Workload, extras: PodParts["containers"]): Fields[] {
  for (const name of Object.keys(extras)) {
    const known = workload.containers.some((container) => container.name === name);
    invariant(known, `container ${name} of ${workload.name} is on its surface`);
  }
  return workload.containers.map((container, index) => ({
    ...containerOf(container),
    ...(index === 0 ? portsOf(workload) : {}),
    ...extras[container.name],
  }));
}

/** Name, image and resources exactly as the surface states them. */
export function containerOf({ name, image, requests, limits }: WorkloadContainer): Fields {
  return { name, image, resources: { requests, limits } };
}

function portsOf({ ports }: Workload): Fields {
  if (ports.length === 0) return {};
  return {
    ports: ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
  };
}
