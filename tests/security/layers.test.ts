// Zero trust and defence in depth: what every flow rests on, the five layers of what was emitted, what happens when one is
// dropped, and the report that somebody who answers for a platform runs.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import localFirst from "../../blueprints/local-first/platform.ts";
import { compile } from "../../src/compiler/index.ts";
import { registry } from "../../src/components/index.ts";
import { citadel, meshed } from "../../src/components/testing/definitions.ts";
import { emissionsOf, planEnvironment } from "../../src/components/testing/plan.ts";
import { securedFlows, securityCounts } from "../../src/graph/index.ts";
import { istio } from "../../src/index.ts";
import { builtinKinds } from "../../src/kubernetes/index.ts";
import type { Compiled } from "../../src/model/index.ts";
import { compliance, verify } from "../../src/verifier/index.ts";
import { checkMissingLayers } from "../../src/verifier/checks/missing-layers.ts";
import { checkNetworkFlows } from "../../src/verifier/checks/network-flows.ts";
import { shippedBlueprint } from "../blueprints/shipped-blueprints.ts";
import { runKeelson, temporaryFolder } from "../cli/run-keelson.ts";

describe("every flow", () => {
  const rows = (definition: unknown, environment: string) => {
    const { cluster, graph } = planEnvironment(definition, environment);
    return securedFlows(cluster, graph);
  };
  const flowOf = (definition: unknown, environment: string, name: string) =>
    rows(definition, environment).find(({ flow }) => flow.name === name);

  it.each([
    {
      name: "a database knows its app by a secret",
      flow: "storefront-to-orders",
      wanted: { authentication: "secret databases.orders", encryption: "none" },
    },
    {
      name: "the API server knows who calls by a token, and RBAC decides",
      flow: "argocd-server-to-api-server",
      wanted: { authentication: "token of account argocd-server", encryption: "tls" },
    },
    {
      name: "an ingress is known by nothing but its place",
      flow: "platform-nginx-to-storefront-storefront",
      wanted: { authentication: "", authorization: "network policy", encryption: "none" },
    },
  ])("without a mesh: $name", ({ flow, wanted }) => {
    expect(flowOf(localFirst, "dev", flow)).toMatchObject(wanted);
  });

  it("with a mesh: accounts know each other, and the mesh decides as well", () => {
    const found = rows(meshed(istio()), "prod").filter(({ authentication }) =>
      authentication.startsWith("mesh certificate of "),
    );
    expect(found.length).toBeGreaterThan(0);
    for (const { authorization, encryption } of found) {
      expect(encryption).toBe("mtls");
      expect(authorization).toContain("mesh policy by account");
    }
  });

  it("is allowed one by one, and counted", () => {
    const found = rows(localFirst, "prod");
    const { authorized, authenticated, encrypted } = securityCounts(found);
    expect(authorized).toBe(found.length);
    expect(authenticated).toBeGreaterThan(10);
    expect(encrypted).toBeGreaterThan(10);
  });
});

function compiled(change: Readonly<Record<string, unknown>> = {}): Compiled {
  const { lock } = shippedBlueprint("local-first");
  const { value, diagnostics } = compile({
    definition: { ...localFirst, ...change },
    registry,
    lock,
    sealed: {},
    environments: ["dev"],
  });
  if (value === undefined) throw new Error(JSON.stringify(diagnostics));
  return value;
}

/** As a filler of somebody's own would leave it: without its objects, or not chosen at all. */
function dropped({ slot, kinds = [] }: Drop): Compiled {
  const targets = whole.targets.map((target) => ({
    ...target,
    cluster: {
      ...target.cluster,
      slots: target.cluster.slots.filter((choice) => choice.slot !== slot),
    },
    objects: target.objects.filter(({ object }) => !kinds.includes(object.kind)),
  }));
  return { ...whole, targets };
}

const whole = compiled();

interface Drop {
  readonly slot: string;
  readonly kinds?: readonly string[];
}

const DROPS: readonly (Drop & { readonly layer: string })[] = [
  { slot: "isolation", kinds: ["NetworkPolicy"], layer: "network security" },
  { slot: "access", layer: "identity and access" },
  { slot: "secrets", layer: "secrets management" },
  { slot: "posture", layer: "container security" },
  { slot: "tenancy", kinds: ["ResourceQuota"], layer: "resource governance" },
];

