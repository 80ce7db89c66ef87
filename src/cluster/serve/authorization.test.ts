// Who may do what, as clients see it over HTTPS: service accounts with the default roles under a stock kubectl, reviews
// against the evaluator, impersonation, and requests without credentials.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findTool } from "../../../tests/skip.ts";
import { createRealClock, createRng } from "../../core/index.ts";
import { bindingOf, evaluateRbac, RBAC_GROUP, rulesOfRole } from "../../kubernetes/index.ts";
import type { KubernetesObject, RoleSource } from "../../kubernetes/index.ts";
import { createEmbeddedCluster } from "../embedded-cluster.ts";
import type { EmbeddedCluster } from "../embedded-cluster.ts";
import { serveApi } from "./serve-api.ts";
import type { ServedApi } from "./serve-api.ts";
import { ask } from "./testing/https-client.ts";

const V1 = `${RBAC_GROUP}/v1`;
const kubectl = await findTool("kubectl");

let cluster: EmbeddedCluster;
let served: ServedApi;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "keelson-rbac-"));
  const clock = createRealClock({ keepAlive: true });
  cluster = createEmbeddedCluster({ name: "rbac", clock, rng: createRng("rbac"), nodes: [] });
  served = await serveApi(cluster.context, { name: "rbac", port: 0, clock, anonymous: true });
  await cluster.start();
  writeFileSync(join(home, "config"), served.kubeconfig);
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
  await cluster.api.create(namespace);
  for (const role of ["cluster-admin", "admin", "edit", "view"]) {
    const metadata = { name: role, namespace: "shop" };
    await cluster.api.create({ apiVersion: "v1", kind: "ServiceAccount", metadata });
    const subject = { kind: "ServiceAccount", ...metadata };
    await cluster.api.create(binding(`shop-${role}`, role, [subject], role !== "cluster-admin"));
  }
});

afterAll(async () => {
  cluster.stop();
  await served.close();
  rmSync(home, { recursive: true });
});

type Fields = Readonly<Record<string, unknown>>;

function binding(
  name: string,
  clusterRole: string,
  subjects: readonly Fields[],
  isNamespaced: boolean,
): KubernetesObject {
  return {
    apiVersion: V1,
    kind: isNamespaced ? "RoleBinding" : "ClusterRoleBinding",
    metadata: isNamespaced ? { name, namespace: "shop" } : { name },
    roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: clusterRole },
    subjects,
  };
}

interface Reply {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly status?: { readonly token?: string; readonly authenticated?: boolean };
  };
}

async function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<Reply> {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const asked = { method, ca: served.caPem, headers: { ...type, ...headers } };
  const sent = body === undefined ? asked : { ...asked, body: JSON.stringify(body) };
  const { status, text } = await ask(served.url + path, sent);
  return { status, body: text.startsWith("{") ? JSON.parse(text) : {} };
}

const admin = () => ({ authorization: `Bearer ${served.token}` });

