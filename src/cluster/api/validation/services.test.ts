// Services: cases of TestValidateServiceCreate and TestValidateServiceUpdate in kubernetes
// pkg/apis/core/validation/validation_test.go; texts as the strategies of kubernetes @v1.36.2 give them.

import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../kubernetes/index.ts";
import { createJudge, merged } from "../testing/judge.ts";

const judge = createJudge();

const SERVICE: KubernetesObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    type: "ClusterIP",
    clusterIP: "10.43.0.9",
    clusterIPs: ["10.43.0.9"],
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
    selector: { app: "web" },
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
  },
};

describe("a new Service", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "without ports",
      change: { spec: { ports: [] } },
      faults: ["spec.ports: Required value"],
    },
    {
      name: "headless, without ports",
      change: { spec: { clusterIP: "None", clusterIPs: ["None"], ports: undefined } },
      faults: [],
    },
    {
      name: "ports without names",
      change: {
        spec: {
          ports: [
            { port: 80, protocol: "TCP", targetPort: 80 },
            { port: 81, protocol: "TCP", targetPort: 80 },
          ],
        },
      },
      faults: ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
    },
    {
      name: "ports that share a name and a number",
      change: {
        spec: {
          ports: [
            { port: 80, protocol: "TCP", targetPort: 80, name: "a" },
            { port: 80, protocol: "TCP", targetPort: 80, name: "a" },
          ],
        },
      },
      faults: [
        'spec.ports[1].name: Duplicate value: "a"',
        'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
      ],
    },
    {
      name: "a port out of range, of a protocol nobody knows",
      change: { spec: { ports: [{ port: 65536, protocol: "INVALID", targetPort: "-web" }] } },
      faults: [
        "spec.ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive",
        'spec.ports[0].protocol: Unsupported value: "INVALID": supported values: "SCTP", "TCP", "UDP"',
        'spec.ports[0].targetPort: Invalid value: "-web": must not begin or end with a hyphen',
      ],
    },
    {
      name: "an application protocol that is no name",
      change: {
        spec: { ports: [{ port: 80, protocol: "TCP", targetPort: 80, appProtocol: "a/b/c" }] },
      },
      faults: [
        "spec.ports[0].appProtocol: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    },
    {
      name: "a node port where there is none",
      change: { spec: { ports: [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: 30080 }] } },
      faults: ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    },
    {
      name: "a selector that selects nothing",
      change: { spec: { selector: { "a b": "-x" } } },
      faults: [
        "spec.selector: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.selector: Invalid value: \"-x\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ],
    },
    {
      name: "an affinity nobody knows",
      change: {
        spec: {
          sessionAffinity: "Server",
          sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } },
        },
      },
      faults: [
        'spec.sessionAffinity: Unsupported value: "Server": supported values: "ClientIP", "None"',
      ],
    },
    {
      name: "an affinity for ever",
      change: {
        spec: {
          sessionAffinity: "ClientIP",
          sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } },
        },
      },
      faults: [
        "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400",
      ],
    },
    {
      name: "external addresses that lead nowhere",
      change: {
        spec: {
          externalTrafficPolicy: "Cluster",
          externalIPs: ["0.0.0.0", "myhost.mydomain", "010.1.1.1", "10.1.1.1"],
        },
      },
      faults: [
        'spec.externalIPs[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)',
        'spec.externalIPs[1]: Invalid value: "myhost.mydomain": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'spec.externalIPs[2]: Invalid value: "010.1.1.1": must not have leading 0s',
      ],
    },
    {
      name: "a traffic policy nobody can use",
      change: { spec: { externalTrafficPolicy: "Local" } },
      faults: [
        'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
      ],
    },
    {
      name: "an internal traffic policy nobody knows",
      change: { spec: { internalTrafficPolicy: "Random" } },
      faults: [
        'spec.internalTrafficPolicy: Unsupported value: "Random": supported values: "Cluster", "Local"',
      ],
    },
    {
      name: "a distribution nobody knows",
      change: { spec: { trafficDistribution: "Random" } },
      faults: [
        'spec.trafficDistribution: Unsupported value: "Random": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"',
      ],
    },
    {
      name: "what only load balancers have",
      change: {
        spec: {
          allocateLoadBalancerNodePorts: true,
          loadBalancerClass: "a/b",
          loadBalancerSourceRanges: ["10.0.0.0/8"],
          healthCheckNodePort: 30001,
        },
      },
      faults: [
        "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
        "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'",
        "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
        "spec.healthCheckNodePort: Invalid value: 30001: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
      ],
    },
    {
      name: "annotations that disagree",
      change: {
        metadata: {
          annotations: {
            "service.kubernetes.io/topology-mode": "Auto",
            "service.kubernetes.io/topology-aware-hints": "Disabled",
          },
        },
      },
      faults: [
        'metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "Auto": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified',
      ],
    },
    {
      name: "ranges in an annotation",
      change: {
        metadata: {
          annotations: {
            "service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8, a",
          },
        },
      },
      faults: [
        "metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Forbidden: may only be used when `type` is 'LoadBalancer'",
        'metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Invalid value: "a": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(SERVICE, change))).toEqual(faults);
  });
});

