// What volumes ask for must fit on the nodes' disks, where the nodes say how much of them volumes may take.

import {
  addQuantities,
  compareQuantities,
  defineDiagnostic,
  formatQuantity,
  multiplyQuantity,
  parseQuantity,
  ZERO_QUANTITY,
  type Quantity,
} from "../../core/index.ts";
import { displayRef, refOf } from "../../kubernetes/index.ts";
import type { Path } from "../../core/index.ts";
import { recordOf, recordsIn } from "../pod-template.ts";
import type { Check, TargetView } from "../target-view.ts";

export const storageTooSmall = defineDiagnostic<{
  cluster: string;
  claimed: string;
  available: string;
  largest: Claim | undefined;
}>({
  code: "verify/storage-too-small",
  severity: "error",
  message: ({ cluster, claimed, available }) =>
    `volumes on ${cluster} ask for ${claimed}, and its nodes give them ${available}`,
  hint: () => "add disks, or ask for less: fewer replicas, smaller storage",
  related: ({ largest }) =>
    largest === undefined
      ? []
      : [
          {
            path: largest.path,
            message: `${largest.who} asks for ${formatQuantity(largest.size)} in all`,
          },
        ],
});

interface Claim {
  readonly who: string;
  /** Of all replicas together. */
  readonly size: Quantity;
  readonly path: Path;
}

export const checkStorage: Check = function* (view) {
  const { nodes, name } = view.cluster;
  const stated = nodes.filter(({ storage }) => storage !== undefined);
  if (stated.length === 0) return;
  const available = stated
    .map(({ storage = "0", count }) => multiplyQuantity(quantity(storage), count))
    .reduce(addQuantities, ZERO_QUANTITY);
  const claims = claimsOf(view);
  const claimed = claims.map(({ size }) => size).reduce(addQuantities, ZERO_QUANTITY);
  if (compareQuantities(claimed, available) <= 0) return;
  const [largest] = claims.toSorted((a, b) => compareQuantities(b.size, a.size));
  yield storageTooSmall(["clusters", name], {
    cluster: name,
    claimed: formatQuantity(claimed),
    available: formatQuantity(available),
    largest,
  });
};

function claimsOf(view: TargetView): Claim[] {
  const single = view.ofKind("PersistentVolumeClaim").map(({ object, path }) => ({
    who: displayRef(refOf(object)),
    size: requested(object["spec"]),
    path,
  }));
  const replicated = view.ofKind("StatefulSet").flatMap(({ object, path }) => {
    const { replicas = 1, volumeClaimTemplates } = recordOf(object["spec"]);
    return recordsIn(volumeClaimTemplates).map(({ spec }) => ({
      who: displayRef(refOf(object)),
      size: multiplyQuantity(requested(spec), Number(replicas)),
      path,
    }));
  });
  const made = view.graph.workloads.flatMap(({ name, namespace, replicas, volumes, origin }) =>
    (volumes ?? []).map((text) => ({
      who: `${namespace}/${name}`,
      size: multiplyQuantity(quantity(text), replicas),
      path: origin,
    })),
  );
  return [...single, ...replicated, ...made];
}

function requested(spec: unknown): Quantity {
  const { storage } = recordOf(recordOf(recordOf(spec)["resources"])["requests"]);
  return typeof storage === "string" ? quantity(storage) : ZERO_QUANTITY;
}

function quantity(text: string): Quantity {
  return parseQuantity(text) ?? ZERO_QUANTITY;
}
