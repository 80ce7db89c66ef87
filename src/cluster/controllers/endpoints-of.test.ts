// Cases of kubernetes staging/src/k8s.io/endpointslice/{utils,trafficdist/trafficdist}_test.go @ v1.36 on the pure function.

import { describe, expect, test } from "vitest";
import type { Node, Pod } from "../../kubernetes/index.ts";
import { groupEndpoints } from "./endpoints-of.ts";
import type { Endpoint, Service } from "./service-kinds.ts";

const ZONE = "topology.kubernetes.io/zone";
const nodeOf = (name: string): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: name === "bare" ? {} : { [ZONE]: `zone-of-${name}` } },
});

interface Shape {
  readonly ready?: boolean;
  readonly terminating?: boolean;
  readonly phase?: "Running" | "Succeeded";
  readonly nodeName?: string;
  readonly spec?: Partial<Pod["spec"]>;
}
function pod({
  ready = true,
  terminating = false,
  phase = "Running",
  nodeName = "n",
  spec,
}: Shape): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "p",
      namespace: "d",
      ...(terminating ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
    },
    spec: {
      nodeName,
      containers: [{ name: "c", ports: [{ name: "web", containerPort: 8080 }] }],
      ...spec,
    },
    status: {
      phase,
      podIP: "10.0.0.1",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
    },
  };
}
const service = (spec: Service["spec"] = {}): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "s", namespace: "d" },
  spec: { ports: [{ port: 80 }], ...spec },
});
function endpointOf(shape: Shape, spec?: Service["spec"]): Endpoint | undefined {
  return groupEndpoints(service(spec), [pod(shape)], nodeOf)[0]?.endpoints[0];
}

describe("conditions of an endpoint", () => {
  test.each([
    {
      name: "ready",
      shape: {},
      spec: {},
      want: { ready: true, serving: true, terminating: false },
    },
    {
      name: "not ready",
      shape: { ready: false },
      spec: {},
      want: { ready: false, serving: false, terminating: false },
    },
    {
      name: "not ready, published all the same",
      shape: { ready: false },
      spec: { publishNotReadyAddresses: true },
      want: { ready: true, serving: true, terminating: false },
    },
    {
      name: "ready and terminating",
      shape: { terminating: true },
      spec: {},
      want: { ready: false, serving: true, terminating: true },
    },
    {
      name: "not ready and terminating",
      shape: { ready: false, terminating: true },
      spec: {},
      want: { ready: false, serving: false, terminating: true },
    },
  ])("$name", ({ shape, spec, want }) => {
    expect(endpointOf(shape, spec)?.conditions).toEqual(want);
  });

  test("a pod that has ended is no endpoint", () => {
    expect(endpointOf({ phase: "Succeeded" })).toBeUndefined();
  });

  test.each([
    { name: "its subdomain is the Service", spec: { hostname: "h", subdomain: "s" }, want: "h" },
    { name: "another subdomain", spec: { hostname: "h", subdomain: "x" }, want: undefined },
    { name: "no subdomain", spec: { hostname: "h" }, want: undefined },
  ])("host name: $name", ({ spec, want }) => {
    expect(endpointOf({ spec })?.hostname).toBe(want);
  });
});

describe("ports of endpoints", () => {
  test.each([
    { name: "the target defaults to the port", ports: [{ port: 80 }], want: [80] },
    { name: "a number", ports: [{ port: 80, targetPort: 9 }], want: [9] },
    { name: "a name", ports: [{ port: 80, targetPort: "web" }], want: [8080] },
    {
      name: "an unknown name is left out",
      ports: [{ port: 80, targetPort: "nope" }, { port: 81 }],
      want: [81],
    },
    {
      name: "the name of another protocol",
      ports: [{ port: 80, targetPort: "web", protocol: "UDP" }],
      want: [],
    },
  ])("$name", ({ ports, want }) => {
    const [group] = groupEndpoints(service({ ports }), [pod({})], nodeOf);
    expect(group?.ports.map(({ port }) => port)).toEqual(want);
  });
});

describe("hints by trafficDistribution", () => {
  const zone = { forZones: [{ name: "zone-of-n" }] };
  test.each([
    { name: "none asked for", prefers: undefined, shape: {}, want: undefined },
    { name: "PreferClose", prefers: "PreferClose", shape: {}, want: zone },
    { name: "PreferSameZone", prefers: "PreferSameZone", shape: {}, want: zone },
    {
      name: "PreferSameNode",
      prefers: "PreferSameNode",
      shape: {},
      want: { ...zone, forNodes: [{ name: "n" }] },
    },
    { name: "not ready", prefers: "PreferClose", shape: { ready: false }, want: undefined },
    {
      name: "a node without a zone",
      prefers: "PreferClose",
      shape: { nodeName: "bare" },
      want: undefined,
    },
    {
      name: "no zone, same node",
      prefers: "PreferSameNode",
      shape: { nodeName: "bare" },
      want: { forNodes: [{ name: "bare" }] },
    },
    { name: "an unknown wish", prefers: "Unknown", shape: {}, want: undefined },
  ])("$name", ({ prefers, shape, want }) => {
    const spec = prefers === undefined ? {} : { trafficDistribution: prefers };
    expect(endpointOf(shape, spec)?.hints).toEqual(want);
  });
});