async function tokenOf(name: string): Promise<string> {
  const path = `/api/v1/namespaces/shop/serviceaccounts/${name}/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  return (await send("POST", path, admin(), request)).body.status?.token ?? "";
}

describe.skipIf(kubectl === undefined)("kubectl auth can-i", () => {
  async function run(command: string, account: string): Promise<string> {
    const env = { PATH: process.env["PATH"], HOME: home, KUBECONFIG: join(home, "config") };
    const args = [...command.split(" "), "-n", "shop", "--token", await tokenOf(account)];
    return new Promise((resolve) => {
      execFile(kubectl ?? "", args, { env }, (_error, stdout) => resolve(stdout.trim()));
    });
  }

  it.each([
    ["view", "list pods", "yes"],
    ["view", "get pods --subresource=log", "yes"],
    ["view", "create pods", "no"],
    ["view", "get secrets", "no"],
    ["edit", "create deployments.apps", "yes"],
    ["edit", "get secrets", "yes"],
    ["edit", "create rolebindings", "no"],
    ["admin", "create rolebindings", "yes"],
    ["admin", "create resourcequotas", "no"],
    ["cluster-admin", "* *", "yes"],
    ["cluster-admin", "get /metrics", "yes"],
    ["admin", "get /metrics", "no"],
  ])("%s: %s: %s", async (account, question, answer) => {
    expect((await run(`auth can-i ${question}`, account)).split(" ")[0]).toBe(answer);
  });

  it("lists what each may do", async () => {
    const verbsOf = (list: string, resource: string): string | undefined =>
      list
        .split("\n")
        .find((line) => line.startsWith(`${resource} `))
        ?.match(/\[([^\]]*)\]$/)?.[1];
    const [view, edit, all, any] = await Promise.all(
      ["view", "edit", "admin", "cluster-admin"].map((account) =>
        run("auth can-i --list", account),
      ),
    );
    expect(verbsOf(view ?? "", "pods")).toBe("get list watch");
    expect(verbsOf(view ?? "", "secrets")).toBeUndefined();
    expect(verbsOf(edit ?? "", "secrets")?.split(" ")).toContain("create");
    expect(verbsOf(edit ?? "", "roles.rbac.authorization.k8s.io")).toBeUndefined();
    expect(verbsOf(all ?? "", "roles.rbac.authorization.k8s.io")?.split(" ")).toContain("create");
    expect(verbsOf(any ?? "", "*.*")).toBe("*");
  });

  it("knows who asks", async () => {
    const name = "{.status.userInfo.username} {.status.userInfo.groups}";
    expect(await run(`auth whoami -o jsonpath=${name.replaceAll(" ", "/")}`, "view")).toBe(
      'system:serviceaccount:shop:view/["system:serviceaccounts","system:serviceaccounts:shop","system:authenticated"]',
    );
  });
});

describe("SubjectAccessReview", () => {
  const some = (...items: readonly string[]) => fc.subarray([...items], { minLength: 1 });
  const rules = fc.array(
    fc.oneof(
      fc.record({
        verbs: some("get", "list", "*"),
        apiGroups: some("", "apps", "*"),
        resources: some("pods", "pods/log", "*/scale", "deployments", "*"),
        resourceNames: fc.subarray(["x"]),
      }),
      fc.record({ verbs: some("get", "*"), nonResourceURLs: some("/healthz", "/apis/*") }),
    ),
    { maxLength: 3 },
  );
  const subject = fc.oneof(
    fc.record({ kind: fc.constantFrom("User", "Group"), name: fc.constantFrom("a", "b") }),
    fc.record({
      kind: fc.constant("ServiceAccount"),
      name: fc.constantFrom("a", "b"),
      namespace: fc.constant("shop"),
    }),
  );
  const policy = fc.record({ rules, subjects: fc.array(subject, { maxLength: 3 }) });
  const question = fc.record({
    user: fc.constantFrom("a", "b", "system:serviceaccount:shop:a"),
    groups: fc.subarray(["a", "b"]),
    verb: fc.constantFrom("get", "list", "delete"),
    group: fc.constantFrom("", "apps"),
    resource: fc.constantFrom("pods", "deployments"),
    subresource: fc.constantFrom("", "log", "scale"),
    namespace: fc.constantFrom("", "shop", "other"),
    name: fc.constantFrom("", "x", "y"),
    path: fc.option(fc.constantFrom("/healthz", "/apis/v1", "/metrics"), { nil: undefined }),
  });

  it("answers as the evaluator does", { timeout: 60_000 }, async () => {
    const run = async (
      everywhere: { rules: readonly Fields[]; subjects: readonly Fields[] },
      inShop: { rules: readonly Fields[]; subjects: readonly Fields[] },
      questions: readonly (typeof question extends fc.Arbitrary<infer Q> ? Q : never)[],
    ): Promise<void> => {
      const objects = [
        { apiVersion: V1, kind: "ClusterRole", metadata: { name: "p1" }, rules: everywhere.rules },
        { apiVersion: V1, kind: "ClusterRole", metadata: { name: "p2" }, rules: inShop.rules },
        binding("p1", "p1", everywhere.subjects, false),
        binding("p2", "p2", inShop.subjects, true),
      ];
      for (const object of objects)
        await cluster.api.apply(object, { fieldManager: "p", force: true });
      const source = sourceOf(objects);
      for (const { user, groups, path, ...about } of questions) {
        const spec =
          path === undefined
            ? { user, groups, resourceAttributes: about }
            : { user, groups, nonResourceAttributes: { verb: about.verb, path } };
        const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
        const url = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
        const { status, body } = await send("POST", url, admin(), review);
        expect(status).toBe(201);
        const nothing = { group: "", resource: "", subresource: "", namespace: "", name: "" };
        const attributes = {
          user: { name: user, groups },
          version: "",
          ...(path === undefined ? about : { ...nothing, verb: about.verb, path }),
        };
        const { decision, reason = "" } = evaluateRbac(source, attributes);
        expect(body.status).toEqual({
          allowed: decision === "allow",
          ...(reason === "" ? {} : { reason }),
        });
      }
    };
    const questions = fc.array(question, { minLength: 6, maxLength: 6 });
    await fc.assert(fc.asyncProperty(policy, policy, questions, run), { numRuns: 25 });
  });

  function sourceOf(objects: readonly KubernetesObject[]): RoleSource {
    const bindings = objects.filter((object) => object["roleRef"] !== undefined).map(bindingOf);
    const roles = new Map(objects.map((object) => [object.metadata.name, rulesOfRole(object)]));
    const [p1, p2] = objects.map(rulesOfRole);
    return {
      clusterRoleBindings: () => bindings.filter(({ namespace }) => namespace === ""),
      roleBindings: (wanted) => bindings.filter(({ namespace }) => namespace === wanted),
      clusterRole: (name) => (name === "p1" ? p1 : name === "p2" ? p2 : roles.get(name)),
      role: () => undefined,
    };
  }

  const SPEC = {
    user: "a",
    resourceAttributes: { namespace: "shop", verb: "get", resource: "pods" },
  };
  it.each([
    {
      name: "neither user nor group",
      spec: { resourceAttributes: {} },
      message:
        '.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
    },
    {
      name: "both questions",
      spec: { ...SPEC, nonResourceAttributes: { path: "/x", verb: "get" } },
      message:
        '.authorization.k8s.io "" is invalid: spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":"get"}: cannot be specified in combination with resourceAttributes',
    },
  ])("refuses $name", async ({ spec, message }) => {
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
    const url = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const { status, body } = await send("POST", url, admin(), review);
    expect(status).toBe(422);
    expect(body.message).toBe(message);
  });

  it("keeps a local review to its namespace", async () => {
    const kind = "LocalSubjectAccessReview";
    const review = { apiVersion: "authorization.k8s.io/v1", kind, spec: SPEC };
    const path = "/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews";
    expect((await send("POST", path, admin(), review)).body.message).toBe(
      '.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "shop": must match metadata.namespace',
    );
  });
});

describe("tokens and identities", () => {
  const review = (token: string, audiences?: readonly string[]) =>
    send("POST", "/apis/authentication.k8s.io/v1/tokenreviews", admin(), {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token, ...(audiences === undefined ? {} : { audiences }) },
    });

  it("reviews tokens by audience", async () => {
    const own = "https://kubernetes.default.svc";
    const token = await tokenOf("view");
    expect((await review(token)).body.status).toMatchObject({
      authenticated: true,
      audiences: [own],
      user: { username: "system:serviceaccount:shop:view" },
    });
    expect((await review(token, ["vault"])).body.status).toEqual({
      user: {},
      error: "invalid bearer token",
    });
    expect((await review(served.token, [own, "vault"])).body.status).toMatchObject({
      audiences: [own],
      user: { username: "kubernetes-admin" },
    });
    expect((await review("nonsense")).body.status?.authenticated).toBeUndefined();
  });

  it("asks about every part of an impersonated identity", async () => {
    const view = { authorization: `Bearer ${await tokenOf("edit")}` };
    const acting = (headers: Readonly<Record<string, string>>) =>
      send("GET", "/api/v1/namespaces/shop/pods", { ...view, ...headers });
    // An editor may act as the service accounts of the namespace, as nobody else, and with no groups beside.
    const account = { "impersonate-user": "system:serviceaccount:shop:view" };
    expect((await acting(account)).status).toBe(200);
    const refused = async (headers: Readonly<Record<string, string>>) =>
      (await acting(headers)).body.message;
    const cannot =
      'is forbidden: User "system:serviceaccount:shop:edit" cannot impersonate resource';
    expect(await refused({ "impersonate-user": "bob" })).toContain(`users "bob" ${cannot} "users"`);
    expect(await refused({ ...account, "impersonate-group": "system:masters" })).toContain(
      `groups "system:masters" ${cannot} "groups"`,
    );
    expect(await refused({ ...account, "impersonate-uid": "1" })).toContain(
      `uids.authentication.k8s.io "1" ${cannot} "uids"`,
    );
    expect(await refused({ ...account, "impersonate-extra-scope": "all" })).toContain(
      `userextras.authentication.k8s.io "all" ${cannot} "userextras/scope"`,
    );
  });

  it("lets nobody read health and version, as long as the policy says so", async () => {
    const { api } = cluster;
    const status = async (path: string) => (await send("GET", path, {})).status;
    expect(await status("/healthz")).toBe(200);
    expect(await status("/version")).toBe(200);
    expect(await status("/api")).toBe(403);
    expect((await send("GET", "/api/v1/nodes", {})).body.message).toBe(
      'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    const kind = { apiVersion: V1, kind: "ClusterRoleBinding", name: "system:public-info-viewer" };
    const viewer = await api.get(kind);
    await api.update({ ...viewer, subjects: [] });
    expect(await status("/version")).toBe(403);
    await api.update({ ...viewer, metadata: { name: kind.name } });
    expect(await status("/version")).toBe(200);
  });
});
