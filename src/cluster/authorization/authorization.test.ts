// RBAC over a cluster's own store: what it allows as roles come and go, what nobody may grant, and the policy it starts with.

import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";

import { createRng, createVirtualClock } from "../../core/index.ts";
import type { VirtualClock } from "../../core/index.ts";
import { evaluateRbac, RBAC_GROUP } from "../../kubernetes/index.ts";
import type {
  Binding,
  KubeApi,
  KubernetesObject,
  PolicyRule,
  RoleSource,
} from "../../kubernetes/index.ts";
import { createEmbeddedCluster } from "../embedded-cluster.ts";
import type { EmbeddedCluster } from "../embedded-cluster.ts";
import { createRbacIndex } from "./rbac-index.ts";
import { createMemoryStore } from "../store/index.ts";

const V1 = `${RBAC_GROUP}/v1`;
const clusters: EmbeddedCluster[] = [];

afterEach(() => {
  for (const cluster of clusters.splice(0)) cluster.stop();
});

async function start(store = createMemoryStore()): Promise<EmbeddedCluster> {
  const cluster = createEmbeddedCluster({
    name: "rbac",
    clock: createVirtualClock(Date.parse("2026-01-01T00:00:00Z")),
    rng: createRng("rbac"),
    nodes: [],
    store,
  });
  clusters.push(cluster);
  await cluster.start();
  await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  return cluster;
}

function as(cluster: EmbeddedCluster, name: string, ...groups: string[]): KubeApi {
  return cluster.apiAs({ name, groups: [...groups, "system:authenticated"] });
}

type Rule = Readonly<Record<string, readonly string[]>>;

const READ_CONFIG: Rule = { verbs: ["get", "list"], apiGroups: [""], resources: ["configmaps"] };

function role(name: string, rules: readonly Rule[], namespace?: string): KubernetesObject {
  const kind = namespace === undefined ? "ClusterRole" : "Role";
  return {
    apiVersion: V1,
    kind,
    metadata: namespace === undefined ? { name } : { name, namespace },
    rules,
  };
}

function bind(name: string, to: string, user: string, namespace?: string): KubernetesObject {
  const [kind = "", roleName = ""] = to.split("/");
  return {
    apiVersion: V1,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: namespace === undefined ? { name } : { name, namespace },
    roleRef: { apiGroup: RBAC_GROUP, kind, name: roleName },
    subjects: [{ kind: "User", apiGroup: RBAC_GROUP, name: user }],
  };
}

const CONFIG_MAPS = { apiVersion: "v1", kind: "ConfigMap" };
const MAP = { ...CONFIG_MAPS, metadata: { name: "m", namespace: "shop" }, data: {} };

async function refusal(act: Promise<unknown>): Promise<string> {
  const error = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message : "allowed";
}

