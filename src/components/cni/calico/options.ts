// Options of Calico.

import { object, oneOf, optional, type Tagged } from "../../../model/index.ts";

export interface CalicoInput {
  /** How pods' packets cross between nodes: default "VXLANCrossSubnet". Nothing where the cloud's own network carries them. */
  encapsulation?: "VXLAN" | "VXLANCrossSubnet" | "None";
}

export interface CalicoOptions {
  readonly encapsulation: "VXLAN" | "VXLANCrossSubnet" | "None";
}

export const calicoSchema = object<CalicoInput, CalicoOptions>({
  encapsulation: optional(oneOf(["VXLAN", "VXLANCrossSubnet", "None"]), "VXLANCrossSubnet"),
});

/** Project Calico: network policies, and the pods' network where the cloud has none of its own. */
export function calico(options: CalicoInput = {}): Tagged<"calico", CalicoInput> {
  return { kind: "calico", ...options };
}
