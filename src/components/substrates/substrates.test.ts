// What the substrates say of themselves, and the file k3d reads.

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { readValue } from "../../model/index.ts";
import { registry } from "../index.ts";
import { resolveContext } from "../testing/planned.ts";
import { createGraph } from "../../graph/index.ts";
import { vmSize } from "./aks/vm-size.ts";
import { dropletSize } from "./doks/droplet-size.ts";
import { instanceSize } from "./eks/instance-size.ts";
import { machineTypeSize } from "./gke/machine-type-size.ts";

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

describe("machine types", () => {
  it.each([
    { name: "s-4vcpu-8gb", read: dropletSize, size: { cpu: "4", memory: "8Gi" } },
    { name: "g-8vcpu-32gb-intel", read: dropletSize, size: { cpu: "8", memory: "32Gi" } },
    { name: "c-4", read: dropletSize, size: undefined },
    { name: "e2-standard-4", read: machineTypeSize, size: { cpu: "4", memory: "16Gi" } },
    { name: "n2-highmem-8", read: machineTypeSize, size: { cpu: "8", memory: "64Gi" } },
    { name: "e2-medium", read: machineTypeSize, size: undefined },
    { name: "Standard_D4s_v5", read: vmSize, size: { cpu: "4", memory: "16Gi" } },
    { name: "Standard_E16as_v5", read: vmSize, size: { cpu: "16", memory: "128Gi" } },
    { name: "Standard_E96_v5", read: vmSize, size: undefined },
  ])("$name", ({ name, read, size }) => {
    expect(read(name)).toEqual(size);
  });
});

const POOL = { min: 3, max: 6 };
const VPC = { name: "cloud", kind: "aws", network: "10.100.0.0/16", origin: [] };

describe("managed clusters", () => {
  it.each([
    { kind: "eks", size: "m6i.xlarge", zones: 3, memory: "16Gi" },
    { kind: "gke", size: "e2-standard-4", zones: 3, memory: "16Gi" },
    { kind: "aks", size: "Standard_D4s_v5", zones: 3, memory: "16Gi" },
    { kind: "doks", size: "s-4vcpu-8gb", zones: 1, memory: "8Gi" },
  ])(
    "$kind stands in its site's network, with the pool's floor",
    ({ kind, size, zones, memory }) => {
      const { found, options } = substrate(kind, { kubernetes: "1.35", nodes: { ...POOL, size } });
      expect(found.network(options, VPC).nodeRange).toBe("10.100.0.0/16");
      expect(found.nodes(options)).toMatchObject([{ role: "worker", count: 3, cpu: "4", memory }]);
      expect(found.nodes(options)[0]?.zones).toHaveLength(zones);
      expect(found.facts(options)).toMatchObject({ kind, zones, nodeAutoscaler: true });
      expect(found.facts(options).notEmitted).toContain("Terraform");
    },
  );
});

describe("talos", () => {
  it("enforces no policy unless flannel is told to, and has its machines in a part of the site", () => {
    const plain = substrate("talos", { kubernetes: "1.35" });
    const enforcing = substrate("talos", {
      kubernetes: "1.35",
      networkPolicy: true,
      nodeRange: "192.168.40.0/22",
    });
    expect(plain.found.facts(plain.options).enforcesNetworkPolicy).toBe(false);
    expect(enforcing.found.facts(enforcing.options).enforcesNetworkPolicy).toBe(true);
    expect(enforcing.found.network(enforcing.options, VPC)).toEqual({
      nodeRange: "192.168.40.0/22",
    });
  });

  it("keeps ordinary pods off control planes while there are workers", () => {
    const dedicated = (written: object): (boolean | undefined)[] => {
      const { found, options } = substrate("talos", { kubernetes: "1.35", ...written });
      return found.nodes(options).map((group) => group.dedicated);
    };
    expect(dedicated({})).toEqual([true, undefined]);
    expect(dedicated({ workers: { count: 0 } })).toEqual([undefined]);
  });
});

describe("ansible-k3s", () => {
  it("is k3s without servicelb, on as many servers as are written", () => {
    const { found, options } = substrate("ansible-k3s", {
      kubernetes: "1.35",
      servers: { count: 3, cpu: "8" },
      agents: { count: 0 },
    });
    expect(found.facts(options)).toMatchObject({ loadBalancer: false, metricsApi: true });
    expect(found.nodes(options)).toEqual([
      {
        name: "server",
        role: "control-plane",
        count: 3,
        cpu: "8",
        memory: "16Gi",
        zones: ["local"],
      },
    ]);
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
  caches: [],
  streams: [],
  roles: [],
  namespaces: [],
  secrets: [],
  workloads: [],
  routes: [],
  flows: [],
  offers: [],
  certificates: [],
  authorities: [],
  alerts: [],
  exposures: [],
  backups: [],
  peerCertificates: [],
  tls: { hops: "listed" as const, except: [] },
  standIns: [],
  ownedFields: [],
};