const inputOf = (of: Compiled) => ({ compiled: of, kinds: builtinKinds() });

function statesOf(of: Compiled): Record<string, string> {
  const results = compliance(inputOf(of));
  return Object.fromEntries(results.map(({ control, state }) => [control, state]));
}

describe("a layer", () => {
  const found = (of: Compiled): string[] =>
    verify(inputOf(of), [checkMissingLayers]).map(
      ({ code, message }) => `${code} ${message.split(" on ")[0] ?? ""}`,
    );

  it.each(DROPS)("that is dropped is found: $layer", ({ layer, ...drop }) => {
    const without = dropped(drop);
    expect(found(without)).toEqual([`verify/missing-layer ${layer}`]);
  });

  it("that stands is not", () => {
    expect(found(whole)).toEqual([]);
    expect(statesOf(whole)).toMatchObject({
      "defence-in-depth": "met",
      "network-segregation": "met",
      "least-privilege": "met",
      "central-sign-in": "absent",
    });
  });

  it("that is dropped fails its control", () => {
    expect(statesOf(dropped({ slot: "isolation", kinds: ["NetworkPolicy"] }))).toMatchObject({
      "defence-in-depth": "failing",
      "network-segregation": "failing",
    });
  });

  it("is a control that somebody may ask for, known or not", () => {
    const audit = { kind: "api-audit", controls: ["central-sign-in", "quantum-safety"] };
    expect(statesOf(compiled({ audit }))).toMatchObject({
      "central-sign-in": "open",
      "quantum-safety": "open",
    });
  });
});

describe("policies by name", () => {
  const byName = compiled({ cni: { kind: "cilium", byName: true } });
  const codes = (of: Compiled): string[] => [
    ...new Set(verify(inputOf(of), [checkNetworkFlows]).map(({ code }) => code)),
  ];

  it("count as the network policies in whose place they stand", () => {
    expect(codes(byName)).toEqual([]);
  });

  it.each([
    { name: "they are not there", without: "CiliumNetworkPolicy", code: "verify/blocked-flow" },
    { name: "nothing denies", without: "NetworkPolicy", code: "verify/unrestricted-pods" },
  ])("are not enough where $name", ({ without, code }) => {
    const targets = byName.targets.map((target) => ({
      ...target,
      objects: target.objects.filter(({ object }) => object.kind !== without),
    }));
    expect(codes({ ...byName, targets })).toContain(code);
  });
});

describe("keelson report", () => {
  const folder = temporaryFolder();
  const run = (...parts: readonly string[]) =>
    runKeelson(folder, "report", ...parts, "--blueprint", "local-first", "--env", "dev");

  it("compliance cites its evidence and ends well", async () => {
    const { code, stdout, stderr } = await run("compliance");
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(", 0 failing") });
    expect(stdout).toMatch(/^dev +network-segregation +met +\d+ namespaces refuse everything/m);
    expect(stdout).toMatch(/^dev +defence-in-depth +met +network security: /m);
  });

  it("fails where a control that is asked for does not hold", async () => {
    const file = fileURLToPath(
      new URL("../broken/platform-control-without-evidence.ts", import.meta.url),
    );
    const place = temporaryFolder();
    copyFileSync(file, join(place, "platform.ts"));
    await runKeelson(place, "update");
    const { code, stdout } = await runKeelson(place, "report", "compliance");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^dev +central-sign-in +open +<none>/m);
    const flows = await runKeelson(place, "report", "flows", "-o", "json");
    expect(flows.code).toBe(0);
    expect(JSON.parse(flows.stdout)).toMatchObject({ version: 1 });
  });

  it("stands in the file of a platform that audits, flow by flow", () => {
    const emitted = emissionsOf(planEnvironment(citadel, "prod"));
    const file = emitted
      .flatMap(({ emission }) => emission.files ?? [])
      .find((one) => one.file.endsWith("compliance.md"));
    expect(file?.text).toMatch(
      /^\| gate-to-ledger \| secret databases.ledger \| network policy, /m,
    );
  });
});
