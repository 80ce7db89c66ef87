// Who did what on the API: requests over HTTPS under the policy a platform emits, the events they leave, and the platform's Sigma
// rules over these events: what each is for fires it, and what only looks like it does not.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { createEmbeddedCluster, serveApi, type EmbeddedCluster } from "../../src/cluster/index.ts";
import { ask } from "../../src/cluster/serve/testing/https-client.ts";
import { citadel } from "../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../src/components/testing/plan.ts";
import { createRealClock, createRng } from "../../src/core/index.ts";
import { auditPolicyOf, type AuditEvent } from "../../src/kubernetes/index.ts";
import { existing, onPremise } from "../../src/index.ts";
import { sigmaMatches } from "./sigma.ts";

const files = filesOf();
const policy = auditPolicyOf(parse(files.get("policy.yaml") ?? ""));
const rules = [...files].filter(([name]) => name.endsWith(".yml"));

/** On servers of one's own, where the policy is the platform's to set. */
function filesOf(): ReadonlyMap<string, string> {
  const planned = planEnvironment(
    {
      ...citadel,
      sites: { ireland: onPremise({ network: "10.30.0.0/16" }) },
      clusters: { keep: existing({ site: "ireland" }) },
      secrets: { sealed: { kind: "sealed-secrets" } },
    },
    "prod",
  );
  const emitted = emissionsOf(planned).flatMap(({ emission }) => emission.files ?? []);
  return new Map(emitted.map(({ file, text }) => [file.split("/").at(-1) ?? "", text]));
}

let cluster: EmbeddedCluster;
let served: Awaited<ReturnType<typeof serveApi>>;
const events: AuditEvent[] = [];

beforeAll(async () => {
  const clock = createRealClock({ keepAlive: true });
  cluster = createEmbeddedCluster({ name: "audit", clock, rng: createRng("audit"), nodes: [] });
  if (policy === undefined) throw new Error("the platform emits a policy");
  served = await serveApi(cluster.context, {
    name: "audit",
    port: 0,
    clock,
    anonymous: true,
    audit: { policy, write: (event) => void events.push(event) },
  });
  await cluster.start();
  for (const name of ["gate", "elsewhere"])
    await cluster.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  await cluster.api.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "gate-signing", namespace: "gate" },
    stringData: { KEY: "hunter2-hunter2" },
  });
});
afterAll(async () => {
  cluster.stop();
  await served.close();
});

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  /** Who: a user and a group. Absent: nobody. */
  readonly as?: readonly [user: string, group?: string];
}

/** The administrator of the cluster lends its rights: what is allowed is not what is asked here. */
async function send({ method = "GET", path, body, as }: Asked): Promise<AuditEvent | undefined> {
  const before = events.length;
  const [user = "", group] = as ?? [];
  const who: Record<string, string> = {
    authorization: `Bearer ${served.token}`,
    "impersonate-user": user,
    "impersonate-group": group ?? "system:authenticated",
  };
  await ask(served.url + path, {
    method,
    ca: served.caPem,
    headers: {
      ...(as === undefined ? {} : who),
      "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return events.slice(before).at(-1);
}

const MASTERS = "system:masters";
const SECRETS = "/api/v1/namespaces/gate/secrets";
const bindingTo = (name: string, role: string): unknown => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
  subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "eve" }],
});
const BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
const POLICIES = "/apis/networking.k8s.io/v1/namespaces/gate/networkpolicies";

describe("the audit log", () => {
  it("says who read which secret and when, and never what was in it", async () => {
    const event = await send({ path: `${SECRETS}/gate-signing`, as: ["eve", MASTERS] });
    expect(event).toMatchObject({
      level: "Metadata",
      stage: "ResponseComplete",
      verb: "get",
      user: { username: "eve" },
      objectRef: { resource: "secrets", namespace: "gate", name: "gate-signing", apiVersion: "v1" },
      responseStatus: { code: 200 },
    });
    expect(Date.parse(event?.requestReceivedTimestamp ?? "")).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toContain(Buffer.from("hunter2").toString("base64"));
  });

  it.each([
    { name: "made", method: "POST", path: SECRETS, body: { metadata: { name: "made" } } },
    { name: "patched", method: "PATCH", path: `${SECRETS}/gate-signing`, body: {} },
    { name: "deleted", method: "DELETE", path: `${SECRETS}/made`, body: undefined },
  ])("says that a secret was $name, and not with what", async ({ name, body, ...asked }) => {
    const value = `hunter3-${name}`;
    const written = { apiVersion: "v1", kind: "Secret", ...body, stringData: { KEY: value } };
    const event = await send({
      ...asked,
      ...(body === undefined ? {} : { body: written }),
      as: ["ada", MASTERS],
    });
    expect(event).toMatchObject({ level: "Metadata", objectRef: { resource: "secrets" } });
    const all = JSON.stringify(events);
    for (const text of [value, Buffer.from(value).toString("base64")])
      expect(all).not.toContain(text);
  });

  it("keeps rights that are given whole, and refusals as well", async () => {
    const given = await send({
      method: "POST",
      path: BINDINGS,
      body: bindingTo("view-all", "view"),
      as: ["ada", MASTERS],
    });
    expect(given).toMatchObject({
      level: "RequestResponse",
      requestObject: { roleRef: { name: "view" } },
      responseObject: { metadata: { name: "view-all" } },
    });
    const refused = await send({ path: SECRETS, as: ["eve"] });
    expect(refused).toMatchObject({ verb: "list", responseStatus: { code: 403 } });
  });

  it("keeps nothing of what controllers do all day, nor of health", async () => {
    const watched = await send({
      path: "/api/v1/pods?limit=1",
      as: ["system:kube-scheduler", MASTERS],
    });
    expect(watched).toBeUndefined();
    expect(await send({ path: "/version", as: ["ada", MASTERS] })).toBeUndefined();
  });

  it("is not there where nobody audits", async () => {
    const { length } = events;
    const clock = createRealClock({ keepAlive: true });
    const other = await serveApi(cluster.context, { name: "quiet", port: 0, clock });
    const headers = { authorization: `Bearer ${other.token}` };
    await ask(`${other.url}${SECRETS}`, { ca: other.caPem, headers });
    await other.close();
    expect(events.length).toBe(length);
  });
});

