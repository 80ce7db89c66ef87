import { describe, expect, it } from "vitest";

import type { KubernetesObject } from "../../kubernetes/index.ts";
import type { Flow, Workload } from "../../model/index.ts";
import { createGraph } from "../../graph/index.ts";
import { viewOf } from "../testing/platform.ts";
import { checkMeshFlows } from "./mesh-flows.ts";

const member = (name: string): Workload => ({
  kind: "Deployment",
  name,
  namespace: "shop",
  labels: { app: name },
  serviceAccount: name,
  replicas: 1,
  ports: [],
  services: [],
  containers: [],
  usesApi: false,
  mesh: {},
  component: "test",
  origin: ["apps", name],
});
const end = (name: string) => ({ kind: "workload", namespace: "shop", name }) as const;
const flow: Flow = {
  name: "web-to-api",
  from: end("web"),
  to: end("api"),
  port: 8080,
  protocol: "TCP",
  purpose: "app",
  application: "http",
  encryption: "mtls",
  origin: ["apps", "web", "needs", 0],
};
const object = (kind: string, name: string, namespace: string, spec: object): KubernetesObject => ({
  apiVersion: "security.istio.io/v1",
  kind,
  metadata: { name, namespace },
  spec,
});
const strict = object("PeerAuthentication", "default", "istio-system", {
  mtls: { mode: "STRICT" },
});
const deny = object("AuthorizationPolicy", "deny-by-default", "istio-system", {});
const callers = (principals: readonly string[]): KubernetesObject =>
  object("AuthorizationPolicy", "api", "shop", {
    selector: { matchLabels: { app: "api" } },
    action: "ALLOW",
    rules: [{ from: [{ source: { principals } }], to: [{ operation: { ports: ["8080"] } }] }],
  });
const WEB = "cluster.local/ns/shop/sa/web";

interface Case {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  readonly codes: readonly string[];
}

const CASES: readonly Case[] = [
  { name: "exactly the graph's callers", objects: [strict, deny, callers([WEB])], codes: [] },
  {
    name: "a caller is left out",
    objects: [strict, deny],
    codes: ["verify/mesh-refuses-flow"],
  },
  {
    name: "anybody with a certificate",
    objects: [strict, deny, callers(["*"])],
    codes: ["verify/mesh-admits-stranger"],
  },
  {
    name: "no policy at all",
    objects: [],
    codes: ["verify/mesh-admits-stranger", "verify/mesh-admits-stranger"],
  },
];

describe("the policies of a mesh", () => {
  it.each(CASES)("$name", ({ objects, codes }) => {
    const mesh = {
      slot: "mesh",
      component: "istio",
      provides: ["meshAuthorization"],
      needs: [],
      options: {},
      path: ["mesh"],
    };
    const workloads = [member("web"), member("api")];
    const setup = { objects, workloads, flows: [flow], cluster: { slots: [mesh] } };
    const view = { ...viewOf(setup), graph: createGraph(workloads, [flow]) };
    expect([...checkMeshFlows(view)].map(({ code }) => code)).toEqual(codes);
  });
});