describe("a cluster with RBAC", () => {
  it("follows roles and bindings at once", async () => {
    const cluster = await start();
    const bob = as(cluster, "bob");
    const list = () => refusal(bob.list(CONFIG_MAPS, { namespace: "shop" }));
    const denied =
      'configmaps is forbidden: User "bob" cannot list resource "configmaps" in API group "" in the namespace "shop"';
    expect(await list()).toBe(denied);
    const binding = await cluster.api.create(bind("b", "Role/r", "bob", "shop"));
    expect(await list()).toBe(`${denied}: RBAC: role.rbac.authorization.k8s.io "r" not found`);
    const reader = await cluster.api.create(role("r", [READ_CONFIG], "shop"));
    expect(await list()).toBe("allowed");
    expect(await refusal(bob.list(CONFIG_MAPS, { namespace: "default" }))).toContain("forbidden");
    await cluster.api.update({ ...reader, rules: [] });
    expect(await list()).toBe(denied);
    await cluster.api.update({ ...reader, metadata: { name: "r", namespace: "shop" } });
    expect(await list()).toBe("allowed");
    await cluster.api.update({ ...binding, subjects: [] });
    expect(await list()).toBe(denied);
    await cluster.api.update({ ...binding, metadata: { name: "b", namespace: "shop" } });
    expect(await list()).toBe("allowed");
    await cluster.api.delete({ ...binding, ...binding.metadata });
    expect(await list()).toBe(denied);
  });

  it("asks for creation when a write creates what is absent", async () => {
    const cluster = await start();
    const rule = { verbs: ["get", "patch", "update"], apiGroups: [""], resources: ["configmaps"] };
    await cluster.api.create(role("patcher", [rule]));
    await cluster.api.create(bind("b", "ClusterRole/patcher", "bob", "shop"));
    const apply = () => refusal(as(cluster, "bob").apply(MAP, { fieldManager: "bob" }));
    expect(await apply()).toContain('User "bob" cannot create resource "configmaps"');
    await cluster.api.create(MAP);
    expect(await apply()).toBe("allowed");
  });

  it("lets masters do everything, whatever the roles say", async () => {
    const cluster = await start();
    for (const { metadata } of (await cluster.api.list({ apiVersion: V1, kind: "ClusterRole" }))
      .items)
      await cluster.api.delete({ apiVersion: V1, kind: "ClusterRole", name: metadata.name });
    expect(await refusal(as(cluster, "root", "system:masters").create(MAP))).toBe("allowed");
  });
});

