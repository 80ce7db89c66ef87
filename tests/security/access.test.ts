// Who may do what, asked as `kubectl auth can-i` asks: the rights every blueprint emits are applied to an embedded cluster, and
// reviews of access by the four levels of people and by the apps' own accounts are answered there. Argo CD's policy beside it.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createEmbeddedCluster, type EmbeddedCluster } from "../../src/cluster/index.ts";
import { createRng, createVirtualClock } from "../../src/core/index.ts";
import type { KubernetesObject, RequestAttributes } from "../../src/kubernetes/index.ts";
import type { CompiledTarget, PlannedRole } from "../../src/model/index.ts";
import { compile } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import { BLUEPRINTS, type Blueprint } from "../blueprints/shipped-blueprints.ts";
import { mayInArgocd, parsePolicy, type ArgocdPolicy } from "./argocd-policy.ts";

type Level = PlannedRole["level"];

/** `verb resource.group[/subresource] [in app|platform|cluster]`, and who may. */
interface Row {
  readonly may: string;
  readonly in: "an app" | "the platform" | "the cluster";
  readonly levels: readonly Level[];
}

const ADMINISTRATORS: readonly Level[] = ["cluster-admin"];
const EVERYBODY_INSIDE: readonly Level[] = ["cluster-admin", "developer", "viewer"];
const DEVELOPERS: readonly Level[] = ["cluster-admin", "developer"];
const VIEWERS: readonly Level[] = ["cluster-admin", "viewer"];

const ROWS: readonly Row[] = [
  { may: "list pods", in: "an app", levels: EVERYBODY_INSIDE },
  { may: "get pods/log", in: "an app", levels: EVERYBODY_INSIDE },
  { may: "watch deployments.apps", in: "an app", levels: EVERYBODY_INSIDE },
  { may: "get configmaps", in: "an app", levels: EVERYBODY_INSIDE },
  { may: "get networkpolicies.networking.k8s.io", in: "an app", levels: EVERYBODY_INSIDE },
  { may: "delete pods", in: "an app", levels: DEVELOPERS },
  { may: "create pods/portforward", in: "an app", levels: DEVELOPERS },
  { may: "patch deployments.apps/scale", in: "an app", levels: DEVELOPERS },
  { may: "list pods", in: "the platform", levels: VIEWERS },
  { may: "list nodes", in: "the cluster", levels: EVERYBODY_INSIDE },
  { may: "list namespaces", in: "the cluster", levels: EVERYBODY_INSIDE },
  { may: "delete pods", in: "the platform", levels: ADMINISTRATORS },
  { may: "create pods/portforward", in: "the platform", levels: ADMINISTRATORS },
  { may: "get secrets", in: "an app", levels: ADMINISTRATORS },
  { may: "list secrets", in: "the platform", levels: ADMINISTRATORS },
  { may: "list secrets", in: "the cluster", levels: ADMINISTRATORS },
  { may: "create pods", in: "an app", levels: ADMINISTRATORS },
  { may: "create pods/exec", in: "an app", levels: ADMINISTRATORS },
  { may: "get pods/exec", in: "an app", levels: ADMINISTRATORS },
  { may: "patch deployments.apps", in: "an app", levels: ADMINISTRATORS },
  { may: "create jobs.batch", in: "an app", levels: ADMINISTRATORS },
  { may: "create serviceaccounts/token", in: "an app", levels: ADMINISTRATORS },
  { may: "create rolebindings.rbac.authorization.k8s.io", in: "an app", levels: ADMINISTRATORS },
  {
    may: "escalate clusterroles.rbac.authorization.k8s.io",
    in: "the cluster",
    levels: ADMINISTRATORS,
  },
  { may: "delete networkpolicies.networking.k8s.io", in: "an app", levels: ADMINISTRATORS },
  { may: "delete resourcequotas", in: "an app", levels: ADMINISTRATORS },
  { may: "delete namespaces", in: "the cluster", levels: ADMINISTRATORS },
  { may: "get nodes/proxy", in: "the cluster", levels: ADMINISTRATORS },
  { may: "impersonate users", in: "the cluster", levels: ADMINISTRATORS },
  { may: "* *.*", in: "the cluster", levels: ADMINISTRATORS },
];

const RBAC_KINDS = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

