// Roles and bindings as the evaluator asks for them. Bindings are found by subject, so that a request looks at those of
// its user alone; the table is filled at the first question and kept fresh by watches, which deliver before the write
// that caused them is answered. Roles are read from the store itself and parsed once.

import { bindingOf, RBAC_GROUP, rulesOfRole, serviceAccountUser } from "../../kubernetes/index.ts";
import type {
  Binding,
  KubernetesObject,
  PolicyRule,
  RoleSource,
  Subject,
  UserInfo,
} from "../../kubernetes/index.ts";
import type { Store } from "../store/index.ts";

export function createRbacIndex(store: Store): RoleSource {
  const rulesAt = createRulesReader(store);
  let bindings: BindingTable | undefined;
  const bindingsOf = (namespace: string, user: UserInfo): readonly Binding[] => {
    bindings ??= followBindings(store);
    return bindings.of(namespace, user);
  };
  return {
    clusterRoleBindings: (user) => bindingsOf("", user),
    roleBindings: bindingsOf,
    clusterRole: (name) => rulesAt("clusterroles", "", name),
    role: (namespace, name) => rulesAt("roles", namespace, name),
  };
}

type RulesReader = (
  plural: string,
  namespace: string,
  name: string,
) => readonly PolicyRule[] | undefined;

/** Stored objects never change, so that what was read out of one stays true. */
function createRulesReader(store: Store): RulesReader {
  const parsed = new WeakMap<KubernetesObject, readonly PolicyRule[]>();
  return (plural, namespace, name) => {
    const role = store.get({ resource: storeResource(plural), namespace, name });
    if (role === undefined) return undefined;
    const known = parsed.get(role);
    if (known !== undefined) return known;
    const rules = rulesOfRole(role);
    parsed.set(role, rules);
    return rules;
  };
}

function storeResource(plural: string): string {
  return `${RBAC_GROUP}/${plural}`;
}

interface BindingTable {
  of(namespace: string, user: UserInfo): readonly Binding[];
}

/** Bindings by namespace and subject; a ClusterRoleBinding has no namespace. */
function followBindings(store: Store): BindingTable {
  const bySubject = new Map<string, Map<string, Binding>>();
  const subjectsOf = new Map<string, readonly string[]>();
  const drop = (id: string): void => {
    for (const key of subjectsOf.get(id) ?? []) {
      const bindings = bySubject.get(key);
      bindings?.delete(id);
      if (bindings?.size === 0) bySubject.delete(key);
    }
    subjectsOf.delete(id);
  };
  const put = (object: KubernetesObject): void => {
    const binding = bindingOf(object);
    const { name, namespace, subjects } = binding;
    const id = `${namespace}/${name}`;
    drop(id);
    const keys = [...new Set(subjects.map((subject) => subjectKey(namespace, subject)))];
    subjectsOf.set(id, keys);
    for (const key of keys) {
      const bindings = bySubject.get(key) ?? new Map<string, Binding>();
      bySubject.set(key, bindings.set(id, binding));
    }
  };
  for (const plural of ["clusterrolebindings", "rolebindings"]) {
    const resource = storeResource(plural);
    store.list({ resource }).forEach(put);
    store.watch({ resource, after: store.revision }, (events) => {
      for (const { type, key, object } of events) {
        if (type === "put") put(object);
        else drop(`${key.namespace}/${key.name}`);
      }
    });
  }
  return { of: (namespace, user) => bindingsFor(bySubject, namespace, user) };
}

/** Each binding once, those that name the user before those that name a group. */
function bindingsFor(
  bySubject: ReadonlyMap<string, ReadonlyMap<string, Binding>>,
  namespace: string,
  { name, groups }: UserInfo,
): readonly Binding[] {
  const found = new Set<Binding>();
  const keys = [userKey(namespace, name), ...groups.map((group) => groupKey(namespace, group))];
  for (const key of keys) {
    for (const binding of bySubject.get(key)?.values() ?? []) found.add(binding);
  }
  return [...found];
}

/** Service accounts are found as the users their tokens stand for. */
function subjectKey(namespace: string, subject: Subject): string {
  switch (subject.kind) {
    case "Group":
      return groupKey(namespace, subject.name);
    case "ServiceAccount":
      return userKey(namespace, serviceAccountUser(subject.namespace || namespace, subject.name));
    default:
      return userKey(namespace, subject.name);
  }
}

function userKey(namespace: string, name: string): string {
  return `${namespace}/user/${name}`;
}

function groupKey(namespace: string, name: string): string {
  return `${namespace}/group/${name}`;
}
