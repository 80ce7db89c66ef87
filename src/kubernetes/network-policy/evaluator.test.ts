import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

import { printSkip } from "../../../tests/skip.ts";
import { isRecord, parseCidr, parseRange, rangeContains } from "../../core/index.ts";
import type { KubernetesObject } from "../object.ts";
import type { NetworkParty, NetworkPod, NetworkPolicyModel } from "./network-model.ts";
import { createNetworkPolicyEvaluator } from "./evaluator.ts";
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule } from "./network-policy.ts";
import { networkPolicyOf } from "./network-policy.ts";
import { createReachability } from "./reachability.ts";
import { ALL_PORTS, formatPorts, hasPort, isEmptyPorts, subtractPorts } from "./port-set.ts";

/** Reads the API's sentences one by one, for one packet; slow on purpose. */
function bruteAllows(
  { namespaces, policies }: NetworkPolicyModel,
  from: NetworkParty,
  to: NetworkParty,
  protocol: "TCP" | "UDP" | "SCTP",
  port: number,
): boolean {
  const has = (wanted: Readonly<Record<string, string>> | undefined, labels: object): boolean =>
    Object.entries(wanted ?? {}).every(([key, value]) =>
      Object.entries(labels).some(([k, v]) => k === key && v === value),
    );
  const isPeer = (policy: NetworkPolicy, peer: NetworkPolicyPeer, other: NetworkParty): boolean => {
    if (peer.ipBlock) {
      const address = other.kind === "address" ? other.address : other.pod.address;
      const inside = (block: string): boolean => {
        const [outer, inner] = [parseCidr(block), parseRange(address ?? "")];
        return outer !== undefined && inner !== undefined && rangeContains(outer, inner);
      };
      return (
        address !== undefined &&
        inside(peer.ipBlock.cidr) &&
        !(peer.ipBlock.except ?? []).some(inside)
      );
    }
    if (other.kind === "address" || other.pod.hostNetwork) return false;
    const labels = {
      ...namespaces.get(other.pod.namespace),
      "kubernetes.io/metadata.name": other.pod.namespace,
    };
    const namespace = peer.namespaceSelector
      ? has(peer.namespaceSelector.matchLabels, labels)
      : other.pod.namespace === policy.namespace;
    return namespace && (!peer.podSelector || has(peer.podSelector.matchLabels, other.pod.labels));
  };
  const isPort = (rule: NetworkPolicyRule): boolean =>
    (rule.ports ?? []).length === 0 ||
    (rule.ports ?? []).some((entry) => {
      if ((entry.protocol ?? "TCP") !== protocol) return false;
      if (entry.port === undefined) return true;
      if (typeof entry.port === "number")
        return port >= entry.port && port <= (entry.endPort ?? entry.port);
      return (
        to.kind === "pod" &&
        to.pod.namedPorts.some(
          (named) =>
            named.name === entry.port && named.port === port && named.protocol === protocol,
        )
      );
    });
  const side = (
    self: NetworkParty,
    other: NetworkParty,
    direction: "Ingress" | "Egress",
  ): boolean => {
    if (self.kind === "address" || self.pod.hostNetwork) return true;
    const { pod } = self;
    const selecting = policies.filter(
      (policy) =>
        policy.namespace === pod.namespace &&
        has(policy.podSelector.matchLabels, pod.labels) &&
        policy.directions.includes(direction),
    );
    return (
      selecting.length === 0 ||
      selecting.some((policy) =>
        (direction === "Ingress" ? policy.ingress : policy.egress).some(
          (rule) =>
            isPort(rule) &&
            ((rule.peers ?? []).length === 0 ||
              (rule.peers ?? []).some((peer) => isPeer(policy, peer, other))),
        ),
      )
    );
  };
  const same = from.kind === "pod" && to.kind === "pod" && from.pod === to.pod;
  return same || (side(from, to, "Egress") && side(to, from, "Ingress"));
}

