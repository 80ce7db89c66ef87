// EndpointSlices: cases of TestValidateEndpointSlice, TestValidateEndpointSliceCreate and TestValidateEndpointSliceUpdate in
// kubernetes pkg/apis/discovery/validation/validation_test.go @v1.36.2; texts as that version gives them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";
import { validateEndpointSlice, validateEndpointSliceUpdate } from "./endpoint-slices.ts";

const judge = createJudge();

const BASE: KubernetesObject = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "test", namespace: "default" },
  addressType: "IPv4",
};

describe("an EndpointSlice", () => {
  const rows = [
    {
      name: "good-slice",
      change: {
        ports: [{ name: "http", protocol: "TCP" }],
        endpoints: [
          { addresses: ["10.1.2.3"], hostname: "valid-123", nodeName: "valid-node-name" },
        ],
      },
      faults: [],
    },
    {
      name: "good-ipv6",
      change: { addressType: "IPv6", endpoints: [{ addresses: ["a00:100::4"] }] },
      faults: [],
    },
    {
      name: "good-fqdns",
      change: {
        addressType: "FQDN",
        endpoints: [
          {
            addresses: [
              "foo.example.com",
              "example.com",
              "hyphens-are-good.example.com",
              "ends.with.a.dot.",
            ],
          },
        ],
      },
      faults: [],
    },
    {
      name: "all-protocols",
      change: {
        ports: [
          { name: "tcp", protocol: "TCP" },
          { name: "udp", protocol: "UDP" },
          { name: "sctp", protocol: "SCTP" },
        ],
      },
      faults: [],
    },
    {
      name: "app-protocols",
      change: {
        ports: [
          { name: "one", appProtocol: "HTTP" },
          { name: "two", appProtocol: "https" },
          { name: "three", appProtocol: "my-protocol" },
          { name: "four", appProtocol: "foo.bar.baz/quux" },
        ],
      },
      faults: [],
    },
    { name: "empty-port-name", change: { ports: [{ name: "" }, { name: "http" }] }, faults: [] },
    {
      name: "valid-hints",
      change: {
        endpoints: [
          {
            addresses: ["10.1.2.3"],
            hints: { forZones: [{ name: "zone-a" }], forNodes: [{ name: "node-1" }] },
          },
        ],
      },
      faults: [],
    },
    {
      name: "duplicate-port-name",
      change: { ports: [{ name: "" }, { name: "" }] },
      faults: ['ports[1].name: Duplicate value: ""'],
    },
    {
      name: "bad-port-name-caps",
      change: { ports: [{ name: "aCapital" }] },
      faults: [
        `ports[0].name: Invalid value: "aCapital": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
    {
      name: "bad-port-name-chars",
      change: { ports: [{ name: "almost_valid" }] },
      faults: [
        `ports[0].name: Invalid value: "almost_valid": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
    {
      name: "bad-port-name-length",
      change: { ports: [{ name: "a".repeat(64) }] },
      faults: [
        'ports[0].name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters',
      ],
    },
    {
      name: "invalid-port-protocol",
      change: { ports: [{ name: "http", protocol: "foo" }] },
      faults: [
        'ports[0].protocol: Unsupported value: "foo": supported values: "SCTP", "TCP", "UDP"',
      ],
    },
    {
      name: "no-endpoint-addresses",
      change: { ports: [{ name: "http" }], endpoints: [{ addresses: [] }] },
      faults: ["endpoints[0].addresses: Required value: must contain at least 1 address"],
    },
    {
      name: "bad-hostname",
      change: { endpoints: [{ addresses: ["10.1.2.3"], hostname: "--INVALID" }] },
      faults: [
        `endpoints[0].hostname: Invalid value: "--INVALID": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
    {
      name: "bad-ip",
      change: { endpoints: [{ addresses: ["123.456.789.012"] }] },
      faults: [
        'endpoints[0].addresses[0]: Invalid value: "123.456.789.012": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ],
    },
    {
      name: "legacy-ip-with-strict-validation",
      change: { endpoints: [{ addresses: ["010.001.002.003", "::ffff:10.1.2.3"] }] },
      faults: [
        'endpoints[0].addresses[0]: Invalid value: "010.001.002.003": must not have leading 0s',
        'endpoints[0].addresses[1]: Invalid value: "::ffff:10.1.2.3": must not be an IPv4-mapped IPv6 address',
      ],
    },
    {
      name: "bad-ipv4",
      change: { endpoints: [{ addresses: ["123.456.789.012", "2001:4860:4860::8888"] }] },
      faults: [
        'endpoints[0].addresses[0]: Invalid value: "123.456.789.012": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'endpoints[0].addresses: Invalid value: "2001:4860:4860::8888": must be an IPv4 address',
      ],
    },
    {
      name: "bad-ipv6",
      change: {
        addressType: "IPv6",
        endpoints: [
          {
            addresses: [
              "123.456.789.012",
              "2001:4860:4860:defg",
              "10.1.2.3",
              "A00:100::4",
              "a00:0:100::04",
            ],
          },
        ],
      },
      faults: [
        'endpoints[0].addresses[0]: Invalid value: "123.456.789.012": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'endpoints[0].addresses[1]: Invalid value: "2001:4860:4860:defg": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'endpoints[0].addresses: Invalid value: "10.1.2.3": must be an IPv6 address',
        'endpoints[0].addresses[3]: Invalid value: "A00:100::4": must be in canonical form ("a00:100::4")',
        'endpoints[0].addresses[4]: Invalid value: "a00:0:100::04": must be in canonical form ("a00:0:100::4")',
      ],
    },
    {
      name: "bad-fqdns",
      change: {
        addressType: "FQDN",
        endpoints: [
          {
            addresses: [
              "foo.*",
              "FOO.example.com",
              "underscores_are_bad.example.com",
              "*.example.com",
              "",
              "one",
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b",
            ],
          },
        ],
      },
      faults: [
        `endpoints[0].addresses[0]: Invalid value: "foo.*": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
        `endpoints[0].addresses[1]: Invalid value: "FOO.example.com": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
        `endpoints[0].addresses[2]: Invalid value: "underscores_are_bad.example.com": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
        `endpoints[0].addresses[3]: Invalid value: "*.example.com": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
        "endpoints[0].addresses[4]: Required value",
        'endpoints[0].addresses[5]: Invalid value: "one": should be a domain with at least two segments separated by dots',
        'endpoints[0].addresses[6]: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters',
      ],
    },
    {
      name: "bad-app-protocol",
      change: { ports: [{ name: "http", appProtocol: "--" }] },
      faults: [
        `ports[0].appProtocol: Invalid value: "--": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      ],
    },
    {
      name: "invalid-zone-hint",
      change: {
        endpoints: [{ addresses: ["10.1.2.3"], hints: { forZones: [{ name: "inv@lid" }] } }],
      },
      faults: [
        `endpoints[0].hints.forZones[0].name: Invalid value: "inv@lid": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      ],
    },
    {
      name: "overlapping-zone-hints",
      change: {
        endpoints: [
          {
            addresses: ["10.1.2.3"],
            hints: { forZones: [{ name: "zone-a" }, { name: "zone-b" }, { name: "zone-a" }] },
          },
        ],
      },
      faults: ['endpoints[0].hints.forZones[2].name: Duplicate value: "zone-a"'],
    },
    {
      name: "too-many-zone-hints",
      change: {
        endpoints: [
          {
            addresses: ["10.1.2.3"],
            hints: {
              forZones: [
                { name: "zone-a" },
                { name: "zone-b" },
                { name: "zone-c" },
                { name: "zone-d" },
                { name: "zone-e" },
                { name: "zone-f" },
                { name: "zone-g" },
                { name: "zone-h" },
                { name: "zone-i" },
              ],
              forNodes: [{ name: "_" }],
            },
          },
        ],
      },
      faults: ["endpoints[0].hints.forZones: Too many: 9: must have at most 8 items"],
    },
    {
      name: "invalid-node-hints",
      change: {
        endpoints: [{ addresses: ["10.1.2.3"], hints: { forNodes: [{ name: "inv@lid" }] } }],
      },
      faults: [
        `endpoints[0].hints.forNodes[0].name: Invalid value: "inv@lid": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
    {
      name: "overlapping-node-hints",
      change: {
        endpoints: [
          {
            addresses: ["10.1.2.3"],
            hints: { forNodes: [{ name: "node-1" }, { name: "node-1" }] },
          },
        ],
      },
      faults: ['endpoints[0].hints.forNodes[1].name: Duplicate value: "node-1"'],
    },
    {
      name: "too-many-node-hints",
      change: {
        endpoints: [
          {
            addresses: ["10.1.2.3"],
            hints: {
              forNodes: [
                { name: "node-1" },
                { name: "node-2" },
                { name: "node-3" },
                { name: "node-4" },
                { name: "node-5" },
                { name: "node-6" },
                { name: "node-7" },
                { name: "node-8" },
                { name: "node-9" },
              ],
            },
          },
        ],
      },
      faults: ["endpoints[0].hints.forNodes: Too many: 9: must have at most 8 items"],
    },
    {
      name: "empty-everything",
      change: { addressType: "" },
      faults: ["addressType: Required value"],
    },
    {
      name: "special-ipv4",
      change: {
        endpoints: [{ addresses: ["0.0.0.0", "127.0.0.1", "169.254.169.254", "224.0.0.1"] }],
      },
      faults: [
        'endpoints[0].addresses[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
        'endpoints[0].addresses[2]: Invalid value: "169.254.169.254": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        'endpoints[0].addresses[3]: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
      ],
    },
    {
      name: "special-ipv6",
      change: {
        addressType: "IPv6",
        endpoints: [
          {
            addresses: [
              "::",
              "::1",
              "fe80::1",
              "febf::1",
              "fec0::1",
              "ff02::1",
              "ff12::1",
              "ff01::1",
            ],
          },
        ],
      },
      faults: [
        'endpoints[0].addresses[0]: Invalid value: "::": may not be unspecified (::)',
        'endpoints[0].addresses[1]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
        'endpoints[0].addresses[2]: Invalid value: "fe80::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        'endpoints[0].addresses[3]: Invalid value: "febf::1": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
        'endpoints[0].addresses[5]: Invalid value: "ff02::1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
        'endpoints[0].addresses[6]: Invalid value: "ff12::1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
      ],
    },
    {
      name: "bad-node-name",
      change: {
        ports: [{ name: "http" }],
        endpoints: [{ addresses: ["10.1.2.3"], nodeName: "INvalid-node-name" }],
      },
      faults: [
        `endpoints[0].nodeName: Invalid value: "INvalid-node-name": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
    {
      name: "bad-address-type",
      change: { addressType: "other", endpoints: [{ addresses: ["anything"] }] },
      faults: ['addressType: Unsupported value: "other": supported values: "FQDN", "IPv4", "IPv6"'],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("an EndpointSlice that is changed", () => {
  const rows = [
    {
      name: "valid and identical slices",
      before: { endpoints: [{ addresses: ["10.1.2.3"] }] },
      after: { endpoints: [{ addresses: ["10.1.2.3"] }] },
      faults: [],
    },
    {
      name: "endpoints that come",
      before: { endpoints: [{ addresses: ["10.1.2.3"] }] },
      after: { endpoints: [{ addresses: ["10.1.2.3"] }, { addresses: ["10.1.2.4"] }] },
      faults: [],
    },
    {
      name: "invalid node name set",
      before: { endpoints: [{ addresses: ["10.1.2.3"] }] },
      after: { endpoints: [{ addresses: ["10.1.2.3"], nodeName: "INVALID foo" }] },
      faults: [
        `endpoints[0].nodeName: Invalid value: "INVALID foo": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      ],
    },
    {
      name: "valid and identical slices with different address types",
      before: { endpoints: [{ addresses: ["10.1.2.3"] }] },
      after: { addressType: "Other", endpoints: [{ addresses: ["10.1.2.3"] }] },
      faults: [
        'addressType: Unsupported value: "Other": supported values: "FQDN", "IPv4", "IPv6"',
        'addressType: Invalid value: "Other": field is immutable',
      ],
    },
    {
      name: "another address type that is one",
      before: {},
      after: { addressType: "IPv6" },
      faults: ['addressType: Invalid value: "IPv6": field is immutable'],
    },
    {
      name: "a port that is none",
      before: { ports: [{ name: "a" }] },
      after: { ports: [{ name: "A" }] },
      faults: [
        `ports[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    },
    {
      name: "changed IPs are revalidated",
      before: { endpoints: [{ addresses: ["10.1.2.3"] }] },
      after: { endpoints: [{ addresses: ["10.1.2.03"] }] },
      faults: ['endpoints[0].addresses[0]: Invalid value: "10.1.2.03": must not have leading 0s'],
    },
  ];
  it.each(rows)("$name", async ({ before, after, faults }) => {
    expect(await judge.update(merged(BASE, before), merged(BASE, after))).toEqual(faults);
  });
});

describe("what an EndpointSlice may hold", () => {
  const endpoints = (count: number): object[] =>
    Array.from({ length: count }, () => ({ addresses: ["10.1.2.3"] }));
  const addresses = (count: number): object => ({
    endpoints: [{ addresses: Array.from({ length: count }, () => "10.1.2.3") }],
  });
  const ports = (count: number): object => ({
    ports: Array.from({ length: count }, (_, index) => ({ name: `p${index}` })),
  });
  const rows = [
    { name: "max-endpoints", change: { endpoints: endpoints(1000) }, faults: [] },
    {
      name: "too-many-endpoints",
      change: { endpoints: endpoints(1001) },
      faults: ["endpoints: Too many: 1001: must have at most 1000 items"],
    },
    { name: "max-addresses", change: addresses(100), faults: [] },
    {
      name: "too-many-addresses",
      change: addresses(101),
      faults: ["endpoints[0].addresses: Too many: 101: must have at most 100 items"],
    },
    {
      name: "too-many-ports",
      change: ports(20_001),
      faults: ["ports: Too many: 20001: must have at most 20000 items"],
    },
  ];
  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BASE, change))).toEqual(faults);
  });
});

describe("endpoints that were there before", () => {
  const bad = [{ addresses: ["01.2.3.4"] }];

  it("are let through, whatever they are", () => {
    const [before, after] = [{ endpoints: bad }, { endpoints: structuredClone(bad) }];
    const ports = [{ name: "http", protocol: "TCP" }];
    expect(
      validateEndpointSliceUpdate(merged(BASE, { ...after, ports }), merged(BASE, before)),
    ).toEqual([]);
  });

  it("are not looked at when they are the same", () => {
    const shut = (): never => {
      throw new Error("nobody looks here");
    };
    const endpoints = new Proxy(bad, { get: shut, ownKeys: shut, getOwnPropertyDescriptor: shut });
    const before = { ...BASE, endpoints };
    const after = { ...before, ports: [{ name: "http", protocol: "TCP" }] };
    expect(validateEndpointSliceUpdate(after, before)).toEqual([]);
    expect(() => validateEndpointSlice(after)).toThrow("nobody looks here");
  });

  it("cost nothing, with the rest of a slice", () => {
    const slice = { ...BASE, endpoints: bad };
    const answer = validateEndpointSliceUpdate({ ...slice }, slice);
    expect(validateEndpointSliceUpdate({ ...slice }, slice)).toBe(answer);
  });
});
