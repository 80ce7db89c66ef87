// Who asks, and whether they may: tokens, certificates, impersonation, reviews.

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createRealClock, DAY_MS } from "../../core/index.ts";
import type { Authorizer } from "../../kubernetes/index.ts";
import { createAuthority, issueCertificate } from "./pki/issue-certificate.ts";
import { ask } from "./testing/https-client.ts";
import { startServedCluster } from "./testing/served-cluster.ts";
import type { ServedCluster } from "./testing/served-cluster.ts";
import { startShop } from "./testing/shop.ts";

let cluster: ServedCluster;

beforeAll(async () => {
  cluster = await startShop();
});
afterAll(() => cluster.served.close());

describe("authentication", () => {
  it("refuses a request without credentials, except probes and the version", async () => {
    const { url, caPem: ca } = cluster.served;
    const refused = await ask(`${url}/api/v1/nodes`, { ca });
    expect(refused.status).toBe(401);
    expect(JSON.parse(refused.text)).toMatchObject({ kind: "Status", reason: "Unauthorized" });
    expect((await ask(`${url}/readyz`, { ca })).text).toBe("ok");
    expect((await ask(`${url}/version`, { ca })).status).toBe(200);
  });

  it("refuses a wrong token, even beside a good certificate and on public paths", async () => {
    const { url, caPem: ca, credentials } = cluster.served;
    const { certificatePem: cert, keyPem: key } = credentials.admin;
    const headers = { authorization: "Bearer nope" };
    for (const path of ["/api/v1/nodes", "/version"]) {
      expect((await ask(url + path, { ca, cert, key, headers })).status).toBe(401);
    }
  });

  it("knows the holder of a client certificate by its names", async () => {
    const { url, caPem: ca, credentials } = cluster.served;
    const { certificatePem: cert, keyPem: key } = issueCertificate(credentials.authority, {
      commonName: "jane",
      organizations: ["developers", "testers"],
      use: "client",
      now: createRealClock().now(),
      lifetimeMs: DAY_MS,
    });
    const answer = await ask(`${url}/apis/authentication.k8s.io/v1/selfsubjectreviews`, {
      method: "POST",
      ca,
      cert,
      key,
      headers: { "content-type": "application/json" },
      body: '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}',
    });
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.text).status.userInfo).toEqual({
      username: "jane",
      groups: ["developers", "testers", "system:authenticated"],
    });
  });

  it("does not know certificates of another authority", async () => {
    const { url, caPem: ca } = cluster.served;
    const now = createRealClock().now();
    const other = createAuthority({ commonName: "other", now, lifetimeMs: DAY_MS });
    const { certificatePem: cert, keyPem: key } = issueCertificate(other, {
      commonName: "kubernetes-admin",
      organizations: ["system:masters"],
      use: "client",
      now,
      lifetimeMs: DAY_MS,
    });
    expect((await ask(`${url}/api/v1/nodes`, { ca, cert, key })).status).toBe(401);
  });
});

describe("authorization", () => {
  const authorizer: Authorizer = ({ user, verb, resource }) =>
    user.groups.includes("system:masters") || (user.name === "reader" && verb === "list")
      ? { decision: "allow" }
      : { decision: "deny", reason: resource === "secrets" ? "not these" : "" };
  let guarded: ServedCluster;
  beforeAll(async () => {
    guarded = await startServedCluster({ authorizer }, { anonymous: true });
  });
  afterAll(() => guarded.served.close());

  it.each([
    [
      "reader",
      "GET",
      "/api/v1/namespaces/shop/secrets/s",
      'secrets "s" is forbidden: User "reader" cannot get resource "secrets" in API group "" in the namespace "shop": not these',
    ],
    [
      "reader",
      "DELETE",
      "/apis/apps/v1/namespaces/shop/deployments",
      'deployments.apps is forbidden: User "reader" cannot deletecollection resource "deployments" in API group "apps" in the namespace "shop"',
    ],
    ["reader", "GET", "/metrics", 'forbidden: User "reader" cannot get path "/metrics"'],
  ])("refuses %s %s %s", async (user, method, path, message) => {
    const answer = await guarded.send(method, path, undefined, { "impersonate-user": user });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ reason: "Forbidden", message });
  });

  it("lets an impersonated user do what that user may", async () => {
    const answer = await guarded.send("GET", "/api/v1/nodes", undefined, {
      "impersonate-user": "reader",
    });
    expect(answer.status).toBe(200);
  });

  it("asks whether somebody may impersonate", async () => {
    const { url, caPem: ca } = guarded.served;
    const answer = await ask(`${url}/api/v1/nodes`, {
      ca,
      headers: { "impersonate-user": "admin" },
    });
    expect(JSON.parse(answer.text).message).toBe(
      'users "admin" is forbidden: User "system:anonymous" cannot impersonate resource "users" in API group "" at the cluster scope',
    );
  });

  it("answers access reviews", async () => {
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user: "reader", resourceAttributes: { verb: "list", resource: "pods" } },
    };
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const allowed = await guarded.send("POST", path, review);
    expect(JSON.parse(allowed.text).status).toEqual({ allowed: true });
    const asked = { verb: "get", resource: "secrets" };
    const denied = await guarded.send("POST", path, {
      ...review,
      spec: { user: "reader", resourceAttributes: asked },
    });
    expect(JSON.parse(denied.text).status).toEqual({ allowed: false, reason: "not these" });
    const neither = await guarded.send("POST", path, { ...review, spec: { user: "reader" } });
    expect(neither.status).toBe(422);
  });
});
