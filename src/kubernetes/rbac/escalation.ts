// Nobody grants what they do not hold: the refusal, in the words of ConfirmNoEscalation of kubernetes
// pkg/registry/rbac/validation/rule.go.

import type { UserInfo } from "../user-info.ts";
import { compactRules, formatRule } from "./compact-rules.ts";
import { uncoveredRules } from "./covers.ts";
import { aggregateErrors, quoteList } from "./error-text.ts";
import type { PolicyRule } from "./policy.ts";
import { rulesFor } from "./resolve-rules.ts";
import type { RoleSource } from "./resolve-rules.ts";

/** Everything on everything, which an aggregation may gather. */
export const FULL_AUTHORITY: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"], resourceNames: [], nonResourceURLs: [] },
  { verbs: ["*"], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ["*"] },
];

/** Why the user may not grant these rules in this namespace; undefined when they may. */
export function escalationFault(
  source: RoleSource,
  user: UserInfo,
  namespace: string,
  wanted: readonly PolicyRule[],
): string | undefined {
  const held = rulesFor(source, user, namespace);
  const missing = uncoveredRules(held.rules, wanted);
  if (missing.length === 0) return undefined;
  const lines = [...new Set(compactRules(missing).map(formatRule))].toSorted();
  const who = `user ${JSON.stringify(user.name)} (groups=${quoteList(user.groups)})`;
  const text = `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join("\n")}`;
  if (held.errors.length === 0) return text;
  return `${text}; resolution errors: [${aggregateErrors(held.errors)}]`;
}
