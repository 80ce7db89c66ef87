// Which pools are refused, and what a silent definition gets.

import { describe, expect, it } from "vitest";

import { catalogueFacts } from "../../substrates/catalogue-facts.ts";
import { plannedCluster, resolveContext } from "../../testing/planned.ts";
import { addressPool } from "./address-pool.ts";
import { settleAddresses } from "./addresses.ts";

const network = plannedCluster().network;

describe("pool", () => {
  it.each([
    ["inside the nodes' network", "172.18.255.200-172.18.255.250", []],
    ["a block", "172.18.255.192/26", []],
    ["elsewhere", "192.168.1.10-192.168.1.20", ["load-balancer/addresses-outside-nodes"]],
    ["half outside", "172.18.255.250-172.19.0.5", ["load-balancer/addresses-outside-nodes"]],
    [
      "where Docker allocates",
      "172.18.0.10-172.18.0.20",
      ["load-balancer/addresses-where-docker-allocates"],
    ],
  ])("%s", (_name, addresses, codes) => {
    const context = resolveContext();
    expect(settleAddresses(context, { addresses })).toEqual({ addresses });
    expect(context.reported.map(({ code }) => code)).toEqual(codes);
  });

  it("comes from the lock where nothing is said", () => {
    const range = "172.18.255.200-172.18.255.250";
    const context = resolveContext({ network: { ...network, loadBalancerRange: range } });
    expect(settleAddresses(context, {})).toEqual({ addresses: range });
  });

  it("is asked for where nobody knows one", () => {
    const context = resolveContext();
    settleAddresses(context, {});
    expect(context.reported.map(({ code }) => code)).toEqual(["load-balancer/addresses-missing"]);
  });

  it("is not needed where the cloud gives addresses", () => {
    const context = resolveContext({ substrate: catalogueFacts("eks") });
    settleAddresses(context, { addresses: "172.18.255.200-172.18.255.250" });
    expect(context.reported.map(({ code }) => code)).toEqual(["load-balancer/not-needed"]);
  });

  it("is written out in full", () => {
    expect(addressPool("harbour", "172.18.255.200-250")).toMatchObject({
      spec: { addresses: ["172.18.255.200-172.18.255.250"] },
    });
  });
});