describe("granting", () => {
  const ALL: Rule = { verbs: ["*"], apiGroups: [RBAC_GROUP], resources: ["*"] };
  const POWERS = ["create", "get", "update", "patch", "delete", "list"];
  const MAY_WRITE: Rule = { ...ALL, verbs: POWERS };

  async function withWriter(): Promise<{ cluster: EmbeddedCluster; bob: KubeApi }> {
    const cluster = await start();
    await cluster.api.create(role("writer", [MAY_WRITE, READ_CONFIG]));
    await cluster.api.create(bind("writer", "ClusterRole/writer", "bob"));
    return { cluster, bob: as(cluster, "bob") };
  }

  const NOT_HELD =
    'is forbidden: user "bob" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
    '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}';
  const SECRETS: Rule = { verbs: ["get", "list"], apiGroups: [""], resources: ["secrets"] };

  it("gives on what one holds, and no more", async () => {
    const { bob } = await withWriter();
    expect(await refusal(bob.create(role("r", [READ_CONFIG], "shop")))).toBe("allowed");
    expect(await refusal(bob.create(role("s", [SECRETS], "shop")))).toBe(
      `roles.rbac.authorization.k8s.io "s" ${NOT_HELD}`,
    );
    expect(await refusal(bob.create(role("s", [SECRETS])))).toBe(
      `clusterroles.rbac.authorization.k8s.io "s" ${NOT_HELD}`,
    );
    const wider = role("r", [READ_CONFIG, SECRETS], "shop");
    const refused = `roles.rbac.authorization.k8s.io "r" ${NOT_HELD}`;
    expect(await refusal(bob.update(wider))).toBe(refused);
    expect(await refusal(bob.apply(wider, { fieldManager: "b", force: true }))).toBe(refused);
    const change = { type: "merge" as const, body: { rules: wider["rules"] } };
    expect(await refusal(bob.patch({ ...wider, ...wider.metadata }, change))).toBe(refused);
  });

  it("goes beyond with the verb escalate", async () => {
    const { cluster, bob } = await withWriter();
    const escalate = { ...ALL, verbs: ["escalate"], resources: ["roles"] };
    await cluster.api.create(role("escalator", [escalate], "shop"));
    await cluster.api.create(bind("escalator", "Role/escalator", "bob", "shop"));
    expect(await refusal(bob.create(role("s", [SECRETS], "shop")))).toBe("allowed");
    expect(await refusal(bob.create(role("s", [SECRETS], "default")))).toContain(
      "not currently held",
    );
  });

  it("binds roles one holds, or may bind", async () => {
    const { cluster, bob } = await withWriter();
    await cluster.api.create(role("reader", [READ_CONFIG]));
    await cluster.api.create(role("keeper", [SECRETS]));
    expect(await refusal(bob.create(bind("a", "ClusterRole/reader", "eve", "shop")))).toBe(
      "allowed",
    );
    expect(await refusal(bob.create(bind("b", "ClusterRole/keeper", "eve", "shop")))).toBe(
      `rolebindings.rbac.authorization.k8s.io "b" ${NOT_HELD}`,
    );
    expect(await refusal(bob.create(bind("b", "ClusterRole/keeper", "eve")))).toBe(
      `clusterrolebindings.rbac.authorization.k8s.io "b" ${NOT_HELD}`,
    );
    expect(await refusal(bob.create(bind("b", "ClusterRole/gone", "eve")))).toBe(
      'clusterrole.rbac.authorization.k8s.io "gone" not found',
    );
    const mayBind = {
      ...ALL,
      verbs: ["bind"],
      resources: ["clusterroles"],
      resourceNames: ["keeper"],
    };
    await cluster.api.create(role("binder", [mayBind], "shop"));
    await cluster.api.create(bind("binder", "Role/binder", "bob", "shop"));
    expect(await refusal(bob.create(bind("b", "ClusterRole/keeper", "eve", "shop")))).toBe(
      "allowed",
    );
    expect(await refusal(bob.create(bind("b", "ClusterRole/keeper", "eve")))).toContain(
      "not currently",
    );
  });

  it("keeps aggregation to those who may do everything", async () => {
    const { cluster, bob } = await withWriter();
    const selector = { matchLabels: { gather: "true" } };
    const gathering = {
      ...role("all", []),
      aggregationRule: { clusterRoleSelectors: [selector] },
    };
    expect(await refusal(bob.create(gathering))).toBe(
      'clusterroles.rbac.authorization.k8s.io "all" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    );
    await cluster.api.create(bind("admin", "ClusterRole/cluster-admin", "bob"));
    expect(await refusal(bob.create(gathering))).toBe("allowed");
  });
});

describe("what a binding refers to", () => {
  it("stays", async () => {
    const { api } = await start();
    const binding = await api.create(bind("b", "ClusterRole/view", "bob", "shop"));
    const other = bind("b", "ClusterRole/edit", "bob", "shop");
    expect(await refusal(api.update({ ...binding, roleRef: other["roleRef"] }))).toBe(
      'RoleBinding.rbac.authorization.k8s.io "b" is invalid: roleRef: Invalid value: ' +
        '{"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"edit"}: cannot change roleRef',
    );
  });
});

describe("the policy of a new cluster", () => {
  const ofKind = async ({ api }: EmbeddedCluster, kind: string) =>
    (await api.list({ apiVersion: V1, kind })).items;
  const named = (cluster: EmbeddedCluster, kind: string, name: string) =>
    cluster.api.get({ apiVersion: V1, kind, name });

  it("is what the API server would have created", async () => {
    const cluster = await start();
    const { api } = cluster;
    const kinds = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
    const made = (await Promise.all(kinds.map((kind) => ofKind(cluster, kind)))).flat();
    expect(made.length).toBeGreaterThan(120);
    for (const object of made) {
      const { name, namespace, labels = {}, annotations = {} } = object.metadata;
      expect(labels).toHaveProperty(["kubernetes.io/bootstrapping"], "rbac-defaults");
      const isGathering = object["aggregationRule"] !== undefined;
      const metadata = {
        name,
        labels,
        annotations,
        ...(namespace === undefined ? {} : { namespace }),
      };
      const given = { ...object, metadata, ...(isGathering ? { rules: null } : {}) };
      await api.delete({ ...object, ...object.metadata });
      const created = await api.create(given, { fieldManager: "kube-apiserver" });
      const managers = object.metadata.managedFields?.filter(
        ({ operation }) => operation === "Update",
      );
      expect({ ...created.metadata, uid: "", resourceVersion: "" }).toEqual({
        ...object.metadata,
        managedFields: managers,
        uid: "",
        resourceVersion: "",
      });
      if (isGathering) continue;
      expect({ ...created, metadata: {} }).toEqual({ ...object, metadata: {} });
    }
  });

  it("has gathered the rules of admin, edit and view", async () => {
    const cluster = await start();
    const rulesOf = async (name: string) =>
      ((await named(cluster, "ClusterRole", name))["rules"] as readonly unknown[]).length;
    const view = await rulesOf("view");
    expect(view).toBe(await rulesOf("system:aggregate-to-view"));
    expect(await rulesOf("edit")).toBe(view + (await rulesOf("system:aggregate-to-edit")));
    expect(await rulesOf("admin")).toBe((await rulesOf("edit")) + 2);
  });

  it("gathers what is labelled later, and lets go of it", async () => {
    const cluster = await start();
    const { api } = cluster;
    const widgets = { verbs: ["get"], apiGroups: ["example.com"], resources: ["widgets"] };
    const labelled = role("widgets", [widgets]);
    const labels = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
    await api.create({ ...labelled, metadata: { name: "widgets", labels } });
    const has = async (name: string) =>
      JSON.stringify((await named(cluster, "ClusterRole", name))["rules"]).includes("widgets");
    const gathered = async () => Promise.all(["view", "edit", "admin"].map(has));
    await settled(cluster);
    expect(await gathered()).toEqual([true, true, true]);
    await api.delete({ apiVersion: V1, kind: "ClusterRole", name: "widgets" });
    await settled(cluster);
    expect(await gathered()).toEqual([false, false, false]);
    const before = cluster.context.store.revision;
    await settled(cluster);
    expect(cluster.context.store.revision).toBe(before);
  });

  it("is completed at the next start, but for what is marked", async () => {
    const store = createMemoryStore();
    const first = await start(store);
    const { api } = first;
    const discovery = await named(first, "ClusterRole", "system:discovery");
    const basic = await named(first, "ClusterRole", "system:basic-user");
    const off = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
    const extra = { verbs: ["get"], nonResourceURLs: ["/extra"] };
    await api.update({ ...discovery, rules: [extra] });
    await api.update({ ...basic, rules: [], metadata: { ...basic.metadata, annotations: off } });
    const masters = await named(first, "ClusterRoleBinding", "cluster-admin");
    await api.update({ ...masters, subjects: [] });
    await api.delete({ apiVersion: V1, kind: "ClusterRole", name: "system:node" });
    first.stop();
    const second = await startAgain(store);
    const rules = JSON.stringify((await named(second, "ClusterRole", "system:discovery"))["rules"]);
    expect(rules).toContain("/extra");
    expect(rules).toContain("/openapi/*");
    expect((await named(second, "ClusterRole", "system:basic-user"))["rules"]).toBeNull();
    expect((await named(second, "ClusterRole", "system:node"))["rules"]).not.toBeNull();
    expect((await named(second, "ClusterRoleBinding", "cluster-admin"))["subjects"]).toEqual(
      masters["subjects"],
    );
  });

  it("is left alone when nothing is missing", async () => {
    const store = createMemoryStore();
    (await start(store)).stop();
    const before = store.list({ resource: `${RBAC_GROUP}/clusterroles` });
    const again = await startAgain(store);
    await settled(again);
    expect(store.list({ resource: `${RBAC_GROUP}/clusterroles` })).toEqual(before);
  });

  async function startAgain(store: ReturnType<typeof createMemoryStore>): Promise<EmbeddedCluster> {
    const clock = createVirtualClock(Date.parse("2026-01-02T00:00:00Z"));
    const rng = createRng("again");
    const cluster = createEmbeddedCluster({ name: "rbac", clock, rng, nodes: [], store });
    clusters.push(cluster);
    await cluster.start();
    return cluster;
  }
});

/** Controllers act on microtasks and short delays. */
async function settled(cluster: EmbeddedCluster): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await (cluster.clock as VirtualClock).advanceBy(1000);
  }
}