function attributesOf(
  may: string,
  namespace: string,
  user: RequestAttributes["user"],
): RequestAttributes {
  const [verb = "", what = ""] = may.split(" ");
  const [full = "", subresource = ""] = what.split("/");
  const [resource = "", ...group] = full.split(".");
  return {
    user,
    verb,
    group: group.join("."),
    version: "*",
    resource,
    subresource,
    namespace,
    name: "",
  };
}

const person = (groups: readonly string[]): RequestAttributes["user"] => ({
  name: "ada",
  groups: [...groups, "system:authenticated"],
});

const account = (namespace: string, name: string): RequestAttributes["user"] => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
});

/** The largest environment of a blueprint: the last one that is written. */
function targetOf(blueprint: Blueprint | undefined): CompiledTarget {
  const compiled = targets.get(blueprint?.name ?? "");
  if (compiled !== undefined) return compiled;
  if (blueprint === undefined) throw new Error("no such blueprint");
  const { name, definition, lock } = blueprint;
  const environments = Object.keys(definition.environments).slice(-1);
  const { value } = compile({ definition, registry, lock, sealed: {}, environments });
  const [target] = value?.targets ?? [];
  if (target === undefined) throw new Error(`${name} does not compile`);
  targets.set(name, target);
  return target;
}

const targets = new Map<string, CompiledTarget>();

async function clusterWith({ objects }: CompiledTarget): Promise<EmbeddedCluster> {
  const cluster = createEmbeddedCluster({
    name: "access",
    clock: createVirtualClock(Date.UTC(2026, 0, 1)),
    rng: createRng("access"),
    nodes: [],
  });
  await cluster.start();
  const emitted = objects.map(({ object }) => object);
  const rights = emitted.filter(({ kind }) => RBAC_KINDS.includes(kind));
  const places = new Set(rights.map(({ metadata }) => metadata.namespace ?? "default"));
  for (const name of places) await cluster.api.apply(namespaceNamed(name), FIELDS);
  for (const kind of RBAC_KINDS) {
    for (const object of rights.filter((one) => one.kind === kind))
      await cluster.api.apply(object, FIELDS);
  }
  return cluster;
}

const FIELDS = { fieldManager: "test", force: true };

const namespaceNamed = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

