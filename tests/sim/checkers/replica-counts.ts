// At rest workloads have as many ready pods as they want, and Jobs have ended. A namespace with a quota may hold fewer.

import type { KubernetesObject } from "../../../src/kubernetes/index.ts";
import { fieldsOf, nameOf, ofKind, type Checker, type World } from "./checker.ts";

export const replicaCounts: Checker = {
  name: "workloads reach what they want",
  phase: "rest",
  check(world) {
    const limited = new Set(
      ofKind(world, "ResourceQuota").map(({ metadata }) => metadata.namespace),
    );
    const free = ({ metadata }: KubernetesObject): boolean =>
      !limited.has(metadata.namespace) && metadata.deletionTimestamp === undefined;
    return [
      ...["Deployment", "StatefulSet", "ReplicaSet"].flatMap((kind) =>
        ofKind(world, kind)
          .filter(free)
          .flatMap((one) => missingReplicas(world, one)),
      ),
      ...ofKind(world, "DaemonSet")
        .filter(free)
        .flatMap((set) => missingDaemons(world, set)),
      ...ofKind(world, "Job")
        .filter(free)
        .filter(isOpen)
        .map((job) => `${nameOf(job)} has not ended`),
      ...ofKind(world, "Namespace")
        .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
        .map((namespace) => `${nameOf(namespace)} is not gone`),
    ];
  },
};

function missingReplicas(world: World, workload: KubernetesObject): readonly string[] {
  const wanted = Number(fieldsOf(workload, "spec")["replicas"] ?? 1);
  const { replicas = 0, readyReplicas = 0 } = fieldsOf(workload, "status") as {
    readonly replicas?: number;
    readonly readyReplicas?: number;
  };
  const owned = world.objects.filter(
    ({ kind, metadata }) =>
      (kind === "Pod" || kind === "ReplicaSet") &&
      (metadata.ownerReferences ?? []).some(({ uid }) => uid === workload.metadata.uid),
  );
  const pods = owned.filter(({ kind }) => kind === "Pod").length;
  const isDeployment = workload.kind === "Deployment";
  const counted = isDeployment ? wanted : pods;
  if (replicas === wanted && readyReplicas === wanted && counted === wanted) return [];
  return [
    `${nameOf(workload)} wants ${wanted}, has ${replicas}, ${readyReplicas} ready, ${pods} pods of its own`,
  ];
}

function missingDaemons(world: World, set: KubernetesObject): readonly string[] {
  const nodes = ofKind(world, "Node").length;
  const { numberReady = 0 } = fieldsOf(set, "status") as { readonly numberReady?: number };
  return numberReady === nodes
    ? []
    : [`${nameOf(set)} is ready on ${numberReady} of ${nodes} nodes`];
}

function isOpen(job: KubernetesObject): boolean {
  const conditions = (fieldsOf(job, "status")["conditions"] ?? []) as readonly {
    readonly type: string;
    readonly status: string;
  }[];
  return !conditions.some(
    ({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"),
  );
}