const labels = fc.dictionary(fc.constantFrom("app", "tier"), fc.constantFrom("a", "b"), {
  maxKeys: 2,
});
const selector = fc.record({ matchLabels: labels });
const namespace = fc.constantFrom("shop", "data");
const protocol = fc.constantFrom("TCP" as const, "UDP" as const);
const optional = { requiredKeys: [] };
const peer = fc.oneof(
  fc.record({ podSelector: selector, namespaceSelector: selector }, optional),
  fc.record({
    ipBlock: fc.record(
      {
        cidr: fc.constantFrom("0.0.0.0/0", "10.0.0.0/8"),
        except: fc.subarray(["10.1.0.0/16", "192.168.0.0/16"]),
      },
      { requiredKeys: ["cidr"] },
    ),
  }),
);
const port = fc.oneof(
  fc.record({ protocol, port: fc.constantFrom(1, 3, "http", "other") }, optional),
  fc.record({ protocol, port: fc.constant(1), endPort: fc.constantFrom(1, 2) }),
);
const rule = fc.record(
  { peers: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
  optional,
);
const policy: fc.Arbitrary<NetworkPolicy> = fc.record({
  name: fc.constant("policy"),
  namespace,
  podSelector: selector,
  directions: fc.subarray<"Ingress" | "Egress">(["Ingress", "Egress"], { minLength: 1 }),
  ingress: fc.array(rule, { maxLength: 2 }),
  egress: fc.array(rule, { maxLength: 2 }),
}) as fc.Arbitrary<NetworkPolicy>;
const pod = fc.record(
  {
    namespace,
    labels,
    namedPorts: fc.subarray([
      { name: "http", port: 3, protocol: "TCP" as const },
      { name: "http", port: 2, protocol: "UDP" as const },
    ]),
    address: fc.constantFrom("10.1.0.5", "10.2.0.5"),
    hostNetwork: fc.boolean(),
  },
  { requiredKeys: ["namespace", "labels", "namedPorts"] },
) as fc.Arbitrary<NetworkPod>;
const party: fc.Arbitrary<NetworkParty> = fc.oneof(
  { weight: 3, arbitrary: pod.map((value) => ({ kind: "pod" as const, pod: value })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("8.8.8.8", "10.1.2.3")
      .map((address) => ({ kind: "address" as const, address })),
  },
);

describe("network policy evaluator", () => {
  it("agrees with a packet-by-packet reading of the API", () => {
    const model = fc.record({
      policies: fc.array(policy, { maxLength: 4 }),
      namespaces: fc.tuple(labels, labels).map(
        ([a, b]) =>
          new Map([
            ["shop", a],
            ["data", b],
          ]),
      ),
    });
    fc.assert(
      fc.property(model, party, party, (network, from, to) => {
        const ports = createNetworkPolicyEvaluator(network).allowed(from, to);
        expect(createReachability(network, [from, to]).allowed(from, to)).toEqual(ports);
        for (const proto of ["TCP", "UDP", "SCTP"] as const) {
          for (const number of [1, 2, 3, 4]) {
            expect(hasPort(ports, proto, number)).toBe(
              bruteAllows(network, from, to, proto, number),
            );
          }
        }
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    { name: "no types, no egress rules", spec: { podSelector: {} }, directions: ["Ingress"] },
    { name: "egress rules", spec: { egress: [{}] }, directions: ["Ingress", "Egress"] },
    { name: "stated types", spec: { policyTypes: ["Egress"] }, directions: ["Egress"] },
  ])("reads policyTypes: $name", ({ spec, directions }) => {
    const object = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "p" },
      spec,
    };
    expect(networkPolicyOf(object).directions).toEqual(directions);
  });
});

const FIXTURES = join(
  process.env["KEELSON_TEST_DATA"] ?? "../shared/data",
  "network-policy/netpol-analyzer",
);
/** Kinds that change who may talk to whom and are none of NetworkPolicy's business. */
const FOREIGN =
  /^(Baseline)?AdminNetworkPolicy$|UserDefinedNetwork|NetworkAttachment|VirtualMachine/;
const WORKLOADS = new Set(["Pod", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"]);

interface Fixture {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  readonly expected: string;
}

function readFixtures(): Fixture[] {
  if (!existsSync(FIXTURES)) return [];
  return readdirSync(join(FIXTURES, "tests")).flatMap((name) => {
    const answer = join(FIXTURES, "expected", `${name}_connlist_output.txt`);
    if (!existsSync(answer)) return [];
    const objects = filesBelow(join(FIXTURES, "tests", name)).flatMap(readObjects);
    const known = !objects.some(({ kind }) => FOREIGN.test(kind));
    return known ? [{ name, objects, expected: readFileSync(answer, "utf8") }] : [];
  });
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return /\.(ya?ml|json)$/.test(path) ? [path] : [];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

function readObjects(file: string): KubernetesObject[] {
  const documents = parseAllDocuments(readFileSync(file, "utf8"));
  if (!Array.isArray(documents)) return [];
  // Fixtures hold Kubernetes objects and lists of them.
  const objects = documents.map((document) => document.toJS() as KubernetesObject).filter(isRecord);
  return (objects as KubernetesObject[]).flatMap((object) => {
    if (!Array.isArray(object["items"])) return [object];
    // Items of a PodList do not repeat their kind.
    const kind = object.kind.replace(/List$/, "");
    return object["items"].map((item) => ({
      ...(item as KubernetesObject),
      kind: kind || (item as KubernetesObject).kind,
    }));
  });
}

/** `namespace/name[Kind]` as the analyser prints it → the pod. */
function workloadsOf(objects: readonly KubernetesObject[]): Map<string, NetworkPod> {
  const pods = new Map<string, NetworkPod>();
  for (const { kind, metadata, spec } of objects) {
    if (!WORKLOADS.has(kind) || !isRecord(spec)) continue;
    const template = isRecord(spec["template"]) ? spec["template"] : { metadata, spec };
    const { metadata: podMeta, spec: podSpec } = template as {
      metadata?: { labels?: Record<string, string> };
      spec?: {
        containers?: { ports?: { name?: string; containerPort: number; protocol?: "TCP" }[] }[];
      };
    };
    const ports = (podSpec?.containers ?? []).flatMap(({ ports: declared = [] }) => declared);
    const owner = metadata.ownerReferences?.[0] ?? { kind, name: metadata.name };
    pods.set(`${metadata.namespace ?? "default"}/${owner.name}[${owner.kind ?? "Pod"}]`, {
      namespace: metadata.namespace ?? "default",
      labels: podMeta?.labels ?? {},
      namedPorts: ports.flatMap(({ name, containerPort, protocol: proto = "TCP" }) =>
        name === undefined ? [] : [{ name, port: containerPort, protocol: proto }],
      ),
    });
  }
  return pods;
}

/** Only pairs of pods: the analyser cuts addresses into ranges in its own way. */
function podLines(text: string): string[] {
  return text
    .split("\n")
    .filter(
      (line) =>
        line.includes(" => ") &&
        !line.includes("[External]") &&
        !line.includes("ingress-controller"),
    )
    .toSorted();
}

const fixtures = readFixtures();
if (fixtures.length === 0) printSkip("network policy", "published analyser answers not found");

describe("a public analyser's answers", () => {
  it.skipIf(fixtures.length === 0)("has fixtures to compare with", () => {
    expect(fixtures.length).toBeGreaterThan(20);
  });

  it.each(fixtures)("$name", ({ objects, expected }) => {
    const pods = workloadsOf(objects);
    const namespaces = new Map(
      objects
        .filter(({ kind }) => kind === "Namespace")
        .map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
    );
    const policies = objects.filter(({ kind }) => kind === "NetworkPolicy").map(networkPolicyOf);
    const evaluator = createNetworkPolicyEvaluator({ namespaces, policies });
    const found: string[] = [];
    for (const [from, source] of pods) {
      for (const [to, destination] of pods) {
        if (from === to) continue;
        const ports = evaluator.allowed(
          { kind: "pod", pod: source },
          { kind: "pod", pod: destination },
        );
        if (isEmptyPorts(ports)) continue;
        const all = isEmptyPorts(subtractPorts(ALL_PORTS, ports));
        found.push(
          `${from} => ${to} : ${all ? "All Connections" : formatPorts(ports).replaceAll(", ", ",")}`,
        );
      }
    }
    expect(found.toSorted()).toEqual(podLines(expected));
  });
});
