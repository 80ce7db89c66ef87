// One way in, and nothing open beside it that does not say why.

import type { PlannedExposure } from "../../model/index.ts";
import { describeChecks } from "../testing/check-rows.ts";
import { object, web } from "../testing/objects.ts";
import { checkExposures } from "./exposures.ts";

const open = (type: string) =>
  object("v1", "Service", "web", { spec: { type, ports: [{ port: 1 }] } });
const said = (name: string, more: Partial<PlannedExposure> = {}): PlannedExposure => ({
  name,
  opens: { kind: "service", namespace: "shop", name: "web" },
  ports: [1],
  reason: "a partner asks by its own protocol",
  allowFrom: ["203.0.113.0/24"],
  limit: "50 connections",
  origin: ["exposures", name],
  ...more,
});
const declared = { exposures: [said("partner")] };

describeChecks([
  ...["LoadBalancer", "NodePort"].map((type) => ({
    name: `a Service of type ${type} that nothing explains`,
    check: checkExposures,
    broken: { objects: [open(type)] },
    codes: ["verify/undeclared-entry"],
    repaired: { objects: [open(type)], cluster: declared },
  })),
  {
    name: "a Service with an outside address",
    check: checkExposures,
    broken: {
      objects: [object("v1", "Service", "web", { spec: { externalIPs: ["192.0.2.7"] } })],
    },
    codes: ["verify/undeclared-entry"],
    repaired: { objects: [object("v1", "Service", "web", { spec: {} })] },
  },
  {
    name: "a pod that takes a port of its node",
    check: checkExposures,
    broken: { objects: [web({}, { ports: [{ containerPort: 8080, hostPort: 8080 }] })] },
    codes: ["verify/undeclared-port"],
    repaired: { objects: [web()] },
  },
  {
    name: "a port of the machine beside those of the ingress",
    check: checkExposures,
    broken: {
      cluster: {
        network: {
          podRange: "10.42.0.0/16",
          serviceRange: "10.43.0.0/16",
          nodeRange: "172.18.0.0/16",
          hostPorts: { http: 8080, https: 8443, api: 6443, registry: 5000 },
        },
        exposures: [said("api", { opens: { kind: "machine-port", name: "api" } })],
      },
    },
    codes: ["verify/undeclared-port"],
    repaired: {
      cluster: {
        network: {
          podRange: "10.42.0.0/16",
          serviceRange: "10.43.0.0/16",
          nodeRange: "172.18.0.0/16",
          hostPorts: { http: 8080, https: 8443, api: 6443, registry: 5000 },
        },
        exposures: ["api", "registry"].map((name) =>
          said(name, { opens: { kind: "machine-port", name } }),
        ),
      },
    },
  },
  {
    name: "two ways in for routes",
    check: checkExposures,
    broken: {
      objects: [open("LoadBalancer")],
      cluster: { exposures: [said("a", { entry: true }), said("b", { entry: true })] },
    },
    codes: ["verify/several-entries"],
    repaired: {
      objects: [open("LoadBalancer")],
      cluster: { exposures: [said("a", { entry: true }), said("b")] },
    },
  },
  {
    name: "an exposure of nothing",
    check: checkExposures,
    broken: { cluster: declared },
    codes: ["verify/exposes-nothing"],
    repaired: { objects: [open("LoadBalancer")], cluster: declared },
  },
]);
