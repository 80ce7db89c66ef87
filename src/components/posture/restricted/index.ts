// Hardens every pod template we emit to the Pod Security standard `restricted` and a read-only root file system.
// Fields a component states itself are kept: it knows its image. Source: Kubernetes documentation, "Pod Security Standards".

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { isRecord } from "../../../core/index.ts";
import { defineSlotFiller } from "../../../model/index.ts";
import type { PlannedCluster } from "../../../model/index.ts";
import type { Fields } from "../../manifests/index.ts";
import { podSpecPath, replaceAt } from "./pod-spec.ts";
import { restrictedSchema, type RestrictedOptions } from "./options.ts";

export const restricted = defineSlotFiller<RestrictedOptions>({
  name: "restricted",
  slot: "posture",
  area: "infrastructure/security",
  provides: ["podSecurity"],
  options: restrictedSchema,
  // Before components that add sidecars of their own.
  decorateOrder: 100,
  emit: () => ({}),
  decorate: (object, { cluster }) => harden(object, cluster),
});

/** The object itself when it runs no pods or its namespace needs more than `restricted` allows. */
export function harden(
  object: KubernetesObject,
  { namespaces }: Pick<PlannedCluster, "namespaces">,
): KubernetesObject {
  const path = podSpecPath(object);
  const namespace = namespaces.find(({ name }) => name === object.metadata.namespace);
  if (path === undefined || namespace?.podSecurity !== "restricted") return object;
  return replaceAt(object, path, hardenPodSpec);
}

function hardenPodSpec(spec: Fields): Fields {
  const { securityContext, initContainers, containers, ...rest } = spec;
  return {
    ...rest,
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      ...asRecord(securityContext),
    },
    ...(initContainers === undefined ? {} : { initContainers: hardenContainers(initContainers) }),
    containers: hardenContainers(containers),
  };
}

function hardenContainers(containers: unknown): Fields[] {
  if (!Array.isArray(containers)) return [];
  return containers.map((container: Fields) => ({
    ...container,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      ...asRecord(container["securityContext"]),
    },
  }));
}

function asRecord(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
