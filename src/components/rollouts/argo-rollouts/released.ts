// The apps that are released in two versions, and what is called what.

import type { PlannedApp, PlannedCluster, PlannedRelease } from "../../../model/index.ts";

export const ROLLOUT = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" } as const;

/** The Service's own selector key: pkg/apis/rollouts/v1alpha1/types.go DefaultRolloutUniqueLabelKey. */
export const HASH_LABEL = "rollouts-pod-template-hash";

export type Canary = Extract<PlannedRelease, { kind: "canary" }>;
export type BlueGreen = Extract<PlannedRelease, { kind: "blue-green" }>;

export interface Released {
  readonly app: PlannedApp;
  readonly release: Canary | BlueGreen;
  /** The Service in front of the version that is tried. */
  readonly candidate: string;
}

export function releasedApps({ apps }: Pick<PlannedCluster, "apps">): Released[] {
  return apps.flatMap((app) => {
    const { release, name } = app;
    if (release.kind === "rolling") return [];
    const candidate = release.kind === "canary" ? `${name}-canary` : `${name}-preview`;
    return [{ app, release, candidate }];
  });
}
