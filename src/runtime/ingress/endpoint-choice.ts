// Which pods of a Service are asked for one request, in order: round robin over the ready ones, pods that were told to end
// last, and for each whether it really runs or is simulated.

import { agentOf, PROCESS, serviceEndpoints, type HostPort } from "../../cluster/index.ts";
import type { Informer, KubernetesObject } from "../../kubernetes/index.ts";
import { isTerminating } from "../../kubernetes/index.ts";
import type { PodAnswers, RouteBackend, RouteTable } from "../../model/index.ts";

/** One cluster's way in. */
export interface IngressBackend extends EndpointSource {
  readonly routes: RouteTable;
}

export interface EndpointSource {
  readonly services: Informer;
  readonly slices: Informer;
  readonly pods: Informer;
  /** What simulated pods have to say beside who they are. */
  readonly answers?: readonly PodAnswers[];
  /** Where a pod's port is on this machine. Default: at its own address. */
  readonly reach?: (address: string, port: number) => HostPort;
}

export interface AskedPod {
  readonly pod: KubernetesObject;
  /** Undefined: the pod is simulated and answers for itself. */
  readonly at: HostPort | undefined;
  readonly answers?: readonly PodAnswers[];
}

export interface EndpointChoice {
  /** Undefined: the Service or its port does not exist. */
  pods(of: RouteBackend, backend: EndpointSource): readonly AskedPod[] | undefined;
}

export function createEndpointChoice(): EndpointChoice {
  const turns = new Map<string, number>();
  return {
    pods(of, backend) {
      const { namespace, service: name, port } = of;
      const endpoints = serviceEndpoints({ namespace, name, port }, backend);
      if (endpoints === undefined) return undefined;
      const asked = endpoints.flatMap(({ pod: ref, address, port: target }) => {
        const pod = ref && backend.pods.get(ref.name, ref.namespace);
        if (pod === undefined) return [];
        if (agentOf(pod) !== PROCESS) return { pod, at: undefined, answers: backend.answers ?? [] };
        return { pod, at: backend.reach?.(address, target) ?? { host: address, port: target } };
      });
      const key = `${namespace}/${name}:${port}`;
      const turn = turns.get(key) ?? 0;
      turns.set(key, turn + 1);
      return endingLast(rotate(asked, turn));
    },
  };
}

function rotate<T>(items: readonly T[], turn: number): readonly T[] {
  const at = items.length === 0 ? 0 : turn % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

/** A pod is told to end a moment before its endpoint says so. */
function endingLast(pods: readonly AskedPod[]): readonly AskedPod[] {
  const staying = pods.filter(({ pod }) => !isTerminating(pod));
  return [...staying, ...pods.filter(({ pod }) => isTerminating(pod))];
}
