// From a request for a certificate to a request of its holder: decided, signed, refused, forgotten. Validation cases from kubernetes
// pkg/apis/certificates/validation/validation_test.go.

import { X509Certificate } from "node:crypto";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { DAY_MS, HOUR_MS } from "../../core/index.ts";
import { isNotFound } from "../../kubernetes/index.ts";
import type { KubeApi, UserInfo } from "../../kubernetes/index.ts";
import {
  makeSigningRequest,
  type SigningRequestNames,
} from "../serve/pki/testing/make-signing-request.ts";
import { ask } from "../serve/testing/https-client.ts";
import { startVirtualCluster, type VirtualCluster } from "../start-cluster.ts";
import { SIGNING_REQUEST, type CertificateSigningRequest } from "./certificate-kinds.ts";
import { refusal } from "./testing/test-cluster.ts";

type Spec = NonNullable<CertificateSigningRequest["spec"]>;

const CLIENT = "kubernetes.io/kube-apiserver-client";
const KUBELET = "kubernetes.io/kube-apiserver-client-kubelet";
const NODE: SigningRequestNames = {
  commonName: "system:node:n1",
  organizations: ["system:nodes"],
};

let cluster: VirtualCluster;
beforeAll(async () => {
  cluster = await startVirtualCluster({ nodes: [] });
});
afterAll(() => cluster.stop());

const object = (name: string, spec: Partial<Spec>): CertificateSigningRequest => ({
  ...SIGNING_REQUEST,
  metadata: { name },
  spec: { signerName: CLIENT, usages: ["client auth"], ...spec },
});

const read = async (name: string): Promise<CertificateSigningRequest> =>
  (await cluster.api.get({ ...SIGNING_REQUEST, name })) as CertificateSigningRequest;

async function decide(name: string, type: string, api: KubeApi = cluster.api): Promise<void> {
  const request = await read(name);
  const conditions = [
    ...(request.status?.conditions ?? []),
    { type, status: "True" as const, reason: "Test", message: "" },
  ];
  await api.update({ ...request, status: { conditions } }, { subresource: "approval" });
  await cluster.clock.settle();
}