describe("a change of a Service", () => {
  const rows = [
    { name: "to nothing new", from: {}, change: {}, faults: [] },
    {
      name: "to another address",
      from: {},
      change: { spec: { clusterIP: "10.43.0.10", clusterIPs: ["10.43.0.10"] } },
      faults: ['spec.clusterIPs[0]: Invalid value: ["10.43.0.10"]: may not change once set'],
    },
    {
      name: "of annotations alone, which disagree then",
      from: {},
      change: {
        metadata: {
          annotations: {
            "service.kubernetes.io/topology-mode": "Auto",
            "service.kubernetes.io/topology-aware-hints": "Disabled",
          },
        },
      },
      faults: [
        'metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "Auto": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified',
      ],
    },
    {
      name: "to ports without numbers",
      from: {},
      change: { spec: { ports: [{ port: 0, protocol: "TCP", targetPort: 80 }] } },
      faults: ["spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive"],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(SERVICE, from);
    expect(await judge.update(before, merged(SERVICE, change))).toEqual(faults);
  });
});

const BALANCED: KubernetesObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    type: "LoadBalancer",
    clusterIP: "10.43.0.9",
    clusterIPs: ["10.43.0.9"],
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    ports: [{ port: 80, protocol: "TCP", targetPort: 80, nodePort: 30080 }],
    selector: { app: "web" },
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
    externalTrafficPolicy: "Cluster",
    allocateLoadBalancerNodePorts: true,
    loadBalancerClass: "example.com/one",
  },
};

describe("a new LoadBalancer", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "headless",
      change: { spec: { clusterIP: "None", clusterIPs: ["None"] } },
      faults: [
        "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services",
      ],
    },
    {
      name: "of a class that is no name",
      change: { spec: { loadBalancerClass: "Bad/Class/Name" } },
      faults: [
        "spec.loadBalancerClass: Invalid value: \"Bad/Class/Name\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ],
    },
    {
      name: "for ranges that are none",
      change: {
        spec: {
          loadBalancerSourceRanges: [
            "10.0.0.0/8 ",
            "10.0.0.0/33",
            "010.0.0.0/8",
            "10.1.0.0/8",
            "::ffff:10.0.0.0/120",
          ],
        },
      },
      faults: [
        'spec.LoadBalancerSourceRanges[1]: Invalid value: "10.0.0.0/33": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
        'spec.LoadBalancerSourceRanges[2]: Invalid value: "010.0.0.0/8": must not have leading 0s in IP or prefix length',
        'spec.LoadBalancerSourceRanges[3]: Invalid value: "10.1.0.0/8": must not have bits set beyond the prefix length',
        'spec.LoadBalancerSourceRanges[4]: Invalid value: "::ffff:10.0.0.0/120": must not have an IPv4-mapped IPv6 address',
      ],
    },
    {
      name: "of a traffic policy nobody knows",
      change: { spec: { externalTrafficPolicy: "Random" } },
      faults: [
        'spec.externalTrafficPolicy: Unsupported value: "Random": supported values: "Cluster", "Local"',
      ],
    },
    {
      name: "two ports with one node port",
      change: {
        spec: {
          ports: [
            { port: 80, protocol: "TCP", targetPort: 80, name: "a", nodePort: 30080 },
            { port: 81, protocol: "TCP", targetPort: 80, name: "b", nodePort: 30080 },
          ],
        },
      },
      faults: ["spec.ports[1].nodePort: Duplicate value: 30080"],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(BALANCED, change))).toEqual(faults);
  });
});

