// The size that a pod's controller is meant to have, asked of whoever decides it: a Deployment for its ReplicaSets, else
// the controller itself or its scale subresource. Mirrors the finders of pkg/controller/disruption/disruption.go.

import { isRecord } from "../../core/index.ts";
import { informerOf, isNotFound } from "../../kubernetes/index.ts";
import type { ControllerContext, OwnerReference, Pod } from "../../kubernetes/index.ts";
import { controllerOf } from "./owner.ts";
import { DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from "./workload-kinds.ts";

export interface ControllerScale {
  readonly uid: string;
  readonly replicas: number;
}

export type ScaleFinder = (pod: Pod, owner: OwnerReference) => Promise<ControllerScale>;

/** The finder rejects, in Kubernetes' words, when the controller is gone or has no size to ask for. */
export function createScaleFinder(context: ControllerContext): ScaleFinder {
  const { api } = context;
  const deployments = informerOf(context, DEPLOYMENT);
  const replicaSets = informerOf(context, REPLICA_SET);
  const statefulSets = informerOf(context, STATEFUL_SET);

  const workloadScale = (pod: Pod, owner: OwnerReference): ControllerScale | undefined => {
    const { namespace } = pod.metadata;
    if (!owner.apiVersion.startsWith("apps/")) return undefined;
    if (owner.kind === STATEFUL_SET.kind) {
      const set = statefulSets.get(owner.name, namespace);
      return set?.metadata.uid === owner.uid ? sizeOf(owner.uid, set.spec) : undefined;
    }
    const set =
      owner.kind === REPLICA_SET.kind ? replicaSets.get(owner.name, namespace) : undefined;
    if (set?.metadata.uid !== owner.uid) return undefined;
    const parent = controllerOf(set);
    if (parent?.kind !== DEPLOYMENT.kind) return sizeOf(owner.uid, set.spec);
    const deployment = deployments.get(parent.name, namespace);
    if (deployment?.metadata.uid !== parent.uid) return undefined;
    return sizeOf(parent.uid, deployment.spec);
  };
  const scaleOfAny = async (
    { metadata }: Pod,
    { apiVersion, kind, name, uid }: OwnerReference,
  ): Promise<ControllerScale | undefined> => {
    const served = (await api.discovery()).find(
      (one) => one.apiVersion === apiVersion && one.kind === kind,
    );
    if (served === undefined) return undefined;
    if (!served.subresources.includes("scale")) {
      const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
      throw new Error(`${served.resource}${group} does not implement the scale subresource`);
    }
    const { namespace } = metadata;
    try {
      const scale = await api.get({ apiVersion, kind, name, namespace }, { subresource: "scale" });
      const spec = isRecord(scale["spec"]) ? scale["spec"] : {};
      return scale.metadata.uid === uid
        ? { uid, replicas: Number(spec["replicas"] ?? 0) }
        : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  return async (pod, owner) => {
    const known = workloadScale(pod, owner) ?? (await scaleOfAny(pod, owner));
    if (known === undefined) throw new Error(`found no controllers for pod "${pod.metadata.name}"`);
    return known;
  };
}

function sizeOf(uid: string, { replicas = 1 }: { readonly replicas?: number }): ControllerScale {
  return { uid, replicas };
}
