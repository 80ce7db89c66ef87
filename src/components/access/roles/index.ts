// People's rights on the cluster, in four levels. `delivery-admin` is granted by the delivery engine, which knows its own
// kinds. Source: Kubernetes documentation, "Using RBAC Authorization".

import { defineSlotFiller } from "../../../model/index.ts";
import type { EmitContext, EmittedObject, PlannedRole } from "../../../model/index.ts";
import { emitterFor } from "../../manifests/index.ts";
import { binding, clusterRole, type Grant } from "./cluster-roles.ts";
import { rolesSchema, type RolesOptions } from "./options.ts";
import { CLUSTER_VIEWER_RULES, DEVELOPER_RULES, VIEWER_RULES } from "./rules.ts";

const AREA = "infrastructure/security";

/** Cluster-scoped names carry the platform's: a cluster may hold more than this one. */
const named = {
  developer: (platform: string): string => `${platform}-developer`,
  viewer: (platform: string): string => `${platform}-viewer`,
  clusterViewer: (platform: string): string => `${platform}-cluster-viewer`,
};

export const roles = defineSlotFiller<RolesOptions>({
  name: "roles",
  slot: "access",
  area: AREA,
  provides: ["access"],
  options: rolesSchema,
  emit: (context) => ({ objects: [...clusterRoles(context), ...bindings(context)] }),
});

function clusterRoles({ cluster, path }: EmitContext): EmittedObject[] {
  const { platform } = cluster;
  const emitted = emitterFor(AREA, path);
  const levels = new Set(cluster.roles.map(({ level }) => level));
  const role = (name: string, rules: typeof VIEWER_RULES): EmittedObject =>
    emitted(clusterRole(platform, name, rules));
  return [
    ...(levels.has("developer") ? [role(named.developer(platform), DEVELOPER_RULES)] : []),
    ...(levels.has("viewer") ? [role(named.viewer(platform), VIEWER_RULES)] : []),
    ...(cluster.roles.some(seesCluster)
      ? [role(named.clusterViewer(platform), CLUSTER_VIEWER_RULES)]
      : []),
  ];
}

const seesCluster = ({ level, namespaces }: PlannedRole): boolean =>
  namespaces === undefined && (level === "viewer" || level === "developer");

function bindings(context: EmitContext): EmittedObject[] {
  const { platform } = context.cluster;
  return context.cluster.roles.flatMap((role) =>
    grantsOf(context, role).map((grant) => emitterFor(AREA, role.origin)(binding(platform, grant))),
  );
}

function grantsOf({ cluster }: EmitContext, role: PlannedRole): Grant[] {
  const { name, level, groups, namespaces } = role;
  const appNamespaces = cluster.namespaces
    .filter(({ tenancy }) => tenancy === "app")
    .filter((one) => namespaces?.includes(one.name) ?? true);
  const { platform } = cluster;
  const everywhere = `${platform}-${name}`;
  const clusterView: Grant = {
    name: `${everywhere}-cluster`,
    clusterRole: named.clusterViewer(platform),
    groups,
  };
  // Who is limited to namespaces sees nothing of the others, not even that they are there.
  const inside = (of: "developer" | "viewer"): Grant[] =>
    appNamespaces.map(({ name: namespace }) => ({
      name,
      namespace,
      clusterRole: named[of](platform),
      groups,
    }));
  switch (level) {
    case "cluster-admin":
      return [{ name: everywhere, clusterRole: "cluster-admin", groups }];
    case "developer":
      return namespaces === undefined ? [clusterView, ...inside("developer")] : inside("developer");
    case "viewer":
      return namespaces === undefined
        ? [clusterView, { name: everywhere, clusterRole: named.viewer(platform), groups }]
        : inside("viewer");
    case "delivery-admin":
      return [];
  }
}
