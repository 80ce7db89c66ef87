// Namespaces with Pod Security labels, a quota and container defaults each. `kube-system` belongs to the distribution and
// is never touched.

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, EmittedObject, PlannedNamespace } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { limitRange } from "./limit-range.ts";
import { namespaceObject } from "./namespace.ts";
import { namespacesSchema, type NamespacesOptions } from "./options.ts";
import { namespaceOf } from "./scheme.ts";
import { resourceQuota } from "./resource-quota.ts";

const AREA = "infrastructure/security";

export const namespaces = defineSlotFiller<NamespacesOptions>({
  name: "namespaces",
  slot: "tenancy",
  area: AREA,
  provides: ["tenancy"],
  options: namespacesSchema,
  namespaceOf,
  emit: (context, options) => ({
    objects: context.cluster.namespaces
      .filter(({ tenancy }) => tenancy !== "system")
      .flatMap((namespace) => namespaceObjects(context, namespace, options)),
  }),
});

function namespaceObjects(
  { cluster }: EmitContext,
  namespace: PlannedNamespace,
  options: NamespacesOptions,
): EmittedObject[] {
  const emitted = emitterFor(AREA, namespace.origin);
  return [
    emitted(namespaceObject(cluster, namespace), namespace.podSecurityReason),
    emitted(resourceQuota(cluster, namespace.name, options)),
    emitted(limitRange(cluster, namespace.name, options)),
  ];
}
