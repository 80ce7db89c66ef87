// NetworkPolicies: cases of TestValidateNetworkPolicy and TestValidateNetworkPolicyUpdate in kubernetes
// pkg/apis/networking/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const POLICY: KubernetesObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "web", namespace: "shop" },
  spec: { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress"] },
};

describe("a new NetworkPolicy", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "of pods that cannot be",
      change: { spec: { podSelector: { matchLabels: { "a b": "-x" } } } },
      faults: [
        "spec.podSelector.matchLabels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.podSelector.matchLabels: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    },
    {
      name: "of ports that are none",
      change: {
        spec: {
          ingress: [
            {
              ports: [
                { protocol: "ICMP", port: 0 },
                { port: "web-" },
                { port: 80, endPort: 70 },
                { port: "web", endPort: 90 },
                { endPort: 90 },
              ],
            },
          ],
        },
      },
      faults: [
        'spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"',
        "spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
        'spec.ingress[0].ports[1].port: Invalid value: "web-": must not begin or end with a hyphen',
        "spec.ingress[0].ports[2].endPort: Invalid value: 80: must be greater than or equal to `port`",
        "spec.ingress[0].ports[3].endPort: Invalid value: 90: may not be specified when `port` is non-numeric",
        "spec.ingress[0].ports[4].endPort: Invalid value: 90: may not be specified when `port` is not specified",
      ],
    },
    {
      name: "of peers that are none, or two",
      change: {
        spec: { ingress: [{ from: [{}, { podSelector: {}, ipBlock: { cidr: "10.0.0.0/8" } }] }] },
      },
      faults: [
        "spec.ingress[0].from[0]: Required value: must specify a peer",
        "spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer",
      ],
    },
    {
      name: "of blocks that are none",
      change: {
        spec: {
          ingress: [
            {
              from: [
                { ipBlock: { cidr: "" } },
                { ipBlock: { cidr: "10.0.0.0/33" } },
                { ipBlock: { cidr: "010.0.0.0/8" } },
                { ipBlock: { cidr: "10.1.0.0/8" } },
              ],
            },
          ],
        },
      },
      faults: [
        "spec.ingress[0].from[0].ipBlock.cidr: Required value",
        'spec.ingress[0].from[1].ipBlock.cidr: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        'spec.ingress[0].from[2].ipBlock.cidr: Invalid value: "010.0.0.0/8": must not have leading 0s in IP or prefix length',
        'spec.ingress[0].from[3].ipBlock.cidr: Invalid value: "10.1.0.0/8": must not have bits set beyond the prefix length',
      ],
    },
    {
      name: "of exceptions outside",
      change: {
        spec: {
          egress: [
            {
              to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["11.0.0.0/16", "10.0.0.0/8", "a"] } }],
            },
          ],
        },
      },
      faults: [
        'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
        'spec.egress[0].to[0].ipBlock.except[1]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
        'spec.egress[0].to[0].ipBlock.except[2]: Invalid value: "a": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    },
    {
      name: "of types nobody knows",
      change: { spec: { policyTypes: ["Ingress", "Both"] } },
      faults: [
        'spec.policyTypes[1]: Unsupported value: "Both": supported values: "Ingress", "Egress"',
      ],
    },
    {
      name: "of too many types",
      change: { spec: { policyTypes: ["Ingress", "Egress", "Ingress"] } },
      faults: [
        'spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes',
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(POLICY, change))).toEqual(faults);
  });
});

describe("a change of a NetworkPolicy", () => {
  const rows = [
    {
      name: "to an exception of nothing",
      from: { spec: { ingress: [{ from: [{ podSelector: {} }] }] } },
      change: {
        spec: { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: [""] } }] }] },
      },
      faults: [
        'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    },
    {
      name: "to a block that is none",
      from: {},
      change: { spec: { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/33" } }] }] } },
      faults: [
        'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(POLICY, from);
    expect(await judge.update(before, merged(POLICY, change))).toEqual(faults);
  });
});
