// Rules by name and request: with them every question about pods, addresses and ports has the answer it had without; beyond that a
// collector may GET metrics and nothing else, and a party outside is reached by its name alone.

import { describe, expect, it } from "vitest";

import {
  builtinKinds,
  createKindRegistry,
  createNetworkPolicyEvaluator,
  formatPorts,
  networkPolicyOf,
  validateObject,
  type KubernetesObject,
  type NetworkParty,
} from "../../../kubernetes/index.ts";
import type { EmittedObject } from "../../../model/index.ts";
import { NAMESPACE_NAME_LABEL, TENANCY_LABEL } from "../../manifests/index.ts";
import { ENVIRONMENTS } from "../../testing/definitions.ts";
import { emissionsOf, planEnvironment, type PlannedEnvironment } from "../../testing/plan.ts";
import { ciliumCrdFacts } from "./crds.facts.ts";
import { NAMED_POLICY } from "./named-policies.ts";

const planWith = (definition: object, environment: string, byName: boolean): PlannedEnvironment =>
  planEnvironment({ ...definition, cni: { kind: "cilium", byName } }, environment);

/** Where Cilium may make the pods' network. */
const CLUSTERS = ENVIRONMENTS.filter(
  ([, definition, environment]) =>
    planEnvironment(definition, environment).cluster.substrate.podNetwork === "choosable",
);

const objectsOf = (planned: PlannedEnvironment): readonly EmittedObject[] =>
  emissionsOf(planned).flatMap(({ emission }) => emission.objects ?? []);

function evaluatorOf(planned: PlannedEnvironment) {
  const namespaces = new Map(
    planned.cluster.namespaces.map(({ name, tenancy }) => [
      name,
      {
        [NAMESPACE_NAME_LABEL]: name,
        ...(tenancy === "system" ? {} : { [TENANCY_LABEL]: tenancy }),
      },
    ]),
  );
  const policies = objectsOf(planned).flatMap(({ object, policy }) =>
    object.kind === "NetworkPolicy" ? networkPolicyOf(object) : (policy ?? []),
  );
  return createNetworkPolicyEvaluator({ namespaces, policies });
}

/** Every workload under policies, the cluster's DNS, a node, the metadata service and somebody outside. */
function partiesOf({ cluster, graph }: PlannedEnvironment): Map<string, NetworkParty> {
  const pods = graph.workloads
    .filter(({ hostNetwork }) => hostNetwork !== true)
    .map(({ namespace, name, labels, ports }): [string, NetworkParty] => [
      `${namespace}/${name}`,
      { kind: "pod", pod: { namespace, labels, namedPorts: ports } },
    ]);
  const dns = { namespace: "kube-system", labels: cluster.substrate.dnsLabels, namedPorts: [] };
  const node = cluster.network.nodeRange.replace(/\.0\/\d+$/, ".9");
  const addresses = [node, "169.254.169.254", "203.0.113.9"].map(
    (address): [string, NetworkParty] => [address, { kind: "address", address }],
  );
  return new Map([...pods, ["dns", { kind: "pod", pod: dns }], ...addresses]);
}

const named = (planned: PlannedEnvironment): readonly KubernetesObject[] =>
  objectsOf(planned).flatMap(({ object }) => (object.kind === NAMED_POLICY.kind ? object : []));

interface Rule {
  readonly toFQDNs?: readonly { readonly matchName?: string }[];
  readonly toPorts: readonly {
    readonly rules?: {
      readonly http?: readonly { readonly method: string; readonly path: string }[];
    };
  }[];
}

const rulesOf = ({ spec }: KubernetesObject): readonly Rule[] => {
  // As it was emitted above.
  const { ingress = [], egress = [] } = spec as Readonly<Record<string, readonly Rule[]>>;
  return [...ingress, ...egress];
};

/** As Envoy matches: the whole of both. */
const letsThrough = (object: KubernetesObject, method: string, path: string): boolean =>
  rulesOf(object)
    .flatMap(({ toPorts }) => toPorts.flatMap(({ rules }) => rules?.http ?? []))
    .some(
      (rule) =>
        new RegExp(`^(?:${rule.method})$`).test(method) &&
        new RegExp(`^(?:${rule.path})$`).test(path),
    );

describe.each(CLUSTERS)("%s", (_title, definition, environment) => {
  const plain = planWith(definition, environment, false);
  const narrowed = planWith(definition, environment, true);

  it("gives the same verdict about every pair and port", () => {
    const parties = [...partiesOf(plain)];
    const [before, after] = [evaluatorOf(plain), evaluatorOf(narrowed)];
    const differences = parties.flatMap(([from, source]) =>
      parties.flatMap(([to, destination]) => {
        const was = formatPorts(before.allowed(source, destination));
        const is = formatPorts(after.allowed(source, destination));
        return was === is ? [] : [`${from} → ${to}: ${is} instead of ${was}`];
      }),
    );
    expect(differences).toEqual([]);
  });

  it("is valid by the published definition, each in place of a portable policy", () => {
    const kind = createKindRegistry(builtinKinds(), ciliumCrdFacts).find(
      NAMED_POLICY.apiVersion,
      NAMED_POLICY.kind,
    );
    const own = named(narrowed);
    expect(own.length).toBeGreaterThan(0);
    expect(kind).toBeDefined();
    expect(
      own.flatMap((object) => (kind === undefined ? [] : validateObject(object, kind))),
    ).toEqual([]);
    const portable = (planned: PlannedEnvironment): number =>
      objectsOf(planned).filter(({ object }) => object.kind === "NetworkPolicy").length;
    expect([named(plain).length, portable(plain) - portable(narrowed)]).toEqual([0, own.length]);
  });
});

describe("what names and requests add", () => {
  const all = CLUSTERS.flatMap(([, definition, environment]) =>
    named(planWith(definition, environment, true)),
  );
  const scraped = all.filter((object) => letsThrough(object, "GET", "/metrics"));
  const outwards = all.filter((object) => rulesOf(object).some(({ toFQDNs }) => toFQDNs));

  it.each([
    { name: "GET of metrics", method: "GET", path: "/metrics", passes: true },
    { name: "POST there", method: "POST", path: "/metrics", passes: false },
    { name: "GET of something else", method: "GET", path: "/admin", passes: false },
    { name: "GET of more", method: "GET", path: "/metrics/../admin", passes: false },
    { name: "a word that contains it", method: "GETX", path: "/metrics", passes: false },
  ])("a collector: $name: $passes", ({ method, path, passes }) => {
    expect(scraped.length).toBeGreaterThan(5);
    expect(new Set(scraped.map((object) => letsThrough(object, method, path)))).toEqual(
      new Set([passes]),
    );
  });

  it("a party outside is named, and whoever reaches one may look names up", () => {
    expect(outwards.length).toBeGreaterThan(0);
    for (const object of outwards) {
      expect(JSON.stringify(rulesOf(object))).toMatch(
        /"match(Name|Pattern)":"[*a-z0-9.-]+\.[a-z]+"/,
      );
      const lookups = all.filter(
        ({ metadata, spec }) =>
          metadata.namespace === object.metadata.namespace &&
          JSON.stringify(spec).includes('"dns":[{"matchPattern":"*"}]'),
      );
      expect(lookups.length).toBeGreaterThan(0);
    }
  });
});
