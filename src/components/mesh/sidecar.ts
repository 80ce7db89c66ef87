// How a proxy gets into a pod, whichever mesh it is of: what sees that the node agent did its part, then the proxy, as an init
// container that goes on running or, where a pod asks for it, as one container among the others.

import {
  isFor,
  statusError,
  type AdmissionPlugin,
  type AdmissionRequest,
  type AdmissionSubject,
  type Pod,
} from "../../kubernetes/index.ts";

/** On a pod whose proxy is no process of that project: names its containers. */
export const SIMULATED_SIDECAR = "keelson.dev/simulated-sidecar";

type Container = Pod["spec"]["containers"][number];
type Volumes = NonNullable<Pod["spec"]["volumes"]>;
type Texts = Readonly<Record<string, string>>;

export interface Sidecar {
  readonly proxy: Container;
  /** Ends before anything of the pod starts. */
  readonly validator: Container;
  /** An init container with `restartPolicy: Always`: starts before and ends after the others, and lets a Job complete. */
  readonly native: boolean;
  /** Where a proxy stands that is not native. */
  readonly place: "first" | "last";
  readonly volumes: Volumes;
  readonly labels: Texts;
  readonly annotations: Texts;
}

export function withSidecar(pod: Pod, sidecar: Sidecar): Pod {
  const { metadata, spec } = pod;
  const { proxy, validator, native, place, volumes, labels, annotations } = sidecar;
  const before = native ? [validator, { ...proxy, restartPolicy: "Always" as const }] : [validator];
  const beside = place === "first" ? [proxy, ...spec.containers] : [...spec.containers, proxy];
  return {
    ...pod,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels },
      annotations: {
        ...metadata.annotations,
        ...annotations,
        [SIMULATED_SIDECAR]: `${validator.name},${proxy.name}`,
      },
    },
    spec: {
      ...spec,
      initContainers: [...before, ...(spec.initContainers ?? [])],
      containers: native ? spec.containers : beside,
      volumes: [...(spec.volumes ?? []), ...volumes],
    },
  };
}

export function hasContainer({ spec }: Pod, name: string): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers].some((one) => one.name === name);
}

/** A pod that asks for a proxy waits until somebody can put it in: the webhooks fail closed. */
export function injectorAway(
  webhook: string,
  service: { readonly name: string; readonly namespace: string; readonly path: string },
  asks: (request: AdmissionRequest) => boolean,
): AdmissionPlugin {
  const { name, namespace, path } = service;
  const url = `https://${name}.${namespace}.svc:443${path}?timeout=10s`;
  return {
    name: webhook,
    handles: isNewPod,
    mutate(request) {
      if (!asks(request)) return undefined;
      throw statusError(
        "InternalError",
        `Internal error occurred: failed calling webhook "${webhook}": failed to call webhook: ` +
          `Post "${url}": no endpoints available for service "${name}"`,
      );
    },
  };
}

/** Injectors ask for new pods alone. */
export function isNewPod(subject: AdmissionSubject): boolean {
  return subject.operation === "CREATE" && isFor(subject, "pods");
}
