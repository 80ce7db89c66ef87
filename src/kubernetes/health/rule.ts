// The words and the shape of a health rule.

import type { KubernetesObject } from "../object.ts";

export type HealthStatus =
  | "Healthy"
  | "Progressing"
  | "Degraded"
  | "Suspended"
  | "Missing"
  | "Unknown";

export interface Health {
  readonly status: HealthStatus;
  /** For people; may be empty when healthy. */
  readonly message: string;
}

export type HealthRule = (object: KubernetesObject) => Health;

/** By `group/Kind`, any version; the core group is empty: `/Pod`. */
export type HealthRules = Readonly<Record<string, HealthRule>>;
