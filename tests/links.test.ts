// Links between sites, and what is asked for and not emitted.

import { describe, expect, it } from "vitest";

import { compile } from "../src/compiler/index.ts";
import {
  argocd,
  digitalocean,
  doks,
  nginxGatewayFabric,
  onPremise,
  registry,
  sealedSecrets,
  talos,
  wireguard,
} from "../src/components/index.ts";
import { formatPath, type Diagnostic } from "../src/core/index.ts";
import { builtinKinds, createKindRegistry } from "../src/kubernetes/index.ts";
import { parseDefinition, SHIPPED_CATALOGUE, updateLock } from "../src/model/index.ts";
import { verify } from "../src/verifier/index.ts";

const KINDS = createKindRegistry(builtinKinds());

function findingsOf(definition: unknown): Diagnostic[] {
  const parsed = parseDefinition(definition, registry).value;
  if (parsed === undefined) throw new Error("the definition can be read");
  const { lock } = updateLock(parsed, SHIPPED_CATALOGUE, undefined).value ?? {};
  const { value: compiled, diagnostics } = compile({ definition, registry, lock, sealed: {} });
  if (compiled === undefined) throw new Error(JSON.stringify(diagnostics));
  return verify({ compiled, kinds: KINDS });
}

const HYBRID = {
  name: "harbour",
  domain: "harbour.example.com",
  sites: {
    cloud: digitalocean({ region: "nyc3", network: "10.100.0.0/16" }),
    office: onPremise({ network: "192.168.0.0/16" }),
  },
  clusters: {
    cloud: doks({
      site: "cloud",
      kubernetes: "1.35",
      nodes: { min: 3, max: 5, size: "s-4vcpu-8gb" },
    }),
    office: talos({ site: "office", kubernetes: "1.35", networkPolicy: true }),
  },
  environments: { prod: { clusters: ["cloud"], scale: "highly-available" } },
  delivery: argocd({ repository: "https://git.example.com/harbour" }),
  ingress: nginxGatewayFabric(),
  secrets: { sealed: sealedSecrets() },
  overrides: {},
};
const BETWEEN = ["cloud", "office"];
const INTERNAL = { clusters: ["office"], scale: "single" };

/** `code path` of what is worth a look. */
function found(change: object, codes: RegExp): string[] {
  return findingsOf({ ...HYBRID, ...change })
    .filter(({ code }) => codes.test(code))
    .map(({ code, path }) => `${code} ${formatPath(path)}`);
}

describe("links", () => {
  const twoSites = {
    environments: { ...HYBRID.environments, internal: INTERNAL },
    overrides: { internal: { ingress: null } },
  };

  it.each([
    {
      name: "route every home network (T-10)",
      links: [wireguard({ between: BETWEEN })],
      expected: ["verify/link-routes-home-networks links[0]"],
    },
    {
      name: "route the part in use",
      links: [wireguard({ between: BETWEEN, routes: { office: ["192.168.40.0/22"] } })],
      expected: [],
    },
    {
      name: "route what is elsewhere",
      links: [wireguard({ between: BETWEEN, routes: { office: ["10.9.0.0/16"] } })],
      expected: ["verify/link-route-outside-site links[0].routes.office"],
    },
    {
      name: "route to a third site",
      links: [
        wireguard({
          between: BETWEEN,
          routes: { office: ["192.168.40.0/22"], shed: ["10.9.0.0/16"] },
        }),
      ],
      expected: ["verify/link-unknown-site links[0].routes.shed"],
    },
    {
      name: "have addresses of a network they join",
      links: [
        wireguard({
          between: BETWEEN,
          network: "10.100.7.0/30",
          routes: { office: ["192.168.40.0/22"] },
        }),
      ],
      expected: ["verify/overlapping-ranges clusters.cloud"],
    },
  ])("$name", ({ links, expected }) => {
    expect(found({ ...twoSites, links }, /link-|overlapping/)).toEqual(expected);
  });

  it("make ranges of two environments neighbours (T-09)", () => {
    const podRange = "10.244.0.0/16";
    const clusters = {
      cloud: { ...HYBRID.clusters.cloud, podRange },
      office: { ...HYBRID.clusters.office, podRange },
    };
    const routes = { office: ["192.168.40.0/22"] };
    const linked = { ...twoSites, clusters, links: [wireguard({ between: BETWEEN, routes })] };
    expect(found({ ...twoSites, clusters }, /overlapping/)).toEqual([]);
    expect(found(linked, /overlapping/)).toEqual(["verify/overlapping-ranges clusters.office"]);
  });

  it("leave Talos other Services than its own default, which covers the VPC (T-08)", () => {
    expect(found(twoSites, /overlapping/)).toEqual([]);
  });
});

describe("what is not emitted yet", () => {
  it("is said of machines, links and whatever the roadmap wants now", () => {
    const routes = { office: ["192.168.40.0/22"] };
    const change = {
      links: [wireguard({ between: BETWEEN, routes })],
      roadmap: {
        scanning: { what: "Trivy in every pipeline", maturity: "core" },
        federation: { what: "one mesh over both sites" },
      },
    };
    expect(found(change, /not-emitted/)).toEqual([
      "platform/not-emitted-yet clusters.cloud",
      "platform/not-emitted-yet links[0]",
      "platform/not-emitted-yet roadmap.scanning",
    ]);
  });

  it("may differ between environments", () => {
    const change = {
      roadmap: { federation: { what: "one mesh over both sites" } },
      overrides: { prod: { roadmap: { federation: { maturity: "core" } } } },
    };
    expect(found(change, /not-emitted/)).toEqual([
      "platform/not-emitted-yet clusters.cloud",
      "platform/not-emitted-yet roadmap.federation",
    ]);
  });
});
