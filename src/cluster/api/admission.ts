// Admission: who may change a write (mutate) or refuse it (validate) before it is stored.
// Hooks run in the order they were added; a hook answers synchronously or not, and refuses by throwing StatusError.

import type { KindFacts, KubernetesObject } from "../../kubernetes/index.ts";
import type { UserInfo } from "./caller.ts";

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

export interface Admission {
  add(plugin: AdmissionPlugin): void;
  mutate(request: AdmissionRequest): Promise<KubernetesObject | undefined>;
  validate(request: AdmissionRequest): Promise<void>;
}

export function createAdmission(plugins: readonly AdmissionPlugin[] = []): Admission {
  const chain = [...plugins];
  return {
    add: (plugin) => void chain.push(plugin),
    async mutate(request) {
      let object = request.object;
      for (const plugin of chain) {
        if (plugin.mutate === undefined) continue;
        object = (await plugin.mutate({ ...request, object })) ?? object;
      }
      return object;
    },
    async validate(request) {
      for (const plugin of chain) {
        if (plugin.validate !== undefined) await plugin.validate(request);
      }
    },
  };
}
