// What the substrates say of themselves, and the file k3d reads.

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { readValue } from "../../model/index.ts";
import { registry } from "../index.ts";
import { resolveContext } from "../testing/planned.ts";
import { createGraph } from "../../graph/index.ts";
import { instanceSize } from "./eks/instance-size.ts";

function substrate(name: string, written: object) {
  const found = registry.components.find(
    (component) => component.family === "substrate" && component.name === name,
  );
  if (found?.family !== "substrate") throw new Error(`no substrate ${name}`);
  const { value, diagnostics } = readValue(found.options, written);
  return { found, options: value, diagnostics };
}

const laptop = { name: "laptop", kind: "developer-machine", origin: [] };

describe("k3d", () => {
  const { found, options } = substrate("k3d", {});
  const network = {
    podRange: "10.42.0.0/16",
    serviceRange: "10.43.0.0/16",
    nodeRange: "172.18.0.0/16",
    ...found.network(options, laptop),
  };

  it("has the documents' network and ports", () => {
    expect(network).toMatchObject({
      nodeRange: "172.18.0.0/16",
      loadBalancerRange: "172.18.255.200-172.18.255.250",
      hostPorts: { http: 8080, https: 8443, api: 6443, registry: 5000 },
    });
  });

  it("writes a file that disables what MetalLB and the ingress replace", () => {
    const { cluster, path } = resolveContext({ network });
    const context = { cluster: { ...resolveContext({ network }).cluster, ...cluster }, path };
    const emission = found.emit?.(
      {
        ...context,
        cluster: { ...context.cluster, ...EMPTY },
        graph: createGraph([], []),
        sealed: {},
      },
      options,
    );
    const [file] = emission?.files ?? [];
    expect(file?.file).toBe("clusters/dev/k3d.yaml");
    expect(parse(file?.text ?? "")).toMatchObject({
      apiVersion: "k3d.io/v1alpha5",
      kind: "Simple",
      metadata: { name: "harbour-dev" },
      servers: 1,
      agents: 2,
      kubeAPI: { hostPort: "6443" },
      subnet: "172.18.0.0/16",
      ports: [
        { port: "127.0.0.1:8080:30080", nodeFilters: ["loadbalancer"] },
        { port: "127.0.0.1:8443:30443", nodeFilters: ["loadbalancer"] },
        { port: "127.0.0.1:5000:30500", nodeFilters: ["loadbalancer"] },
      ],
    });
    for (const flag of [
      "--disable=traefik",
      "--disable=servicelb",
      "--cluster-cidr=10.42.0.0/16",
      "--service-cidr=10.43.0.0/16",
    ]) {
      expect(file?.text).toContain(flag);
    }
  });
});

describe("eks", () => {
  it.each([
    ["m6i.large", { cpu: "2", memory: "8Gi" }],
    ["m6i.xlarge", { cpu: "4", memory: "16Gi" }],
    ["c7g.2xlarge", { cpu: "8", memory: "16Gi" }],
    ["r6i.4xlarge", { cpu: "16", memory: "128Gi" }],
    ["t3.medium", { cpu: "2", memory: "4Gi" }],
    ["x1e.32xlarge", undefined],
    ["large", undefined],
  ])("%s", (type, size) => {
    expect(instanceSize(type)).toEqual(size);
  });

  it("enforces policies only where the add-on is said to", () => {
    const nodes = { min: 3, max: 6, size: "m6i.large" };
    const plain = substrate("eks", { kubernetes: "1.35", nodes });
    const enforcing = substrate("eks", { kubernetes: "1.35", nodes, networkPolicy: true });
    expect(plain.found.facts(plain.options).enforcesNetworkPolicy).toBe(false);
    expect(enforcing.found.facts(enforcing.options).enforcesNetworkPolicy).toBe(true);
  });
});

describe("existing", () => {
  it("takes every fact from the person", () => {
    const { found, options } = substrate("existing", {
      loadBalancer: false,
      zones: 3,
      nodes: { count: 5, cpu: "8" },
      storageClass: "fast",
    });
    expect(found.facts(options)).toMatchObject({
      loadBalancer: false,
      zones: 3,
      defaultStorageClass: "fast",
    });
    expect(found.nodes(options)).toEqual([
      {
        name: "workers",
        role: "worker",
        count: 5,
        cpu: "8",
        memory: "16Gi",
        zones: ["a", "b", "c"],
      },
    ]);
  });
});

const EMPTY = {
  apps: [],
  databases: [],
  queues: [],
  buckets: [],
  roles: [],
  namespaces: [],
  secrets: [],
  workloads: [],
  routes: [],
  flows: [],
  standIns: [],
  ownedFields: [],
};
