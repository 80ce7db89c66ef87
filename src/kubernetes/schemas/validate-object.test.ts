import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invariant } from "../../core/index.ts";
import { builtinKinds } from "./kind-registry.ts";
import type { KindFacts } from "./schema.ts";
import { validateObject } from "./validate-object.ts";

function kindOf(apiVersion: string, kind: string): KindFacts {
  const facts = builtinKinds().find(apiVersion, kind);
  invariant(facts !== undefined, `${apiVersion} ${kind} is built in`);
  return facts;
}

const POD = kindOf("v1", "Pod");

interface Case {
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** `field: kind` of every problem, in the order reported. */
  readonly problems?: readonly string[];
}

function check({ object, problems = [] }: Case): void {
  const kind = kindOf(String(object["apiVersion"]), String(object["kind"]));
  const found = validateObject(object, kind).map(({ cause, kind: what, severity }) => {
    return `${cause.field}: ${severity === "warning" ? "tolerated " : ""}${what}`;
  });
  expect(found).toEqual(problems);
}

function pod(container: Readonly<Record<string, unknown>>, spec = {}): Case["object"] {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web" },
    spec: { containers: [{ name: "web", image: "web:1", ...container }], ...spec },
  };
}

function deployment(spec: Readonly<Record<string, unknown>>): Case["object"] {
  const template = {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "web" }] },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { selector: { matchLabels: { app: "web" } }, template, ...spec },
  };
}

const GOOD: readonly Case[] = [
  { name: "a pod", object: pod({}) },
  {
    name: "quantities as text and number",
    object: pod({ resources: { limits: { cpu: 2, memory: "1.5Gi", "example.com/gpu": "1e3" } } }),
  },
  {
    name: "ports by number and name",
    object: pod({
      livenessProbe: { httpGet: { port: 80 } },
      readinessProbe: { httpGet: { port: "http" } },
    }),
  },
  {
    name: "one port over two protocols",
    object: pod({ ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }] }),
  },
  {
    name: "a null time, as generators write it",
    object: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "a", creationTimestamp: null },
      spec: {},
      status: {},
    },
  },
  {
    name: "a status that says too little",
    object: { ...deployment({}), status: { conditions: [{}] } },
  },
  {
    name: "maxSurge as a percentage",
    object: deployment({ strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } } }),
  },
  {
    name: "free keys in a map",
    object: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { "any.key/at all": "x", __proto__x: "y" },
    },
  },
  {
    name: "bytes",
    object: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a" },
      data: { token: "c2VjcmV0" },
      stringData: { plain: "s" },
    },
  },
  {
    name: "rules that are null",
    object: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "a" },
      rules: null,
    },
  },
  {
    name: "a required list that is null",
    object: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "a" },
      rules: [{ apiGroups: null, verbs: null }],
    },
  },
  {
    name: "a role binding without apiGroup",
    object: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "a" },
      roleRef: { kind: "Role", name: "a" },
      subjects: [{ kind: "ServiceAccount", name: "a" }],
    },
  },
  {
    name: "free JSON in a definition",
    object: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "a" },
      spec: {
        group: "g",
        names: { kind: "A", plural: "as" },
        scope: "Namespaced",
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: { a: { default: { b: [1] }, items: { type: "string" } } },
              },
            },
          },
        ],
      },
    },
  },
  {
    name: "microseconds",
    object: {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "a" },
      spec: { renewTime: "2026-01-02T03:04:05.000006Z" },
    },
  },
];

