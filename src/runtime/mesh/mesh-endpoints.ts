// The pods behind a Service as a mesh's proxies see them: by name and labels, so that subsets and ejections have somebody to name.

import { serviceEndpoints } from "../../cluster/index.ts";
import type { Informer, Pod } from "../../kubernetes/index.ts";
import type { RouteBackend } from "../../model/index.ts";
import type { MeshEndpoint } from "./outbound-proxy.ts";

export interface MeshPod extends MeshEndpoint {
  readonly pod: Pod;
  readonly address: string;
  readonly port: number;
}

export interface MeshSources {
  readonly services: Informer;
  readonly slices: Informer;
  readonly pods: Informer;
}

/** Undefined: the Service or its port does not exist. */
export function meshPods(of: RouteBackend, sources: MeshSources): readonly MeshPod[] | undefined {
  const { namespace, service: name, port } = of;
  return serviceEndpoints({ namespace, name, port }, sources)?.flatMap((endpoint) => {
    const { pod: ref, address, port: target } = endpoint;
    const pod = ref && (sources.pods.get(ref.name, ref.namespace) as Pod | undefined);
    if (pod === undefined) return [];
    const id = `${pod.metadata.namespace}/${pod.metadata.name}`;
    return [{ id, labels: pod.metadata.labels ?? {}, pod, address, port: target }];
  });
}

/** Who a pod's proxy proves to be. */
export function identityOf({ metadata, spec }: Pod): {
  readonly namespace: string;
  readonly serviceAccount: string;
} {
  return {
    namespace: metadata.namespace ?? "",
    serviceAccount: spec.serviceAccountName ?? "default",
  };
}
