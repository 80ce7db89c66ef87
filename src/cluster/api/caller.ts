// Who asks, and what is told back beside the answer.

import type { UserInfo } from "../../kubernetes/index.ts";

export interface Caller {
  readonly user: UserInfo;
  /** Field manager of writes that name none: the User-Agent up to its first slash. */
  readonly defaultManager: string;
  /** Becomes a Warning header; shown by kubectl. */
  warn(message: string): void;
  /** One of the cluster's own: knows what nodes derive instead of writing it, and never asks who set what. */
  readonly knowsDerived?: boolean;
  /** An annotation of the audit event, when somebody keeps them. */
  annotate?(key: string, value: string): void;
}

/** The identity of the control plane itself: may do everything. */
export const SYSTEM_ADMIN: UserInfo = {
  name: "system:admin",
  groups: ["system:masters", "system:authenticated"],
};