describe("a request for a certificate", () => {
  const made = makeSigningRequest({ commonName: "jane", organizations: ["shop"] });
  const { request } = made;

  it.each([
    {
      name: "signed with another key",
      spec: makeSigningRequest({ commonName: "jane", signsWithAnother: true }),
      says: ": x509: ECDSA verification failure",
    },
    {
      name: "that is none",
      spec: { request: btoa("hello") },
      says: 'spec.request: Invalid value: "aGVsbG8=": PEM block type must be CERTIFICATE REQUEST',
    },
    { name: "for no usage", spec: { request, usages: [] }, says: "spec.usages: Required value" },
    {
      name: "for unknown and for doubled usages",
      spec: { request, usages: ["client auth", "client auth", "unknown"] },
      says: 'spec.usages[2]: Unsupported value: "unknown": supported values: "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only", "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping", spec.usages[1]: Duplicate value: "client auth"',
    },
    {
      name: "to nobody in particular",
      spec: { request, signerName: "a.b/c/d" },
      says: "must be a fully qualified domain and path of the form 'example.com/signer-name'",
    },
    {
      name: "to a signer without a domain",
      spec: { request, signerName: "ab/c" },
      says: 'spec.signerName: Invalid value: "ab": should be a domain with at least two segments separated by dots',
    },
    {
      name: "to the signer of old",
      spec: { request, signerName: "kubernetes.io/legacy-unknown" },
      says: "the legacy signerName is not allowed via this API version",
    },
    {
      name: "for a minute",
      spec: { request, expirationSeconds: 60 },
      says: "spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 600 seconds (10 minutes)",
    },
    {
      name: "of an administrator",
      spec: makeSigningRequest({ commonName: "jane", organizations: ["system:masters"] }),
      says: 'certificatesigningrequests.certificates.k8s.io "bad" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    },
  ])("$name is refused", async ({ spec, says }) => {
    const { keyPem: _keyPem, ...rest } = spec as Spec & { readonly keyPem?: string };
    expect(await refusal(cluster.api.create(object("bad", rest)))).toContain(says);
  });

  it("becomes a certificate once it is approved, and its holder is known by it", async () => {
    await cluster.api.create(object("jane", { request, expirationSeconds: 3600 }));
    await cluster.clock.settle();
    expect((await read("jane")).status).toEqual({});
    await decide("jane", "Approved");
    const { status } = await read("jane");
    expect(status?.conditions).toMatchObject([
      { type: "Approved", lastUpdateTime: "2026-01-01T00:00:00Z" },
    ]);
    const cert = Buffer.from(status?.certificate ?? "", "base64").toString();
    const parsed = new X509Certificate(cert);
    expect(parsed.subject).toMatch(/^O=shop\W+CN=jane$/);
    expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
    // A short life is not shortened by the five minutes it is dated back.
    expect(Date.parse(parsed.validTo) - Date.parse(parsed.validFrom)).toBe(65 * 60_000);
    const { url, caPem: ca } = await cluster.serve();
    const answer = await ask(`${url}/apis/authentication.k8s.io/v1/selfsubjectreviews`, {
      method: "POST",
      ca,
      cert,
      key: made.keyPem,
      headers: { "content-type": "application/json" },
      body: '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}',
    });
    expect(JSON.parse(answer.text).status.userInfo).toEqual({
      username: "jane",
      groups: ["shop", "system:authenticated"],
    });
  });

  it("that is decided stays so", async () => {
    expect(await refusal(decide("jane", "Denied"))).toContain(
      'status.conditions[1].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
    );
    const { status: _status, ...undecided } = await read("jane");
    const through = (subresource: string): Promise<string> =>
      refusal(cluster.api.update({ ...undecided, status: {} }, { subresource }));
    const why =
      'status.conditions: Forbidden: updates may not remove a condition of type "Approved"';
    expect(await through("approval")).toContain(why);
    expect(await through("status")).toContain(why);
    expect(await through("status")).toContain(
      "status.certificate: Forbidden: updates may not modify existing certificate content",
    );
  });

  it("is never approved through its status", async () => {
    const created = await cluster.api.create(object("sly", { request }));
    const conditions = [{ type: "Approved", status: "True" }];
    const sly = { ...created, status: { conditions, certificate: btoa("hello") } };
    const why = await refusal(cluster.api.update(sly, { subresource: "status" }));
    expect(why).toContain(
      'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
    );
    expect(why).toContain(
      'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
    );
  });

  it("is approved and signed by those alone who may for its signer", async () => {
    const name = "eve";
    const rules = [
      {
        apiGroups: ["certificates.k8s.io"],
        resources: ["certificatesigningrequests/approval"],
        verbs: ["update"],
      },
    ];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
    const apiVersion = "rbac.authorization.k8s.io/v1";
    await cluster.api.create({ apiVersion, kind: "ClusterRole", metadata: { name }, rules });
    const subjects = [{ apiGroup: roleRef.apiGroup, kind: "User", name }];
    const binding = { apiVersion, kind: "ClusterRoleBinding", metadata: { name } };
    await cluster.api.create({ ...binding, roleRef, subjects });
    const eve = cluster.apiAs({ name, groups: [] });
    expect(await refusal(decide("sly", "Approved", eve))).toContain(
      'user not permitted to approve requests with signerName "kubernetes.io/kube-apiserver-client"',
    );
  });

  it("fails when its signer wants something else", async () => {
    await cluster.api.create(object("code", { request, usages: ["code signing"] }));
    await decide("code", "Approved");
    const { status } = await read("code");
    expect(status?.certificate).toBeUndefined();
    expect(status?.conditions?.[1]).toMatchObject({
      type: "Failed",
      status: "True",
      reason: "SignerValidationFailure",
      message: "invalid usage for client certificate: code signing",
    });
  });
});

describe("a kubelet's request", () => {
  const spec = {
    signerName: KUBELET,
    usages: ["digital signature", "client auth"],
    request: makeSigningRequest(NODE).request,
  };
  const joining: UserInfo = { name: "system:bootstrap:abc", groups: ["system:bootstrappers"] };

  beforeAll(async () => {
    const apiVersion = "rbac.authorization.k8s.io/v1";
    const bind = (name: string, group: string) =>
      cluster.api.create({
        apiVersion,
        kind: "ClusterRoleBinding",
        metadata: { name: `${group}-${name}` },
        roleRef: {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "ClusterRole",
          name: `system:${name}`,
        },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }],
      });
    await bind("node-bootstrapper", "system:bootstrappers");
    await bind("node-bootstrapper", "strangers");
    const nodeclient = "certificates.k8s.io:certificatesigningrequests:nodeclient";
    await bind(nodeclient, "system:bootstrappers");
  });

  it.each([
    { name: "of one that joins", user: joining, conditions: ["Approved"], isIssued: true },
    {
      name: "of a stranger",
      user: { name: "x", groups: ["strangers"] },
      conditions: [],
      isIssued: false,
    },
  ])("$name: $conditions", async ({ user, conditions, isIssued }) => {
    const name = `node-${user.name.replaceAll(":", "-")}`;
    await cluster.apiAs(user).create(object(name, spec));
    await cluster.clock.settle();
    const { status } = await read(name);
    expect((status?.conditions ?? []).map(({ type }) => type)).toEqual(conditions);
    expect(status?.certificate !== undefined).toBe(isIssued);
  });
});

describe("a request that nobody needs any more", () => {
  const isThere = async (name: string): Promise<boolean> =>
    read(name).then(
      () => true,
      (error: unknown) => !isNotFound(error),
    );

  it("goes an hour after it was issued, and after a day when nobody decided", async () => {
    await cluster.advance(3 * HOUR_MS);
    expect(await Promise.all(["jane", "sly"].map(isThere))).toEqual([false, true]);
    await cluster.advance(DAY_MS);
    expect(await isThere("sly")).toBe(false);
  });
});
