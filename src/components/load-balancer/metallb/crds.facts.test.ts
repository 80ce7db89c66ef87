import { describe, expect, it } from "vitest";
import { applyDefaults, createKindRegistry, validateObject } from "../../../kubernetes/index.ts";
import { metallbCrdFacts } from "./crds.facts.ts";

const registry = createKindRegistry(metallbCrdFacts);
const API = "metallb.io/v1beta1";

const CASES: readonly (readonly [string, string, unknown, readonly string[]])[] = [
  [
    "a pool",
    "IPAddressPool",
    { addresses: ["192.168.10.0/24", "10.0.0.1-10.0.0.9"], autoAssign: false },
    [],
  ],
  ["a pool without addresses", "IPAddressPool", {}, ["spec.addresses: required"]],
  [
    "a pool of one address as text",
    "IPAddressPool",
    { addresses: "192.168.10.0/24" },
    ["spec.addresses: type"],
  ],
  ["an advertisement", "L2Advertisement", { ipAddressPools: ["public"], interfaces: ["eth0"] }, []],
  [
    "a misspelt advertisement",
    "L2Advertisement",
    { ipAddressPool: ["public"] },
    ["spec.ipAddressPool: unknown-field"],
  ],
  [
    "a bad aggregation",
    "BGPAdvertisement",
    { aggregationLength: 0 },
    ["spec.aggregationLength: range"],
  ],
];

describe("MetalLB's kinds", () => {
  it("are those of a release", () => {
    const names = registry.all().map(({ kind, version }) => `${kind} ${version}`);
    expect(names).toContain("IPAddressPool v1beta1");
    expect(names).toContain("L2Advertisement v1beta1");
    expect(names).toContain("BGPPeer v1beta2");
  });

  it.each(CASES)("%s", (_name, kind, spec, problems) => {
    const facts = registry.find(API, kind);
    const object = {
      apiVersion: API,
      kind,
      metadata: { name: "a", namespace: "metallb-system" },
      spec,
    };
    const found = facts && validateObject(object, facts);
    expect(found?.map((problem) => `${problem.cause.field}: ${problem.kind}`)).toEqual(problems);
  });

  it("assign addresses by default", () => {
    const facts = registry.find(API, "IPAddressPool");
    const filled = facts && applyDefaults({ spec: { addresses: [] } }, facts);
    expect(filled).toMatchObject({ spec: { autoAssign: true } });
  });
});
