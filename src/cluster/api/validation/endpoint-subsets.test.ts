// Endpoints: cases of TestValidateEndpointsCreate and TestValidateEndpointsUpdate in kubernetes
// pkg/apis/core/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const ENDPOINTS: KubernetesObject = {
  apiVersion: "v1",
  kind: "Endpoints",
  metadata: { name: "web", namespace: "shop" },
  subsets: [{ addresses: [{ ip: "10.0.0.1" }], ports: [{ port: 80, protocol: "TCP" }] }],
};

describe("a new Endpoints", () => {
  const rows = [
    { name: "that are fine", change: {}, faults: [] },
    {
      name: "without addresses",
      change: { subsets: [{ addresses: undefined, ports: [{ port: 80, protocol: "TCP" }] }] },
      faults: ["subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`"],
    },
    {
      name: "at addresses that are none",
      change: {
        subsets: [
          {
            addresses: [
              { ip: "[2001:0db8:85a3:0042:1000:8a2e:0370:7334]" },
              { ip: "010.0.0.1" },
              { ip: "169.254.169.254" },
            ],
            ports: [{ port: 80, protocol: "TCP" }],
            notReadyAddresses: [{ ip: "224.0.0.1", hostname: "a.b", nodeName: "-a" }],
          },
        ],
      },
      faults: [
        'subsets[0].addresses[0].ip: Invalid value: "[2001:0db8:85a3:0042:1000:8a2e:0370:7334]": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'subsets[0].addresses[0].ip: Invalid value: "[2001:0db8:85a3:0042:1000:8a2e:0370:7334]": must be a valid IP address',
        'subsets[0].addresses[1].ip: Invalid value: "010.0.0.1": must not have leading 0s',
        'subsets[0].addresses[2].ip: Invalid value: "169.254.169.254": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        'subsets[0].notReadyAddresses[0].hostname: Invalid value: "a.b": must not contain dots',
        "subsets[0].notReadyAddresses[0].nodeName: Invalid value: \"-a\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'subsets[0].notReadyAddresses[0].ip: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
      ],
    },
    {
      name: "of ports that are none",
      change: {
        subsets: [
          {
            addresses: [{ ip: "10.0.0.1" }],
            ports: [
              { name: "a.b", port: 66000, protocol: "TCP" },
              { port: 80, protocol: "Protocol", appProtocol: "a/b/c" },
            ],
          },
        ],
      },
      faults: [
        'subsets[0].ports[0].name: Invalid value: "a.b": must not contain dots',
        "subsets[0].ports[0].port: Invalid value: 66000: must be between 1 and 65535, inclusive",
        "subsets[0].ports[1].name: Required value",
        'subsets[0].ports[1].protocol: Unsupported value: "Protocol": supported values: "SCTP", "TCP", "UDP"',
        "subsets[0].ports[1].appProtocol: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(ENDPOINTS, change))).toEqual(faults);
  });
});

describe("a change of an Endpoints", () => {
  const rows = [
    {
      name: "to an address that is none",
      from: {},
      change: { subsets: [{ addresses: [{ ip: "a" }], ports: [{ port: 80, protocol: "TCP" }] }] },
      faults: [
        'subsets[0].addresses[0].ip: Invalid value: "a": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'subsets[0].addresses[0].ip: Invalid value: "a": must be a valid IP address',
      ],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(ENDPOINTS, from);
    expect(await judge.update(before, merged(ENDPOINTS, change))).toEqual(faults);
  });
});
