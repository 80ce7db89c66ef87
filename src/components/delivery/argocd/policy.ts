// Argo CD's own rights for the platform's four levels. Format and built-in roles: argo-cd docs/operator-manual/rbac.md and
// assets/builtin-policy.csv, v3.5.

import type { PlannedRole } from "../../../model/index.ts";

/** Built-in roles where they fit; `developer` may sync and read logs, not change what is declared. */
const ROLE_OF_LEVEL: Readonly<Record<PlannedRole["level"], string>> = {
  "cluster-admin": "role:admin",
  "delivery-admin": "role:admin",
  developer: "role:developer",
  viewer: "role:readonly",
};

const DEVELOPER_POLICY = [
  "p, role:developer, applications, get, */*, allow",
  "p, role:developer, applications, sync, */*, allow",
  "p, role:developer, logs, get, */*, allow",
  "p, role:developer, projects, get, *, allow",
];

export function policyCsv(roles: readonly PlannedRole[]): string {
  const needsDeveloper = roles.some(({ level }) => level === "developer");
  const groups = roles.flatMap(({ level, groups: names }) =>
    names.map((group) => `g, ${group}, ${ROLE_OF_LEVEL[level]}`),
  );
  return [...(needsDeveloper ? DEVELOPER_POLICY : []), ...groups, ""].join("\n");
}
