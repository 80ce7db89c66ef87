// The chain of admission plug-ins: they run in the order they were added; each answers synchronously or not, and refuses
// by throwing StatusError.

import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
} from "../../kubernetes/index.ts";

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
