// The parts of a Node that decide what may run on it. Field names and meaning are core/v1's.

import type { KindToken } from "../controller-runtime/kind-token.ts";
import type { Condition, KubernetesObject } from "../object.ts";
import type { ResourceList } from "./container.ts";
import type { Taint } from "./taints.ts";

export interface NodeAddress {
  readonly type: string;
  readonly address: string;
}

/** A node condition also says when the node last reported it. */
export interface NodeCondition extends Condition {
  readonly lastHeartbeatTime?: string;
}

export interface Node extends KubernetesObject {
  readonly spec?: {
    readonly podCIDR?: string;
    readonly podCIDRs?: readonly string[];
    readonly providerID?: string;
    readonly taints?: readonly Taint[];
    readonly unschedulable?: boolean;
  };
  readonly status?: {
    readonly capacity?: ResourceList;
    readonly allocatable?: ResourceList;
    readonly conditions?: readonly NodeCondition[];
    readonly addresses?: readonly NodeAddress[];
    readonly images?: readonly {
      readonly names?: readonly string[];
      readonly sizeBytes?: number;
    }[];
    readonly nodeInfo?: Readonly<Record<string, string>>;
  };
}

export const NODE: KindToken<Node> = { apiVersion: "v1", kind: "Node" };

export function nodeCondition(node: Node, type: string): NodeCondition | undefined {
  return node.status?.conditions?.find((condition) => condition.type === type);
}

export function isNodeReady(node: Node): boolean {
  return nodeCondition(node, "Ready")?.status === "True";
}
