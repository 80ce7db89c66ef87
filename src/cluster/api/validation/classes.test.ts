// Ingresses and the classes of Ingresses, priorities and storage: texts of kubernetes pkg/apis/*/validation/validation.go.

import { beforeAll, describe, expect, it } from "vitest";
import { StatusError } from "../../../kubernetes/index.ts";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { startVirtualCluster } from "../../start-cluster.ts";
import type { VirtualCluster } from "../../start-cluster.ts";

let cluster: VirtualCluster;
beforeAll(async () => {
  cluster = await startVirtualCluster();
});

/** `field: message` of every cause, or the message of a refusal without. */
async function refusal(attempt: Promise<unknown>): Promise<readonly string[]> {
  try {
    await attempt;
    return [];
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { details, message = "" } = error.status;
    return details?.causes?.map((cause) => `${cause.field}: ${cause.message}`) ?? [message];
  }
}

const ingress = (spec: object, annotations = {}): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { generateName: "i-", name: "", namespace: "default", annotations },
  spec,
});
const backend = { service: { name: "web", port: { number: 80 } } };
const rule = (path: object, host = "a.example"): object => ({
  rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend, ...path }] } }],
});
const AT = "spec.rules[0].http.paths[0]";

describe("an Ingress", () => {
  const rows = [
    { name: "of the usual form", spec: rule({}), faults: [] },
    { name: "with a wildcard", spec: rule({}, "*.a.example"), faults: [] },
    {
      name: "without rules",
      spec: {},
      faults: ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"],
    },
    {
      name: "without a path type",
      spec: rule({ pathType: undefined }),
      faults: [`${AT}.pathType: Required value: pathType must be specified`],
    },
    {
      name: "of a strange path type",
      spec: rule({ pathType: "Regex" }),
      faults: [
        `${AT}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
      ],
    },
    {
      name: "with a relative path that climbs",
      spec: rule({ path: "a//b/.." }),
      faults: [
        `${AT}.path: Invalid value: "a//b/..": must be an absolute path`,
        `${AT}.path: Invalid value: "a//b/..": must not contain '//'`,
        `${AT}.path: Invalid value: "a//b/..": cannot end with '/..'`,
      ],
    },
    {
      name: "for an address",
      spec: rule({}, "10.0.0.1"),
      faults: [
        'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
      ],
    },
    {
      name: "without a port",
      spec: rule({ backend: { service: { name: "web" } } }),
      faults: [`${AT}.backend: Required value: port name or number is required`],
    },
    {
      name: "with both kinds of port",
      spec: rule({ backend: { service: { name: "web", port: { name: "http", number: 80 } } } }),
      faults: [`${AT}.backend: Invalid value: "": cannot set both port name & port number`],
    },
    {
      name: "with a port's name too long",
      spec: rule({ backend: { service: { name: "web", port: { name: "a-very-long-port" } } } }),
      faults: [
        `${AT}.backend.service.port.name: Invalid value: "a-very-long-port": must be no more than 15 characters`,
      ],
    },
    {
      name: "without a backend",
      spec: rule({ backend: {} }),
      faults: [`${AT}.backend: Invalid value: "": resource or service backend is required`],
    },
    {
      name: "without paths",
      spec: { rules: [{ http: { paths: [] } }] },
      faults: ["spec.rules[0].http.paths: Required value"],
    },
    {
      name: "of two classes",
      spec: { ...rule({}), ingressClassName: "a" },
      annotations: { "kubernetes.io/ingress.class": "b" },
      faults: [
        'annotations.kubernetes.io/ingress.class: Invalid value: "b": must match `ingressClassName` when both are specified',
      ],
    },
  ];
  it.each(rows)("$name", async ({ spec, annotations, faults }) => {
    expect(await refusal(cluster.api.create(ingress(spec, annotations)))).toEqual(faults);
  });
});

const CLASSES = {
  priority: { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" },
  storage: { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" },
  ingress: { apiVersion: "networking.k8s.io/v1", kind: "IngressClass" },
};

describe("a class", () => {
  const rows = [
    {
      name: "above what users may have",
      object: { ...CLASSES.priority, metadata: { name: "p" }, value: 1_000_000_001 },
      faults: ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    },
    {
      name: "with a name of the system",
      object: { ...CLASSES.priority, metadata: { name: "system-mine" }, value: 1 },
      faults: [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    },
    {
      name: "of storage that says nothing right",
      object: { ...CLASSES.storage, metadata: { name: "s" }, reclaimPolicy: "Recycle" },
      faults: [
        "provisioner: Required value",
        'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
      ],
    },
    {
      name: "of a controller without a path",
      object: { ...CLASSES.ingress, metadata: { name: "i" }, spec: { controller: "nginx" } },
      faults: [
        'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    },
    {
      name: "with parameters in no namespace",
      object: {
        ...CLASSES.ingress,
        metadata: { name: "i" },
        spec: {
          controller: "a.b/c",
          parameters: { kind: "X", name: "x", scope: "Namespace" },
        },
      },
      faults: [
        "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
      ],
    },
  ];
  it.each(rows)("$name", async ({ object, faults }) => {
    expect(await refusal(cluster.api.create(object))).toEqual(faults);
  });

  it("of priority keeps its value, and there is one default", async () => {
    const one = { ...CLASSES.priority, metadata: { name: "one" }, value: 1, globalDefault: true };
    await cluster.api.create(one);
    const ref = { ...CLASSES.priority, name: "one" };
    const more = cluster.api.patch(ref, { type: "merge", body: { value: 2 } });
    expect(await refusal(more)).toEqual(["value: Forbidden: may not be changed in an update."]);
    const second = cluster.api.create({ ...one, metadata: { name: "two" } });
    expect(await refusal(second)).toEqual([
      'priorityclasses.scheduling.k8s.io "two" is forbidden: PriorityClass one is already marked as default. Only one default can exist',
    ]);
  });

  it("of storage keeps its provisioner", async () => {
    const ref = { ...CLASSES.storage, name: "standard" };
    const other = cluster.api.patch(ref, { type: "merge", body: { provisioner: "a.b/c" } });
    expect(await refusal(other)).toEqual([
      "provisioner: Forbidden: updates to provisioner are forbidden.",
    ]);
  });

  it("of priority is there for the system's pods from the start", async () => {
    const { items } = await cluster.api.list(CLASSES.priority);
    const system = items.filter(({ metadata }) => metadata.name.startsWith("system-"));
    expect(system.map(({ metadata, value }) => [metadata.name, value])).toEqual([
      ["system-cluster-critical", 2_000_000_000],
      ["system-node-critical", 2_000_001_000],
    ]);
  });
});
