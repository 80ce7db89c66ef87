// The contract of admission: who may change a write (mutate) or refuse it (validate) before it is stored. The embedded
// cluster runs its own plug-ins and those of components through this one shape; they refuse by throwing StatusError.

import type { KubernetesObject } from "./object.ts";
import type { KindFacts } from "./schemas/schema.ts";
import type { UserInfo } from "./user-info.ts";

export interface AdmissionRequest {
  readonly operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  readonly facts: KindFacts;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** Absent on DELETE and on most subresources of CONNECT. */
  readonly object: KubernetesObject | undefined;
  /** Present on UPDATE and DELETE. */
  readonly oldObject: KubernetesObject | undefined;
  warn(message: string): void;
}

export interface AdmissionPlugin {
  readonly name: string;
  /** Returns the object to go on with. */
  readonly mutate?: (
    request: AdmissionRequest,
  ) => KubernetesObject | undefined | Promise<KubernetesObject | undefined>;
  readonly validate?: (request: AdmissionRequest) => void | Promise<void>;
}
