// Calico: on a cloud's own network it only decides what passes, elsewhere it makes the network.

import { describe, expect, it } from "vitest";

import { plannedCluster } from "../../testing/planned.ts";
import { globalPolicies } from "./global-policies.ts";
import { calicoValues } from "./values.ts";

const cluster = plannedCluster();
const substrate = (podNetwork: "choosable" | "policy-only") => ({
  network: cluster.network,
  substrate: { ...cluster.substrate, podNetwork },
});

describe("calico", () => {
  it("makes the pods' network where that is ours", () => {
    expect(calicoValues(substrate("choosable"), { encapsulation: "VXLAN" })).toMatchObject({
      installation: {
        cni: { type: "Calico" },
        calicoNetwork: { ipPools: [{ cidr: cluster.network.podRange, encapsulation: "VXLAN" }] },
      },
    });
  });

  it("leaves addresses to the cloud where it has them", () => {
    const { installation } = calicoValues(substrate("policy-only"), { encapsulation: "None" });
    expect(installation).toEqual({ kubernetesProvider: "EKS", cni: { type: "AmazonVPC" } });
  });

  it("stands around the policies of namespaces that are ours, and no others", () => {
    const origin = ["apps", "web"];
    const policies = globalPolicies({
      platform: "harbour",
      namespaces: [
        { name: "web", tenancy: "app", podSecurity: "restricted", origin },
        { name: "kube-system", tenancy: "system", podSecurity: "privileged", origin },
      ],
    });
    expect(policies.map(({ metadata, spec }) => [metadata.name, spec])).toEqual([
      [
        "harbour-metadata-service",
        {
          namespaceSelector: 'kubernetes.io/metadata.name in { "web" }',
          order: 10,
          types: ["Egress"],
          egress: [{ action: "Deny", destination: { nets: ["169.254.169.254/32"] } }],
        },
      ],
      [
        "harbour-default-deny",
        {
          namespaceSelector: 'kubernetes.io/metadata.name in { "web" }',
          order: 10_000,
          types: ["Ingress", "Egress"],
        },
      ],
    ]);
  });
});
