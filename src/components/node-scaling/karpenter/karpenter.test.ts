// Karpenter makes nodes where the substrate lets it, and is refused where nobody can.

import { describe, expect, it } from "vitest";

import { karpenter } from "../../index.ts";
import { harbour, observatory } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";

const onEks = (options: Parameters<typeof karpenter>[0] = {}) => ({
  ...harbour,
  overrides: { prod: { ...harbour.overrides?.["prod"], nodeScaling: karpenter(options) } },
});

function emitted(options?: Parameters<typeof karpenter>[0]) {
  const planned = planEnvironment(onEks(options), "prod");
  const found = emissionsOf(planned).find(({ component }) => component === "karpenter");
  return { planned, objects: found?.emission.objects ?? [], charts: found?.emission.charts ?? [] };
}

describe("karpenter on EKS", () => {
  it("has one pool of nodes found by the cluster's name", () => {
    const { objects, charts } = emitted();
    expect(objects.map(({ object }) => object["spec"])).toMatchObject([
      {
        role: "KarpenterNodeRole-harbour-cloud",
        subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": "harbour-cloud" } }],
      },
      { limits: { cpu: "100" }, template: { spec: { nodeClassRef: { name: "platform" } } } },
    ]);
    expect(charts[0]?.values).toMatchObject({
      replicas: 2,
      settings: { clusterName: "harbour-cloud" },
    });
  });

  it("buys what the definition allows", () => {
    const { objects } = emitted({ capacity: ["spot"], categories: ["c"], cpuMax: 20 });
    const pool = objects.map(({ object }) => object).find(({ kind }) => kind === "NodePool");
    expect(JSON.stringify(pool)).toContain(
      '"karpenter.sh/capacity-type","operator":"In","values":["spot"]',
    );
  });

  it("may reach the provider's API, and nothing of the cluster but its API server", () => {
    const { graph } = emitted().planned;
    const out = graph.flows.filter(
      ({ from }) => from.kind === "workload" && from.namespace === "karpenter",
    );
    expect(out.map(({ to }) => to.kind).toSorted()).toEqual(["api-server", "external"]);
  });
});

describe("karpenter elsewhere", () => {
  it.each([
    {
      name: "a developer's machine",
      definition: { ...harbour, nodeScaling: karpenter() },
      at: "dev",
    },
    { name: "machines", definition: { ...observatory, nodeScaling: karpenter() }, at: "prod" },
  ])("is refused on $name", ({ definition, at }) => {
    const codes = findings(definition, at).map(({ code }) => code);
    expect(codes).toContain("node-scaling/no-provider");
    expect(findings(onEks(), "prod").map(({ code }) => code)).not.toContain(codes[0]);
  });
});