/** Looks through everything, as the specification reads. */
function listSource(
  clusterRoles: Readonly<Record<string, readonly PolicyRule[]>>,
  bindings: readonly Binding[],
): RoleSource {
  return {
    clusterRoleBindings: () => bindings.filter(({ namespace }) => namespace === ""),
    roleBindings: (wanted) => bindings.filter(({ namespace }) => namespace === wanted),
    clusterRole: (name) => clusterRoles[name],
    role: () => undefined,
  };
}

describe("the index", () => {
  const names = fc.constantFrom("a", "b", "c");
  const namespaces = fc.constantFrom("", "x", "y");
  const subjects = fc.record({
    kind: fc.constantFrom("User", "Group", "ServiceAccount"),
    name: names,
    namespace: fc.constantFrom("", "x"),
  });
  const writes = fc.array(
    fc.record({
      name: names,
      namespace: namespaces,
      subjects: fc.array(subjects),
      gone: fc.boolean(),
    }),
    { maxLength: 12 },
  );
  const users = fc.record({
    name: fc.constantFrom("a", "b", "system:serviceaccount:x:a", "system:serviceaccount:y:b"),
    groups: fc.subarray(["a", "b", "c"]),
  });

  it("answers as a look at everything does, after any writes", async () => {
    await fc.assert(
      fc.asyncProperty(writes, users, namespaces, async (history, user, namespace) => {
        const store = createMemoryStore();
        const index = createRbacIndex(store);
        index.clusterRoleBindings(user);
        const live = new Map<string, KubernetesObject>();
        for (const { gone, ...binding } of history) {
          const plural = binding.namespace === "" ? "clusterrolebindings" : "rolebindings";
          const key = { ...binding, resource: `${RBAC_GROUP}/${plural}` };
          const current = store.get(key);
          const expected = Number(current?.metadata.resourceVersion ?? 0);
          const id = `${binding.namespace}/${binding.name}`;
          const object = {
            apiVersion: V1,
            kind: "Binding",
            metadata: {
              name: binding.name,
              ...(binding.namespace === "" ? {} : { namespace: binding.namespace }),
            },
            roleRef: { kind: "ClusterRole", name: binding.name },
            subjects: binding.subjects,
          };
          if (!gone) live.set(id, object);
          else live.delete(id);
          if (!gone) store.put(key, object, expected);
          else if (current !== undefined) store.delete(key, expected);
        }
        await Promise.resolve();
        const bindings = [...live.values()].map((object) => ({
          ...object.metadata,
          namespace: object.metadata.namespace ?? "",
          roleRef: { apiGroup: "", kind: "ClusterRole", name: object.metadata.name },
          subjects: object["subjects"] as never,
        }));
        const rule = { verbs: ["get"], apiGroups: [""], resourceNames: [], nonResourceURLs: [] };
        const clusterRoles = Object.fromEntries(
          ["a", "b", "c"].map((name) => [name, [{ ...rule, resources: [name] }]]),
        );
        const all = listSource(clusterRoles, bindings);
        const indexed = { ...index, clusterRole: (name: string) => clusterRoles[name] };
        for (const resource of ["a", "b", "c"]) {
          const asked = {
            user,
            verb: "get",
            group: "",
            version: "v1",
            resource,
            subresource: "",
            namespace,
            name: "",
          };
          expect(evaluateRbac(indexed, asked).decision).toBe(evaluateRbac(all, asked).decision);
        }
      }),
      { numRuns: 200 },
    );
  });
});