interface Row {
  readonly rule: string;
  readonly name: string;
  readonly request: Asked;
  readonly fires: boolean;
}

const ROWS: readonly Row[] = [
  {
    rule: "secret-read-by-a-stranger",
    name: "a person without the administrators' group",
    request: { path: `${SECRETS}/gate-signing`, as: ["eve", MASTERS] },
    fires: true,
  },
  {
    rule: "secret-read-by-a-stranger",
    name: "an administrator",
    request: { path: `${SECRETS}/gate-signing`, as: ["ada", "citadel:wardens"] },
    fires: false,
  },
  {
    rule: "secret-read-by-a-stranger",
    name: "a node that mounts it",
    request: { path: `${SECRETS}/gate-signing`, as: ["system:node:n1", MASTERS] },
    fires: false,
  },
  {
    rule: "secret-read-by-a-stranger",
    name: "a config map beside it",
    request: { path: "/api/v1/namespaces/gate/configmaps", as: ["eve", MASTERS] },
    fires: false,
  },
  {
    rule: "secret-read-by-a-stranger",
    name: "a namespace without the platform's secrets",
    request: { path: "/api/v1/namespaces/elsewhere/secrets", as: ["eve", MASTERS] },
    fires: false,
  },
  {
    rule: "shell-in-a-pod",
    name: "a shell",
    request: {
      method: "POST",
      path: "/api/v1/namespaces/gate/pods/gate-1/exec?command=sh",
      as: ["eve", MASTERS],
    },
    fires: true,
  },
  {
    rule: "shell-in-a-pod",
    name: "a log that is read",
    request: { path: "/api/v1/namespaces/gate/pods/gate-1/log", as: ["eve", MASTERS] },
    fires: false,
  },
  {
    rule: "cluster-admin-granted",
    name: "everything, to a person",
    request: {
      method: "POST",
      path: BINDINGS,
      body: bindingTo("all", "cluster-admin"),
      as: ["eve", MASTERS],
    },
    fires: true,
  },
  {
    rule: "cluster-admin-granted",
    name: "less than everything",
    request: {
      method: "POST",
      path: BINDINGS,
      body: bindingTo("less", "edit"),
      as: ["eve", MASTERS],
    },
    fires: false,
  },
  {
    rule: "policy-removed",
    name: "a network policy, by hand",
    request: { method: "DELETE", path: `${POLICIES}/default-deny`, as: ["eve", MASTERS] },
    fires: true,
  },
  {
    rule: "policy-removed",
    name: "the same, by what delivers",
    request: {
      method: "DELETE",
      path: `${POLICIES}/default-deny`,
      as: ["system:serviceaccount:argocd:argocd-application-controller", MASTERS],
    },
    fires: false,
  },
  {
    rule: "policy-removed",
    name: "a look at it",
    request: { path: POLICIES, as: ["eve", MASTERS] },
    fires: false,
  },
  {
    rule: "anonymous-access",
    name: "nobody, refused",
    request: { path: "/api/v1/namespaces/gate/pods" },
    fires: false,
  },
];

describe("Sigma rules over its events", () => {
  const ruleOf = (name: string): Record<string, unknown> => {
    const [, text] = rules.find(([file]) => file === `${name}.yml`) ?? [];
    if (text === undefined) throw new Error(`no rule ${name}`);
    return parse(text) as Record<string, unknown>;
  };

  it.each(ROWS)("$rule: $name: $fires", async ({ rule, request, fires }) => {
    const event = await send(request);
    expect(event).toBeDefined();
    expect(sigmaMatches(ruleOf(rule), event)).toBe(fires);
    // And no other rule by the way.
    const others = rules.map(([file]) => file.replace(".yml", "")).filter((name) => name !== rule);
    expect(others.filter((name) => sigmaMatches(ruleOf(name), event))).toEqual([]);
  });

  it("anonymous-access: nobody, answered: true", async () => {
    await cluster.api.create({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "open" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "system:anonymous" }],
    });
    const event = await send({ path: "/api/v1/namespaces/gate/pods" });
    expect(sigmaMatches(ruleOf("anonymous-access"), event)).toBe(true);
  });

  it("cover every rule the platform emits", () => {
    const fired = new Set([...ROWS.map(({ rule }) => `${rule}.yml`), "anonymous-access.yml"]);
    expect(rules.map(([file]) => file).filter((file) => !fired.has(file))).toEqual([]);
  });
});
