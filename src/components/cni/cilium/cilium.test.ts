// Cilium: on a cloud's own network it only decides what passes, elsewhere it makes the network; the portable policies are the same
// as under any other plugin.

import { describe, expect, it } from "vitest";

import { formatPath } from "../../../core/index.ts";
import { citadel } from "../../testing/definitions.ts";
import { emissionsOf, findings, planEnvironment } from "../../testing/plan.ts";
import { plannedCluster } from "../../testing/planned.ts";
import { digitalocean, doks } from "../../index.ts";
import { ciliumValues } from "./values.ts";

const cluster = plannedCluster();
const on = (podNetwork: "choosable" | "policy-only") => ({
  ...cluster,
  substrate: { ...cluster.substrate, podNetwork },
});

describe("cilium", () => {
  it.each([
    {
      name: "a tunnel of its own",
      place: "choosable",
      options: { encapsulation: "vxlan", encrypt: false, byName: false },
      wanted: { ipam: { mode: "kubernetes" }, routingMode: "tunnel", tunnelProtocol: "vxlan" },
    },
    {
      name: "routes of its own, encrypted",
      place: "choosable",
      options: { encapsulation: "none", encrypt: true, byName: false },
      wanted: {
        routingMode: "native",
        ipv4NativeRoutingCIDR: cluster.network.podRange,
        encryption: { enabled: true, type: "wireguard" },
      },
    },
    {
      name: "behind the cloud's network",
      place: "policy-only",
      options: { encapsulation: "vxlan", encrypt: false, byName: false },
      wanted: { cni: { chainingMode: "aws-cni", exclusive: false }, routingMode: "native" },
    },
  ] as const)("makes $name", ({ place, options, wanted }) => {
    expect(ciliumValues(on(place), options)).toMatchObject(wanted);
  });

  it("leaves the policies of the graph as they are under another plugin", () => {
    const policies = (kind: string): string[] =>
      emissionsOf(planEnvironment({ ...citadel, cni: { kind } }, "prod"))
        .flatMap(({ emission }) => emission.objects ?? [])
        .filter(({ object }) => object.kind === "NetworkPolicy")
        .map(({ object }) => JSON.stringify(object))
        // The plugin's own parts differ.
        .filter((text) => !/calico|tigera|cilium/.test(text))
        .toSorted();
    expect(policies("cilium")).toEqual(policies("calico"));
    expect(policies("cilium").length).toBeGreaterThan(50);
  });

  it("sees no names behind a cloud's own network", () => {
    const said = (more: object): string[] =>
      findings({ ...citadel, cni: { kind: "cilium", ...more } }, "prod")
        .map(({ code, path }) => `${code} ${formatPath(path)}`)
        .filter((text) => text.startsWith("cni/"));
    expect(said({ byName: true })).toEqual(["cni/names-behind-cloud cni.byName"]);
    expect(said({})).toEqual([]);
  });

  it("is refused where the provider keeps its own", () => {
    const found = findings(
      {
        ...citadel,
        sites: { sea: digitalocean({ region: "nyc3", network: "10.200.0.0/16" }) },
        clusters: {
          keep: doks({
            site: "sea",
            kubernetes: "1.35",
            nodes: { min: 3, max: 3, size: "s-4vcpu-8gb" },
          }),
        },
        secrets: { sealed: { kind: "sealed-secrets" } },
        cni: { kind: "cilium" },
      },
      "prod",
    );
    expect(found.map(({ code, path }) => `${code} ${formatPath(path)}`)).toContain(
      "cni/plugin-in-place cni",
    );
  });
});
