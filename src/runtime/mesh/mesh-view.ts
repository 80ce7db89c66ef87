// What the objects of a cluster tell the proxies of its mesh: read anew after one of them has changed, and at no other time.

import { meshDecider, meshKinds, meshTreatment } from "../../components/index.ts";
import type { Informer, KindRef, KubernetesObject } from "../../kubernetes/index.ts";
import type { MeshDecider, MeshTreatment, PlannedCluster } from "../../model/index.ts";

export interface MeshView {
  decider(): MeshDecider;
  treatment(): MeshTreatment;
}

interface Reading {
  readonly decider: MeshDecider;
  readonly treatment: MeshTreatment;
}

/** Undefined: the cluster has no mesh. */
export function createMeshView(
  cluster: Pick<PlannedCluster, "slots">,
  informer: (kind: KindRef) => Informer,
): MeshView | undefined {
  if (meshDecider(cluster, []) === undefined) return undefined;
  const informers = meshKinds(cluster).map(informer);
  let reading: Reading | undefined;
  for (const one of informers) one.onChange(() => void (reading = undefined));
  const current = (): Reading =>
    (reading ??= readingOf(
      cluster,
      informers.flatMap((one) => one.list()),
    ));
  return { decider: () => current().decider, treatment: () => current().treatment };
}

function readingOf(
  cluster: Pick<PlannedCluster, "slots">,
  objects: readonly KubernetesObject[],
): Reading {
  const treatment = meshTreatment(cluster, objects);
  return {
    decider: meshDecider(cluster, objects) ?? (() => ({ allowed: true })),
    treatment: treatment ?? UNTREATED,
  };
}

/** A mesh that only connects. */
const UNTREATED: MeshTreatment = {
  route: ({ to }) => ({
    kind: "forward",
    name: "default",
    destinations: [{ ...to, exists: true, weight: 1 }],
    mirrors: [],
  }),
  balancing: () => ({ by: "round-robin" }),
  limits: () => [],
};