describe("a change of a LoadBalancer", () => {
  const rows = [
    {
      name: "to another class",
      from: {},
      change: { spec: { loadBalancerClass: "example.com/two" } },
      faults: ['spec.loadBalancerClass: Invalid value: "example.com/two": may not change once set'],
    },
    {
      name: "to a type that has no class, which goes with it",
      from: {},
      change: { spec: { type: "ClusterIP" } },
      faults: [],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(BALANCED, from);
    expect(await judge.update(before, merged(BALANCED, change))).toEqual(faults);
  });
});

describe("the status of a LoadBalancer", () => {
  const rows = [
    {
      name: "is an address and a name",
      from: {},
      change: {
        status: {
          loadBalancer: {
            ingress: [
              { ip: "010.0.0.1", ipMode: "VIP" },
              { hostname: "10.0.0.1" },
              { hostname: "-a" },
              { ip: "10.0.0.1", ipMode: "Other" },
              { hostname: "a.b", ipMode: "VIP" },
            ],
          },
        },
      },
      faults: [
        'status.loadBalancer.ingress[0].ip: Invalid value: "010.0.0.1": must not have leading 0s',
        'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
        "status.loadBalancer.ingress[2].hostname: Invalid value: \"-a\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        'status.loadBalancer.ingress[3].ipMode: Unsupported value: "Other": supported values: "Proxy", "VIP"',
        "status.loadBalancer.ingress[4].ipMode: Forbidden: may not be specified when `ip` is not set",
      ],
    },
    {
      name: "that is fine",
      from: {},
      change: { status: { loadBalancer: { ingress: [{ ip: "10.0.0.1", ipMode: "VIP" }] } } },
      faults: [],
    },
  ];

  it.each(rows)("$name", async ({ from, change, faults }) => {
    const before = merged(BALANCED, from);
    expect(await judge.status(before, change)).toEqual(faults);
  });
});

const NAMED: KubernetesObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
  spec: { type: "ExternalName", externalName: "db.example.com.", sessionAffinity: "None" },
};

describe("a new Service by another name", () => {
  const rows = [
    { name: "that is fine", change: {}, faults: [] },
    {
      name: "without one",
      change: { spec: { externalName: undefined } },
      faults: ["spec.externalName: Required value"],
    },
    {
      name: "that is none",
      change: { spec: { externalName: "-a" } },
      faults: [
        "spec.externalName: Invalid value: \"-a\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ],
    },
    {
      name: "with addresses as well",
      change: {
        spec: {
          clusterIP: "10.43.0.9",
          clusterIPs: ["10.43.0.9"],
          ipFamilies: ["IPv4"],
          ipFamilyPolicy: "SingleStack",
        },
      },
      faults: [
        "spec.clusterIPs: Forbidden: may not be set for ExternalName services",
        "spec.ipFamilies: Forbidden: may not be set for ExternalName services",
        "spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services",
      ],
    },
  ];

  it.each(rows)("$name", async ({ change, faults }) => {
    expect(await judge.create(merged(NAMED, change))).toEqual(faults);
  });
});
