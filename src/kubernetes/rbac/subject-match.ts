// Which subject of a binding a user is. Mirrors appliesTo of kubernetes pkg/registry/rbac/validation/rule.go.

import type { UserInfo } from "../user-info.ts";
import type { Subject } from "./policy.ts";

/** The first subject the user is; `namespace` is the binding's, empty for a ClusterRoleBinding. */
export function subjectOf(
  user: UserInfo,
  subjects: readonly Subject[],
  namespace: string,
): Subject | undefined {
  return subjects.find((subject) => isSubject(user, subject, namespace));
}

function isSubject(user: UserInfo, subject: Subject, namespace: string): boolean {
  switch (subject.kind) {
    case "User":
      return user.name === subject.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount": {
      const own = subject.namespace || namespace;
      return own !== "" && user.name === serviceAccountUser(own, subject.name);
    }
    default:
      return false;
  }
}

/** The user a service account's token stands for. */
export function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}
