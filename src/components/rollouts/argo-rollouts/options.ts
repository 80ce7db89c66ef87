// Options of Argo Rollouts.

import { object, optional, type Resources, type Tagged } from "../../../model/index.ts";
import {
  containerResources,
  resourcesSchema,
  type ContainerResources,
} from "../../options/index.ts";

export interface ArgoRolloutsInput {
  /** Default: 100m CPU and 128Mi requested, 500m and 512Mi limit; the chart states none. */
  resources?: Resources;
}

export interface ArgoRolloutsOptions {
  readonly resources: ContainerResources;
}

export const argoRolloutsSchema = object<ArgoRolloutsInput, ArgoRolloutsOptions>({
  resources: optional(
    resourcesSchema(containerResources(["100m", "128Mi"], ["500m", "512Mi"])),
    {},
  ),
});

/** Carries out canary and blue/green releases; apps that roll are left to their Deployments. */
export function argoRollouts(
  options: ArgoRolloutsInput = {},
): Tagged<"argo-rollouts", ArgoRolloutsInput> {
  return { kind: "argo-rollouts", ...options };
}