const BAD: readonly Case[] = [
  {
    name: "a misspelt field",
    object: pod({ imagePullPolice: "Always" }),
    problems: ["spec.containers[0].imagePullPolice: unknown-field"],
  },
  {
    name: "an unknown field whose value is null",
    object: pod({ nope: null }),
    problems: ["spec.containers[0].nope: unknown-field"],
  },
  {
    name: "fields at the root",
    object: { ...pod({}), spce: {}, status: { nope: 1 } },
    problems: ["spce: unknown-field", "status.nope: unknown-field"],
  },
  {
    name: "metadata of another type",
    object: { ...pod({}), metadata: "web" },
    problems: ["metadata: type"],
  },
  {
    name: "metadata fields",
    object: {
      ...pod({}),
      metadata: { name: 5, lables: {}, labels: { a: 1 }, ownerReferences: [{ kind: "A" }] },
    },
    problems: [
      "metadata.name: type",
      "metadata.lables: unknown-field",
      "metadata.labels.a: type",
      "metadata.ownerReferences[0].apiVersion: required",
      "metadata.ownerReferences[0].name: required",
      "metadata.ownerReferences[0].uid: required",
    ],
  },
  {
    name: "a number as text",
    object: deployment({ replicas: "3" }),
    problems: ["spec.replicas: type"],
  },
  {
    name: "half a replica",
    object: deployment({ replicas: 1.5 }),
    problems: ["spec.replicas: type"],
  },
  {
    name: "more than int32",
    object: deployment({ replicas: 2 ** 31 }),
    problems: ["spec.replicas: range"],
  },
  {
    name: "the least int32 less one",
    object: deployment({ replicas: -(2 ** 31) - 1 }),
    problems: ["spec.replicas: range"],
  },
  {
    name: "a flag as a port",
    object: pod({ livenessProbe: { tcpSocket: { port: true } } }),
    problems: ["spec.containers[0].livenessProbe.tcpSocket.port: type"],
  },
  {
    name: "a port past int32",
    object: pod({ livenessProbe: { tcpSocket: { port: 2 ** 40 } } }),
    problems: ["spec.containers[0].livenessProbe.tcpSocket.port: range"],
  },
  {
    name: "quantities",
    object: pod({ resources: { limits: { cpu: "1 core", memory: true, a: "", b: "1Gb" } } }),
    problems: [
      "spec.containers[0].resources.limits.cpu: format",
      "spec.containers[0].resources.limits.memory: type",
      "spec.containers[0].resources.limits.a: format",
      "spec.containers[0].resources.limits.b: format",
    ],
  },
  {
    name: "no selector, no template",
    object: deployment({ selector: undefined, template: null }),
    problems: ["spec.selector: required", "spec.template: required"],
  },
  {
    name: "two containers of one name",
    object: pod({}, { initContainers: [{ name: "a" }, { name: "b" }, { name: "a" }] }),
    problems: ["spec.initContainers[2]: duplicate-key"],
  },
  {
    name: "a variable set twice, which the server stores",
    object: pod({ env: [{ name: "A" }, { name: "A", value: "b" }] }),
    problems: ["spec.containers[0].env[1]: tolerated duplicate-key"],
  },
  {
    name: "one port twice, by its default protocol",
    object: pod({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: "TCP" }] }),
    problems: ["spec.containers[0].ports[1]: tolerated duplicate-key"],
  },
  {
    name: "an item without its key is told once",
    object: pod({}, { volumes: [{}, {}] }),
    problems: ["spec.volumes[0].name: required", "spec.volumes[1].name: required"],
  },
  {
    name: "a list as an object",
    object: pod({ command: { a: 1 } }),
    problems: ["spec.containers[0].command: type"],
  },
  {
    name: "an object as a list",
    object: pod({ resources: [] }),
    problems: ["spec.containers[0].resources: type"],
  },
  {
    name: "text that is no base64",
    object: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "a" },
      data: { token: "not base64!" },
    },
    problems: ["data.token: format"],
  },
  {
    name: "times",
    object: {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "a" },
      involvedObject: {},
      firstTimestamp: "yesterday",
      lastTimestamp: "2026-02-30T00:00:00Z",
      eventTime: "2026-01-01T00:00:00Z",
    },
    problems: ["firstTimestamp: format", "lastTimestamp: format", "eventTime: format"],
  },
  {
    name: "required metadata",
    object: { apiVersion: "v1", kind: "Event", involvedObject: {} },
    problems: ["metadata: required"],
  },
  {
    name: "a rule without verbs",
    object: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "a" },
      rules: [{ resources: ["pods"] }],
    },
    problems: ["rules[0].verbs: required"],
  },
];

describe("validateObject", () => {
  it.each(GOOD)("accepts $name", check);
  it.each(BAD)("reports $name", check);

  it("leaves unknown fields alone when asked to", () => {
    const object = { ...pod({ imagePullPolice: "Always" }), spce: {} };
    expect(validateObject(object, POD, { unknownFields: "ignore" })).toEqual([]);
  });

  it("wants a complete status when status is written", () => {
    const object = { ...deployment({}), status: { conditions: [{}] } };
    const problems = validateObject(object, kindOf("apps/v1", "Deployment"), { status: "written" });
    expect(problems.map(({ cause }) => cause.field)).toEqual([
      "status.conditions[0].type",
      "status.conditions[0].status",
    ]);
  });

  it("suggests the field that was meant", () => {
    const [problem] = validateObject(pod({ imagepullpolicy: "Always" }), POD);
    expect(problem?.message).toBe(
      'unknown field "imagepullpolicy", did you mean "imagePullPolicy"',
    );
  });

  it.each([null, undefined, 1, "x", true, [], [{}]])("refuses %j as an object", (value) => {
    expect(validateObject(value, POD).map(({ kind }) => kind)).toEqual(["type"]);
  });

  it("survives any JSON, wherever it stands", () => {
    const kinds = builtinKinds().all();
    const anywhere = fc.record({
      apiVersion: fc.constant("v1"),
      kind: fc.jsonValue(),
      metadata: fc.jsonValue(),
      spec: fc.oneof(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom("containers", "template", "versions"), fc.jsonValue()),
      ),
      status: fc.jsonValue(),
      data: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.oneof(anywhere, fc.jsonValue()), (kind, value) => {
        for (const problem of validateObject(value, kind)) expect(problem.message).not.toBe("");
      }),
    );
  });

  it("survives endless nesting", () => {
    let schema: Record<string, unknown> = {};
    for (let depth = 0; depth < 20_000; depth++) schema = { not: schema };
    const version = { name: "v1", schema: { openAPIV3Schema: schema } };
    const spec = {
      group: "g",
      names: { kind: "A", plural: "as" },
      scope: "Cluster",
      versions: [version],
    };
    const object = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      spec,
    };
    const kind = kindOf("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    expect(validateObject(object, kind).map(({ kind: what }) => what)).toEqual(["type"]);
  });
});
