// The policies allow exactly the flows: for every pair of workloads and every port anybody listens on, the evaluator of
// NetworkPolicies says yes where the graph has a flow, and no everywhere else.

import { describe, expect, it } from "vitest";

import { NAMESPACE_NAME_LABEL, TENANCY_LABEL } from "../../manifests/index.ts";
import {
  createNetworkPolicyEvaluator,
  hasPort,
  networkPolicyOf,
  type NetworkParty,
} from "../../../kubernetes/index.ts";
import type { Endpoint, Workload } from "../../../model/index.ts";
import { ENVIRONMENTS } from "../../testing/definitions.ts";
import { emissionsOf, planEnvironment, type PlannedEnvironment } from "../../testing/plan.ts";

function policies(planned: PlannedEnvironment) {
  return emissionsOf(planned)
    .filter(({ component }) => component === "network-policies")
    .flatMap(({ emission }) => emission.objects ?? []);
}

function evaluatorOf(planned: PlannedEnvironment) {
  return createNetworkPolicyEvaluator({
    namespaces: new Map(
      planned.cluster.namespaces.map(({ name, tenancy }) => [
        name,
        {
          [NAMESPACE_NAME_LABEL]: name,
          ...(tenancy === "system" ? {} : { [TENANCY_LABEL]: tenancy }),
        },
      ]),
    ),
    policies: policies(planned).map(({ object }) => networkPolicyOf(object)),
  });
}

function partyOf({ namespace, labels, ports, hostNetwork = false }: Workload): NetworkParty {
  return { kind: "pod", pod: { namespace, labels, namedPorts: ports, hostNetwork } };
}

const isWorkload = (end: Endpoint, { namespace, name }: Workload): boolean =>
  end.kind === "workload" && end.namespace === namespace && end.name === name;

/** Workloads that the API server was let through to. */
const called = new Set<string>();

describe.each(ENVIRONMENTS)("%s", (_title, definition, environment) => {
  const planned = planEnvironment(definition, environment);
  const { workloads, flows } = planned.graph;
  const evaluator = evaluatorOf(planned);
  // Pods on the node's network and pods of the distribution's namespaces are under no policy.
  const governed = workloads.filter(
    ({ namespace, hostNetwork }) => namespace !== "kube-system" && hostNetwork !== true,
  );

  it("allows a packet between two workloads exactly where there is a flow", () => {
    const wrong: string[] = [];
    let allowed = 0;
    for (const from of governed) {
      for (const to of governed.filter((other) => other !== from)) {
        const ports = evaluator.allowed(partyOf(from), partyOf(to));
        for (const { port, protocol } of to.ports) {
          const wanted = flows.some(
            (flow) =>
              isWorkload(flow.from, from) &&
              isWorkload(flow.to, to) &&
              flow.port === port &&
              flow.protocol === protocol,
          );
          if (wanted) allowed += 1;
          if (wanted !== hasPort(ports, protocol, port)) {
            wrong.push(`${from.name} → ${to.name}:${port} wanted ${wanted}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(allowed).toBeGreaterThan(5);
  });

  it("lets every pod resolve names, and only those that call the API reach it", () => {
    const { nodeRange, podRange } = planned.cluster.network;
    // Outside the pods' range the nodes are outside the cluster too, for who may reach anything there.
    const nodesAreOutside = nodeRange !== podRange;
    const node = `${nodeRange.split("/")[0]?.replace(/\.0$/, ".9")}`;
    const { dnsLabels, apiServerPort } = planned.cluster.substrate;
    const dns: NetworkParty = {
      kind: "pod",
      pod: { namespace: "kube-system", labels: dnsLabels, namedPorts: [] },
    };
    for (const workload of governed) {
      const resolves = evaluator.allowed(partyOf(workload), dns);
      expect(hasPort(resolves, "UDP", 53) && hasPort(resolves, "TCP", 53)).toBe(true);
      const api = evaluator.allowed(partyOf(workload), { kind: "address", address: node });
      expect({ name: workload.name, api: hasPort(api, "TCP", apiServerPort) }).toEqual({
        name: workload.name,
        api:
          workload.usesApi ||
          flows.some(
            ({ from, to, port: target }) =>
              nodesAreOutside &&
              target === apiServerPort &&
              to.kind === "external" &&
              isWorkload(from, workload),
          ),
      });
    }
  });

  it("lets the API server call every webhook, and every collector what it scrapes", () => {
    const node = planned.cluster.network.nodeRange.replace(/\.0\/\d+$/, ".9");
    for (const { webhookPort, ...workload } of governed) {
      if (webhookPort === undefined) continue;
      called.add(workload.name);
      const ports = evaluator.allowed({ kind: "address", address: node }, partyOf(workload));
      expect({ name: workload.name, called: hasPort(ports, "TCP", webhookPort) }).toEqual({
        name: workload.name,
        called: true,
      });
    }
    const collectors = governed.filter(({ collectsMetrics }) => collectsMetrics === true);
    const scraped = governed.filter(({ metrics }) => metrics !== undefined);
    const missed = collectors.flatMap((from) =>
      scraped
        .filter((to) => to !== from)
        .filter(({ metrics, ...to }) => {
          const ports = evaluator.allowed(partyOf(from), partyOf(to));
          return !hasPort(ports, "TCP", metrics?.port ?? 0);
        })
        .map(({ name }) => `${from.name} → ${name}`),
    );
    expect(missed).toEqual([]);
  });

  it("lets nobody out but those with a flow to the outside, and nobody to the metadata service", () => {
    for (const workload of governed) {
      const out = flows.filter(
        ({ from, to }) => isWorkload(from, workload) && to.kind === "external",
      );
      const anywhere = out.some(({ to }) => to.kind === "external" && to.addresses.length === 0);
      const to = (address: string) =>
        evaluator.allowed(partyOf(workload), { kind: "address", address });
      expect({ name: workload.name, out: hasPort(to("203.0.113.9"), "TCP", 443) }).toEqual({
        name: workload.name,
        out: anywhere && out.some(({ port }) => port === 443),
      });
      expect(hasPort(to("169.254.169.254"), "TCP", 80)).toBe(false);
      expect(hasPort(to("169.254.169.254"), "TCP", 443)).toBe(false);
    }
  });

  it("says why each allowance is there", () => {
    const allowances = policies(planned).filter(
      ({ object }) => object.metadata.name !== "default-deny",
    );
    for (const { comment } of allowances) expect(comment).toMatch(/ → .*: .* on port \d+/);
  });
});

describe("the environments together", () => {
  it("hold every system that the API server calls", () => {
    expect([...called].toSorted()).toEqual([
      "calico-apiserver",
      "cert-manager-webhook",
      "cloudnative-pg",
      "external-secrets-webhook",
      "gatekeeper-controller-manager",
      "istiod",
      "keda-admission-webhooks",
      "keda-operator-metrics-apiserver",
      "linkerd-destination",
      "linkerd-proxy-injector",
      "metallb-controller",
      "trust-manager",
      "vault-injector-agent-injector",
    ]);
  });
});
