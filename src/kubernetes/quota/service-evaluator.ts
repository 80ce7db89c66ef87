// What a Service uses: itself, a load balancer, the node ports it will get. Mirrors pkg/quota/v1/evaluator/core/services.go.

import type { KubernetesObject } from "../object.ts";
import type { QuotaEvaluator } from "./evaluator.ts";
import { count, ONE } from "./quantities.ts";

interface ServiceSpec {
  readonly type?: string;
  readonly ports?: readonly { readonly nodePort?: number }[];
  readonly allocateLoadBalancerNodePorts?: boolean;
}

const NAMES: ReadonlySet<string> = new Set([
  "count/services",
  "services",
  "services.nodeports",
  "services.loadbalancers",
]);

export const serviceEvaluator: QuotaEvaluator = {
  // The type of a Service may change.
  handles: ({ operation }) => operation === "CREATE" || operation === "UPDATE",
  measures: (name) => NAMES.has(name),
  usage: (object) => {
    const spec = specOf(object);
    return new Map([
      ["count/services", ONE],
      ["services", ONE],
      ["services.loadbalancers", count(spec.type === "LoadBalancer" ? 1 : 0)],
      ["services.nodeports", count(nodePorts(spec))],
    ]);
  },
  inScope: () => false,
};

function specOf(object: KubernetesObject): ServiceSpec {
  return (object["spec"] ?? {}) as ServiceSpec;
}

/** Ports are not allocated yet: what counts is the intent. */
function nodePorts({ type, ports = [], allocateLoadBalancerNodePorts }: ServiceSpec): number {
  if (type !== "NodePort" && type !== "LoadBalancer") return 0;
  const onlyStated = type === "LoadBalancer" && allocateLoadBalancerNodePorts === false;
  return onlyStated ? ports.filter(({ nodePort = 0 }) => nodePort !== 0).length : ports.length;
}
