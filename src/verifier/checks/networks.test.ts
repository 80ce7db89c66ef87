// Ports and address ranges that collide.

import { describeChecks } from "../testing/check-rows.ts";
import { object } from "../testing/objects.ts";
import { checkAddressRanges } from "./address-ranges.ts";
import { checkHostPorts } from "./host-ports.ts";

describeChecks([
  {
    name: "Services of one node port",
    check: checkHostPorts,
    broken: {
      objects: ["a", "b"].map((name) =>
        object("v1", "Service", name, { spec: { ports: [{ port: 1, nodePort: 30080 }] } }),
      ),
    },
    codes: ["verify/contested-port"],
    repaired: {
      objects: [
        object("v1", "Service", "a", {
          spec: {
            ports: [
              { port: 1, nodePort: 30080 },
              { port: 1, nodePort: 30080, protocol: "UDP" },
            ],
          },
        }),
      ],
    },
  },
  {
    name: "services inside the nodes' network (T-08)",
    check: checkAddressRanges,
    broken: {
      cluster: {
        network: {
          podRange: "10.244.0.0/16",
          serviceRange: "10.96.0.0/12",
          nodeRange: "10.100.0.0/16",
        },
      },
    },
    codes: ["verify/overlapping-ranges"],
    repaired: {
      cluster: {
        network: {
          podRange: "10.244.0.0/16",
          serviceRange: "10.96.0.0/16",
          nodeRange: "10.100.0.0/16",
        },
      },
    },
  },
  {
    name: "load balancer addresses off the nodes' network",
    check: checkAddressRanges,
    broken: {
      cluster: {
        network: {
          podRange: "10.42.0.0/16",
          serviceRange: "10.43.0.0/16",
          nodeRange: "172.18.0.0/16",
          loadBalancerRange: "172.19.255.200-172.19.255.250",
        },
      },
    },
    codes: ["verify/load-balancer-outside"],
    repaired: {
      cluster: {
        network: {
          podRange: "10.42.0.0/16",
          serviceRange: "10.43.0.0/16",
          nodeRange: "172.18.0.0/16",
          loadBalancerRange: "172.18.255.200-172.18.255.250",
        },
      },
    },
  },
]);
