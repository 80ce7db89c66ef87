// People's rights on the cluster, in four levels. `delivery-admin` is granted by the delivery engine, which knows its own
// kinds. Source: Kubernetes documentation, "Using RBAC Authorization".

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, EmittedObject, PlannedRole } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { binding, clusterRole, type Grant } from "./cluster-roles.ts";
import { rolesSchema, type RolesOptions } from "./options.ts";
import { CLUSTER_VIEWER_RULES, DEVELOPER_RULES, VIEWER_RULES } from "./rules.ts";

const AREA = "infrastructure/access";
const DEVELOPER = "platform-developer";
const VIEWER = "platform-viewer";
const CLUSTER_VIEWER = "platform-cluster-viewer";

export const roles = defineSlotFiller<RolesOptions>({
  name: "roles",
  slot: "access",
  area: AREA,
  provides: ["access"],
  options: rolesSchema,
  emit: (context) => ({ objects: [...clusterRoles(context), ...bindings(context)] }),
});

function clusterRoles({ cluster, path }: EmitContext): EmittedObject[] {
  const emitted = emitterFor(AREA, path);
  const levels = new Set(cluster.roles.map(({ level }) => level));
  const role = (name: string, rules: typeof VIEWER_RULES): EmittedObject =>
    emitted(clusterRole(cluster.platform, name, rules));
  return [
    ...(levels.has("developer") ? [role(DEVELOPER, DEVELOPER_RULES)] : []),
    ...(levels.has("viewer") ? [role(VIEWER, VIEWER_RULES)] : []),
    ...(levels.has("viewer") || levels.has("developer")
      ? [role(CLUSTER_VIEWER, CLUSTER_VIEWER_RULES)]
      : []),
  ];
}

function bindings(context: EmitContext): EmittedObject[] {
  const { platform } = context.cluster;
  return context.cluster.roles.flatMap((role) =>
    grantsOf(context, role).map((grant) => emitterFor(AREA, role.origin)(binding(platform, grant))),
  );
}

function grantsOf({ cluster }: EmitContext, { name, level, groups }: PlannedRole): Grant[] {
  const appNamespaces = cluster.namespaces.filter(({ tenancy }) => tenancy === "app");
  const clusterView: Grant = { name: `${name}-cluster`, clusterRole: CLUSTER_VIEWER, groups };
  switch (level) {
    case "cluster-admin":
      return [{ name, clusterRole: "cluster-admin", groups }];
    case "developer":
      return [
        clusterView,
        ...appNamespaces.map(({ name: namespace }) => ({
          name,
          namespace,
          clusterRole: DEVELOPER,
          groups,
        })),
      ];
    case "viewer":
      return [clusterView, { name, clusterRole: VIEWER, groups }];
    case "delivery-admin":
      return [];
  }
}