describe.each(BLUEPRINTS)("rights of $name", (blueprint) => {
  let target: CompiledTarget;
  let cluster: EmbeddedCluster;
  beforeAll(async () => {
    target = targetOf(blueprint);
    cluster = await clusterWith(target);
  });
  afterAll(() => cluster.stop());

  const may = (what: string, namespace: string, user: RequestAttributes["user"]): boolean =>
    cluster.context.authorizer(attributesOf(what, namespace, user)).decision === "allow";

  function placesOf({ in: place }: Row): string[] {
    if (place === "the cluster") return [""];
    const tenancy = place === "an app" ? "app" : "platform";
    return target.cluster.namespaces
      .filter((namespace) => namespace.tenancy === tenancy)
      .filter(({ name }) => name !== "argocd")
      .map(({ name }) => name);
  }

  it("are those of the four levels, in every namespace", () => {
    const wrong: string[] = [];
    for (const { name, level, groups } of target.cluster.roles) {
      for (const row of ROWS) {
        for (const namespace of placesOf(row)) {
          const wanted = row.levels.includes(level);
          if (may(row.may, namespace, person(groups)) !== wanted)
            wrong.push(`${name} ${wanted ? "may not" : "may"} ${row.may} in "${namespace}"`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(target.cluster.roles.length).toBeGreaterThan(1);
  });

  it("are nobody's who is in no group", () => {
    const found = ROWS.flatMap((row) =>
      placesOf(row).filter((namespace) => may(row.may, namespace, person([]))),
    );
    expect(found).toEqual([]);
  });

  it("give apps an account each, and none of them a right", () => {
    const apps = target.cluster.apps.map(({ namespace, name }) => {
      const workload = target.graph.workload(namespace, name);
      return { namespace, name: workload?.serviceAccount ?? "" };
    });
    const names = apps.map(({ namespace, name }) => `${namespace}/${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(apps.filter(({ name }) => name === "default" || name === "")).toEqual([]);
    const found = apps.flatMap(({ namespace, name }) =>
      ROWS.flatMap((row) =>
        [...placesOf(row), namespace]
          .filter((where) => may(row.may, where, account(namespace, name)))
          .map((where) => `${name} may ${row.may} in ${where}`),
      ),
    );
    expect(found).toEqual([]);
  });
});

describe("rights of delivery", () => {
  const target = targetOf(BLUEPRINTS.find(({ name }) => name === "local-first"));
  const policy = policyOf(target);
  let cluster: EmbeddedCluster;
  beforeAll(async () => {
    cluster = await clusterWith(target);
  });
  afterAll(() => cluster.stop());

  it.each([
    { may: "patch applications.argoproj.io", in: "argocd", allowed: true },
    { may: "delete appprojects.argoproj.io", in: "argocd", allowed: true },
    { may: "get pods/log", in: "argocd", allowed: true },
    { may: "get secrets", in: "argocd", allowed: false },
    { may: "list pods", in: "storefront", allowed: false },
    { may: "list nodes", in: "", allowed: false },
  ])("delivery: $may in $in: $allowed", ({ may, in: namespace, allowed }) => {
    const groups = target.cluster.roles.find(({ level }) => level === "delivery-admin")?.groups;
    const request = attributesOf(may, namespace, person(groups ?? []));
    expect(cluster.context.authorizer(request).decision === "allow").toBe(allowed);
  });

  it.each([
    { level: "cluster-admin", may: "applications delete p/x", allowed: true },
    { level: "cluster-admin", may: "exec create p/x", allowed: true },
    { level: "delivery-admin", may: "applications sync p/x", allowed: true },
    { level: "delivery-admin", may: "projects update p", allowed: true },
    { level: "delivery-admin", may: "accounts update p", allowed: true },
    { level: "developer", may: "applications get p/x", allowed: true },
    { level: "developer", may: "applications sync comind-ops-prod-storefront/x", allowed: true },
    { level: "developer", may: "logs get comind-ops-prod-storefront/x", allowed: true },
    { level: "developer", may: "applications sync comind-ops/x", allowed: false },
    { level: "developer", may: "applications delete comind-ops-prod-storefront/x", allowed: false },
    {
      level: "developer",
      may: "applications override comind-ops-prod-storefront/x",
      allowed: false,
    },
    { level: "developer", may: "exec create comind-ops-prod-storefront/x", allowed: false },
    { level: "developer", may: "repositories update p", allowed: false },
    { level: "viewer", may: "applications get p/x", allowed: true },
    { level: "viewer", may: "clusters get p", allowed: true },
    { level: "viewer", may: "logs get p/x", allowed: true },
    { level: "viewer", may: "applications sync comind-ops-prod-storefront/x", allowed: false },
    { level: "viewer", may: "projects update p", allowed: false },
    { level: "none", may: "applications get p/x", allowed: false },
    { level: "none", may: "projects get p", allowed: false },
  ])("in Argo CD, $level: $may: $allowed", ({ level, may, allowed }) => {
    const role = target.cluster.roles.find((one) => one.level === level);
    const [resource = "", action = "", object = ""] = may.split(" ");
    const request = { groups: role?.groups ?? ["strangers"], resource, action, object };
    expect(mayInArgocd(policy, request)).toBe(allowed);
  });

  it("are refused where a line of Argo CD's policy is not one", () => {
    expect(() => parsePolicy("p, role:x, applications, get, allow")).toThrow("not a line");
    expect(() => parsePolicy("g, role:x")).toThrow("not a line");
  });
});

/** What the chart's values say, and what the projects add (argo-cd docs/operator-manual/rbac.md, "Project roles"). */
function policyOf({ charts, objects }: CompiledTarget): ArgocdPolicy {
  const chart = charts.find(({ name }) => name === "argocd");
  const { rbac } = (chart?.values ?? {})["configs"] as { readonly rbac: Record<string, string> };
  expect(rbac["policy.default"]).toBe("");
  expect(rbac["scopes"]).toBe("[groups]");
  const projects = objects.filter(({ object }) => object.kind === "AppProject");
  const lines = projects.flatMap(({ object }) => {
    const { roles = [] } = object["spec"] as { readonly roles?: readonly ProjectRole[] };
    return roles.flatMap(({ name, policies, groups }) => [
      ...policies,
      ...groups.map((group) => `g, ${group}, proj:${object.metadata.name}:${name}`),
    ]);
  });
  return parsePolicy([rbac["policy.csv"] ?? "", ...lines].join("\n"));
}

interface ProjectRole {
  readonly name: string;
  readonly policies: readonly string[];
  readonly groups: readonly string[];
}
