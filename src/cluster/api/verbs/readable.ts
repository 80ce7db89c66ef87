// What GET shows of a stored object: its version, and what its node derives. Mirrors the `Decorator` of
// k8s.io/apiserver pkg/registry/generic/registry/store.go. Watches deliver what was written,
// and heartbeats are written while somebody watches who does not know the rule.

import type { KubernetesObject } from "../../../kubernetes/index.ts";
import type { ApiContext } from "../api-context.ts";
import { toVersion } from "../conversion/convert.ts";
import type { Resource } from "../resource.ts";

export function readable(
  { nodeAgent, clock }: ApiContext,
  resource: Resource,
  stored: KubernetesObject,
): KubernetesObject {
  const object = toVersion(resource, stored);
  return nodeAgent.asRead?.(object, clock.now()) ?? object;
}
