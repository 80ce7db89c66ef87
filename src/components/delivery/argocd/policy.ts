// Argo CD's own rights for the platform's four levels. Format and built-in roles: argo-cd docs/operator-manual/rbac.md and
// assets/builtin-policy.csv, v3.5.

import type { PlannedRole } from "../../../model/index.ts";

/** Built-in roles where they fit; a developer sees everything, and syncs only in the projects of the apps. */
const ROLE_OF_LEVEL: Readonly<Record<PlannedRole["level"], string>> = {
  "cluster-admin": "role:admin",
  "delivery-admin": "role:admin",
  developer: "role:developer",
  viewer: "role:readonly",
};

/** What developers may do in the projects of their apps. */
export const DEVELOPER_RIGHTS: readonly (readonly [resource: string, action: string])[] = [
  ["applications", "get"],
  ["applications", "sync"],
  ["logs", "get"],
];

const DEVELOPER_POLICY = [
  "p, role:developer, applications, get, */*, allow",
  "p, role:developer, projects, get, *, allow",
];

/** Who is limited to namespaces has rights in their projects alone. */
export function policyCsv(all: readonly PlannedRole[]): string {
  const roles = all.filter(({ namespaces }) => namespaces === undefined);
  const needsDeveloper = roles.some(({ level }) => level === "developer");
  const groups = roles.flatMap(({ level, groups: names }) =>
    names.map((group) => `g, ${group}, ${ROLE_OF_LEVEL[level]}`),
  );
  return [...(needsDeveloper ? DEVELOPER_POLICY : []), ...groups, ""].join("\n");
}
