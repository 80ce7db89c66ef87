// Webhooks against writes, over a transport in memory and, once, over HTTPS. Cases from kubernetes staging/src/k8s.io/apiserver
// pkg/admission/plugin/webhook/testing/testcase.go @ 1.36.

import { describe, expect, it } from "vitest";
import { StatusError } from "../../../kubernetes/index.ts";
import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture, configMap, NAMESPACE } from "../../api/testing/api-fixture.ts";
import { policyAdmission, type WebhookNetwork } from "./index.ts";

type Fields = Readonly<Record<string, unknown>>;
type Review = { readonly request: Fields & { readonly uid: string } };

const patched = (operations: readonly Fields[]): Fields => ({
  allowed: true,
  patchType: "JSONPatch",
  patch: btoa(JSON.stringify(operations)),
});

/** A webhook server in memory: what it answers by path, and what it was asked. */
function server(answers: Readonly<Record<string, Fields | number>>): {
  readonly network: WebhookNetwork;
  readonly asked: Review["request"][];
} {
  const asked: Review["request"][] = [];
  const network: WebhookNetwork = {
    async transport({ url, body }) {
      const { request } = JSON.parse(body) as Review;
      asked.push(request);
      const answer = answers[new URL(url).pathname];
      if (answer === undefined)
        throw new Error("dial tcp 127.0.0.1:1: connect: connection refused");
      if (typeof answer === "number") return { status: answer, body: "broken" };
      const response = { uid: request.uid, ...answer };
      const review = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response };
      return { status: 200, body: JSON.stringify(review) };
    },
  };
  return { network, asked };
}

async function cluster(network: WebhookNetwork): Promise<KubeApi> {
  const { cluster: made, api } = apiFixture();
  for (const plugin of policyAdmission(made.context, network)) made.context.admission.add(plugin);
  const metadata = { name: NAMESPACE, labels: { team: "a" } };
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata });
  return api;
}

const hook = (path: string, rest: Fields = {}): Fields => ({
  name: `${path.slice(1)}.e.com`,
  clientConfig: { url: `https://127.0.0.1:1${path}` },
  rules: [
    { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] },
  ],
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
  ...rest,
});

const configuration = (
  kind: string,
  name: string,
  ...webhooks: readonly Fields[]
): KubernetesObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: `${kind}WebhookConfiguration`,
  metadata: { name },
  webhooks,
});

async function refusal(api: KubeApi, object: KubernetesObject): Promise<string | undefined> {
  try {
    await api.create(object);
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return `${error.code} ${error.message}`;
    throw error;
  }
}

const CASES: readonly {
  readonly name: string;
  readonly answers: Readonly<Record<string, Fields | number>>;
  readonly webhook: Fields;
  readonly says: string | undefined;
}[] = [
  { name: "allowed", answers: { "/a": { allowed: true } }, webhook: hook("/a"), says: undefined },
  {
    name: "refused without explanation",
    answers: { "/a": { allowed: false } },
    webhook: hook("/a"),
    says: '400 admission webhook "a.e.com" denied the request without explanation',
  },
  {
    name: "refused with a status of its own",
    answers: { "/a": { allowed: false, status: { code: 409, message: "you shall not pass" } } },
    webhook: hook("/a"),
    says: '409 admission webhook "a.e.com" denied the request: you shall not pass',
  },
  {
    name: "not reachable, failing closed",
    answers: {},
    webhook: hook("/a"),
    says: '500 Internal error occurred: failed calling webhook "a.e.com": failed to call webhook: Post "https://127.0.0.1:1/a?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused',
  },
  {
    name: "not reachable, failing open",
    answers: {},
    webhook: hook("/a", { failurePolicy: "Ignore" }),
    says: undefined,
  },
  {
    name: "an answer to another question",
    answers: { "/a": { allowed: true, uid: "other" } },
    webhook: hook("/a"),
    says: expect.stringContaining(
      'received invalid webhook response: expected response.uid="',
    ) as unknown as string,
  },
  {
    name: "a server error",
    answers: { "/a": 500 },
    webhook: hook("/a"),
    says: expect.stringContaining(
      'an error on the server ("broken") has prevented',
    ) as unknown as string,
  },
  {
    name: "a condition that does not hold",
    answers: { "/a": { allowed: false } },
    webhook: hook("/a", { matchConditions: [{ name: "no", expression: "object.data.a == '2'" }] }),
    says: undefined,
  },
  {
    name: "another namespace",
    answers: { "/a": { allowed: false } },
    webhook: hook("/a", { namespaceSelector: { matchLabels: { team: "b" } } }),
    says: undefined,
  },
  {
    name: "a Service that is not there",
    answers: {},
    webhook: hook("/a", { clientConfig: { service: { namespace: "n", name: "s", path: "/a" } } }),
    says: '500 Internal error occurred: failed calling webhook "a.e.com": failed to call webhook: Post "https://s.n.svc:443/a?timeout=10s": service "s" not found',
  },
];

describe("validating webhooks", () => {
  it.each(CASES)("$name", async ({ answers, webhook, says }) => {
    const api = await cluster(server(answers).network);
    await api.create(configuration("Validating", "v", webhook));
    expect(await refusal(api, configMap("c"))).toEqual(says);
  });

  it("are asked with the whole request", async () => {
    const { network, asked } = server({ "/a": { allowed: true } });
    const api = await cluster(network);
    await api.create(configuration("Validating", "v", hook("/a")));
    await api.create(configMap("c"), { dryRun: true });
    expect(asked).toMatchObject([
      {
        kind: { group: "", version: "v1", kind: "ConfigMap" },
        resource: { group: "", version: "v1", resource: "configmaps" },
        name: "c",
        namespace: NAMESPACE,
        operation: "CREATE",
        dryRun: true,
        object: { data: { a: "1" } },
        oldObject: null,
      },
    ]);
  });
});

describe("mutating webhooks", () => {
  const label = (name: string): Fields => ({ op: "add", path: `/data/${name}`, value: "x" });

  it("patch one after the other", async () => {
    const { network } = server({ "/a": patched([label("b")]), "/b": patched([label("c")]) });
    const api = await cluster(network);
    await api.create(configuration("Mutating", "m", hook("/a"), hook("/b")));
    const created = await api.create(configMap("c"));
    expect(created["data"]).toEqual({ a: "1", b: "x", c: "x" });
  });

  it("are asked again when a later one changed the object, if they want", async () => {
    const { network, asked } = server({ "/a": { allowed: true }, "/b": patched([label("c")]) });
    const api = await cluster(network);
    const again = hook("/a", { reinvocationPolicy: "IfNeeded" });
    await api.create(configuration("Mutating", "m", again, hook("/b")));
    await api.create(configMap("c"));
    expect(
      asked.map(({ object }) => Object.keys((object as KubernetesObject)["data"] as Fields)),
    ).toEqual([["a"], ["a"], ["a", "c"]]);
  });
});

describe("webhook configurations", () => {
  it("are refused when they are wrong", async () => {
    const api = await cluster({});
    const wrong = {
      ...hook("/a", { sideEffects: "Some", admissionReviewVersions: ["v9"], timeoutSeconds: 60 }),
      name: "short",
      clientConfig: { url: "http://127.0.0.1/a" },
    };
    await expect(api.create(configuration("Validating", "v", wrong))).rejects.toThrow(
      'webhooks[0].name: Invalid value: "short": should be a domain with at least three segments separated by dots, webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun", webhooks[0].timeoutSeconds: Invalid value: 60: the timeout value must be between 1 and 30 seconds',
    );
  });
});
