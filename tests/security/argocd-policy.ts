// Argo CD's decision over lines of policy, as its model makes it: argo-cd assets/model.conf (some allow and no deny, groups of
// groups, globs in resource, action and object) and the roles of assets/builtin-policy.csv @0791057.

export interface ArgocdRequest {
  readonly groups: readonly string[];
  readonly resource: string;
  readonly action: string;
  /** `project/application` for what belongs to a project, else a name. */
  readonly object: string;
}

interface Right {
  readonly role: string;
  readonly resource: string;
  readonly action: string;
  readonly object: string;
  readonly effect: string;
}

export interface ArgocdPolicy {
  readonly rights: readonly Right[];
  /** Member and the role it has. */
  readonly members: readonly (readonly [string, string])[];
}

const IN_PROJECT = new Set(["applications", "applicationsets", "logs", "exec"]);

const READ =
  "applications applicationsets certificates clusters repositories write-repositories projects accounts gpgkeys logs";
const ADMIN: Readonly<Record<string, string>> = {
  applications: "create update update/* delete delete/* sync rollback override action/*",
  applicationsets: "get create update delete",
  certificates: "create update delete",
  clusters: "create update delete",
  repositories: "create update delete",
  "write-repositories": "create update delete",
  projects: "create update delete",
  accounts: "update",
  gpgkeys: "create delete",
  exec: "create debug",
};

const builtIn = (role: string, resource: string, action: string): Right => ({
  role,
  resource,
  action,
  object: IN_PROJECT.has(resource) ? "*/*" : "*",
  effect: "allow",
});

const BUILT_IN: ArgocdPolicy = {
  rights: [
    ...READ.split(" ").map((resource) => builtIn("role:readonly", resource, "get")),
    ...Object.entries(ADMIN).flatMap(([resource, actions]) =>
      actions.split(" ").map((action) => builtIn("role:admin", resource, action)),
    ),
  ],
  members: [
    ["role:admin", "role:readonly"],
    ["admin", "role:admin"],
  ],
};

/** Throws at a line that Argo CD would refuse. */
export function parsePolicy(text: string): ArgocdPolicy {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const rows = lines.map((line) => line.split(",").map((field) => field.trim()));
  const isRow = (kind: string, length: number) => (row: readonly string[]) =>
    row[0] === kind && row.length === length && row.every((field) => field !== "");
  const bad = rows.find((row) => !isRow("p", 6)(row) && !isRow("g", 3)(row));
  if (bad !== undefined) throw new Error(`not a line of policy: ${bad.join(", ")}`);
  return {
    rights: rows
      .filter(isRow("p", 6))
      .map(([, role = "", resource = "", action = "", object = "", effect = ""]) => ({
        role,
        resource,
        action,
        object,
        effect,
      })),
    members: rows.filter(isRow("g", 3)).map(([, member = "", role = ""]) => [member, role]),
  };
}

/** `policy.default` is empty on every platform: who has no right has none. */
export function mayInArgocd(policy: ArgocdPolicy, request: ArgocdRequest): boolean {
  const { rights, members } = merged(policy);
  const roles = new Set(request.groups);
  // A set grows while it is walked: roles of roles are found on the way.
  for (const role of roles)
    for (const [member, has] of members) if (member === role) roles.add(has);
  const effects = rights
    .filter(
      ({ role, resource, action, object }) =>
        roles.has(role) &&
        isGlobMatch(resource, request.resource) &&
        isGlobMatch(action, request.action) &&
        isGlobMatch(object, request.object),
    )
    .map(({ effect }) => effect);
  return effects.includes("allow") && !effects.includes("deny");
}

const merged = ({ rights, members }: ArgocdPolicy): ArgocdPolicy => ({
  rights: [...BUILT_IN.rights, ...rights],
  members: [...BUILT_IN.members, ...members],
});

/** Argo CD's globs have no separators: a star also matches slashes (argo-cd util/glob). */
function isGlobMatch(pattern: string, text: string): boolean {
  const source = pattern
    .split("*")
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join(".*");
  return new RegExp(`^${source}$`).test(text);
}
