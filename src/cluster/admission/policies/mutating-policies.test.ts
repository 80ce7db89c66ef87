// Policies that change objects. Cases from kubernetes staging/src/k8s.io/apiserver pkg/admission/plugin/policy/mutating/{compilation,
// dispatcher}_test.go and patch/{json_patch,smd}_test.go @ 1.36.

import { beforeEach, describe, expect, it } from "vitest";
import type { KubeApi, KubernetesObject } from "../../../kubernetes/index.ts";
import { apiFixture, NAMESPACE } from "../../api/testing/api-fixture.ts";
import { policyAdmission } from "./index.ts";

type Fields = Readonly<Record<string, unknown>>;

const DEPLOYMENTS = {
  apiGroups: ["apps"],
  apiVersions: ["v1"],
  operations: ["CREATE"],
  resources: ["deployments"],
};

let api: KubeApi;

beforeEach(async () => {
  const { cluster, api: own } = apiFixture();
  for (const plugin of policyAdmission(cluster.context)) cluster.context.admission.add(plugin);
  api = own;
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
});

const object = (kind: string, name: string, spec: Fields): KubernetesObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind,
  metadata: { name },
  spec,
});

const apply = (expression: string): Fields => ({
  patchType: "ApplyConfiguration",
  applyConfiguration: { expression },
});
const patch = (expression: string): Fields => ({
  patchType: "JSONPatch",
  jsonPatch: { expression },
});

async function policy(
  name: string,
  mutations: readonly Fields[],
  rest: Fields = {},
): Promise<void> {
  const spec = {
    matchConstraints: { resourceRules: [DEPLOYMENTS] },
    reinvocationPolicy: "Never",
    mutations,
    ...rest,
  };
  await api.create(object("MutatingAdmissionPolicy", name, spec));
  await api.create(object("MutatingAdmissionPolicyBinding", name, { policyName: name }));
}

const container = { name: "c", image: "registry.example/app:1" };

const deployment = (rest: Fields = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace: NAMESPACE, labels: { a: "1" } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "d" } },
    template: { metadata: { labels: { app: "d" } }, spec: { containers: [container] } },
    ...rest,
  },
});

interface Seen {
  readonly labels: Fields | undefined;
  readonly replicas: unknown;
  readonly images: readonly unknown[];
}

async function created(): Promise<Seen> {
  const made = await api.create(deployment());
  const spec = made["spec"] as {
    replicas: number;
    template: { spec: { containers: { name: string; image: string }[] } };
  };
  return {
    labels: made.metadata.labels,
    replicas: spec.replicas,
    images: spec.template.spec.containers.map(({ name, image }) => `${name}=${image}`),
  };
}

const PLAIN: Seen = { labels: { a: "1" }, replicas: 1, images: ["c=registry.example/app:1"] };

const CASES: readonly {
  readonly name: string;
  readonly mutations: readonly Fields[];
  readonly rest?: Fields;
  readonly gives: Partial<Seen>;
}[] = [
  {
    name: "an apply configuration merges",
    mutations: [
      apply(
        "Object{spec: Object.spec{replicas: object.spec.replicas + 2}, metadata: Object.metadata{labels: {'b': '2'}}}",
      ),
    ],
    gives: { replicas: 3, labels: { a: "1", b: "2" } },
  },
  {
    name: "items of keyed lists are merged and added",
    mutations: [
      apply(
        "Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: 'c', image: 'x'}, Object.spec.template.spec.containers{name: 's', image: 'y'}]}}}}",
      ),
    ],
    gives: { images: ["c=x", "s=y"] },
  },
  {
    name: "a JSON patch, with an escaped key",
    mutations: [
      patch(
        "[JSONPatch{op: 'test', path: '/spec/replicas', value: 1}, JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('e.com/x'), value: 'y'}]",
      ),
    ],
    gives: { labels: { a: "1", "e.com/x": "y" } },
  },
  {
    name: "a failed test leaves the object alone",
    mutations: [
      patch(
        "[JSONPatch{op: 'test', path: '/spec/replicas', value: 9}, JSONPatch{op: 'replace', path: '/spec/replicas', value: 5}]",
      ),
    ],
    gives: {},
  },
  {
    name: "mutations see what those before them did, and variables do not change",
    mutations: [
      apply("Object{spec: Object.spec{replicas: variables.twice}}"),
      apply("Object{spec: Object.spec{replicas: object.spec.replicas + 1}}"),
    ],
    rest: { variables: [{ name: "twice", expression: "object.spec.replicas * 2" }] },
    gives: { replicas: 3 },
  },
  {
    name: "a condition that does not hold",
    mutations: [apply("Object{spec: Object.spec{replicas: 9}}")],
    rest: { matchConditions: [{ name: "never", expression: "object.spec.replicas > 5" }] },
    gives: {},
  },
  {
    name: "an ignored failure",
    mutations: [apply("Object{spec: Object.spec{replicas: object.spec.nope}}")],
    rest: { failurePolicy: "Ignore" },
    gives: {},
  },
];

describe("mutating policies", () => {
  it.each(CASES)("$name", async ({ mutations, rest, gives }) => {
    await policy("p", mutations, rest);
    expect(await created()).toEqual({ ...PLAIN, ...gives });
  });

  it("refuse when an expression fails", async () => {
    await policy("p", [apply("Object{spec: Object.spec{replicas: object.spec.nope}}")]);
    await expect(created()).rejects.toMatchObject({
      status: {
        reason: "Invalid",
        message:
          "policy 'p' with binding 'p' denied request: expression 'Object{spec: Object.spec{replicas: object.spec.nope}}' resulted in error: no such key: nope",
      },
    });
  });

  it("may not touch atomic parts", async () => {
    await policy("p", [
      apply(
        "Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{containers: [Object.spec.template.spec.containers{name: 'c', args: ['x']}]}}}}",
      ),
    ]);
    await expect(created()).rejects.toThrow(
      "may not mutate atomic arrays, maps or structs: .spec.template.spec.containers[0].args",
    );
  });

  it("check that types of objects follow their fields", async () => {
    await policy("p", [apply("Object{spec: Object.spec.wrong{replicas: 1}}")]);
    await expect(created()).rejects.toThrow('unexpected type name "Object.spec.wrong"');
  });

  it("run again when a later one has changed the object, if they ask for it", async () => {
    const grow = apply("Object{spec: Object.spec{replicas: object.spec.replicas + 1}}");
    await policy("a", [grow], { reinvocationPolicy: "IfNeeded" });
    await policy("b", [apply("Object{metadata: Object.metadata{labels: {'b': '2'}}}")]);
    expect(await created()).toEqual({ ...PLAIN, replicas: 3, labels: { a: "1", b: "2" } });
  });

  it("are refused when they do not compile", async () => {
    await expect(policy("p", [apply("{'spec': 1}"), patch("Object{}")])).rejects.toThrow(
      '[spec.mutations[0].applyConfiguration.expression: Invalid value: "{\'spec\': 1}": must evaluate to Object but got map(string, int), spec.mutations[1].jsonPatch.expression: Invalid value: "Object{}": must evaluate to list(JSONPatch) but got Object]',
    );
  });
});
