import { describe, expect, it } from "vitest";

import { defineDiagnostic } from "../core/index.ts";
import { builtinKinds } from "../kubernetes/index.ts";
import type { Compiled } from "../model/index.ts";
import { proofs } from "./proofs/index.ts";
import type { Check } from "./target-view.ts";
import { viewTarget } from "./target-view.ts";
import type { Setup } from "./testing/platform.ts";
import { targetOf } from "./testing/platform.ts";
import { verify } from "./verify.ts";

const found = defineDiagnostic<{ what: string }>({
  code: "test/found",
  severity: "error",
  message: ({ what }) => what,
});

const on = (target: string, setup: Setup = {}): Setup => ({
  ...setup,
  cluster: { ...setup.cluster, target, environment: target },
});

function platformOf(...setups: readonly Setup[]): Compiled {
  return {
    platform: "harbour",
    packaging: "kustomize",
    targets: setups.map(targetOf),
    tree: new Map(),
  };
}

const kinds = builtinKinds();
const messages = (compiled: Compiled, check: Check): string[] =>
  verify({ compiled, kinds }, [check]).map(({ message }) => message);

describe("verify", () => {
  const compiled = platformOf(on("dev"), on("prod"));

  it("tells a finding of all clusters once", () => {
    expect(messages(compiled, () => [found(["apps"], { what: "wrong" })])).toEqual(["wrong"]);
  });

  it("names the clusters where only some have it", () => {
    const check: Check = ({ cluster }) =>
      cluster.target === "prod" ? [found(["apps"], { what: "wrong" })] : [];
    expect(messages(compiled, check)).toEqual(["wrong (prod)"]);
  });

  it("leaves a finding about one cluster as it is", () => {
    const check: Check = ({ cluster }) => [
      found(["clusters", cluster.target], { what: cluster.target }),
    ];
    expect(messages(compiled, check)).toEqual(["dev", "prod"]);
  });

  it("points at the override a value was written in", () => {
    const [dev = targetOf({})] = compiled.targets;
    const originOf = (): string[] => ["overrides", "dev", "apps"];
    const moved = { ...compiled, targets: [{ ...dev, plan: { ...dev.plan, originOf } }] };
    const [finding] = verify({ compiled: moved, kinds }, [() => [found(["apps"], { what: "x" })]]);
    expect(finding?.path).toEqual(["overrides", "dev", "apps"]);
  });

  it("looks at each cluster once, whoever asks", () => {
    const [dev = targetOf({})] = compiled.targets;
    expect(viewTarget(dev, { compiled, kinds })).toBe(viewTarget(dev, { compiled, kinds }));
  });
});

const quota = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "quota", namespace: "shop" },
  spec: { hard: { pods: "1" }, unknown: true },
};

describe("proofs", () => {
  const rowsOf = (compiled: Compiled, promise: string): unknown[] =>
    proofs({ compiled, kinds })
      .filter((proof) => proof.promise === promise)
      .map(({ evidence, targets }) => [evidence, targets]);

  it("share a row where the evidence is the same", () => {
    expect(rowsOf(platformOf(on("dev"), on("prod")), "every object is valid")).toEqual([
      ["2 objects of 1 kind, no unknown field", ["dev", "prod"]],
    ]);
  });

  it("are kept apart where it is not", () => {
    const valid = { ...quota, spec: { hard: { pods: "1" } } };
    expect(
      rowsOf(platformOf(on("dev"), on("prod", { objects: [valid] })), "every object is valid"),
    ).toEqual([
      ["2 objects of 1 kind, no unknown field", ["dev"]],
      ["3 objects of 2 kinds, no unknown field", ["prod"]],
    ]);
  });

  it("are missing where the promise is broken", () => {
    const broken = platformOf(on("dev", { objects: [quota] }));
    expect(rowsOf(broken, "every object is valid")).toEqual([]);
    expect(rowsOf(broken, "address ranges do not overlap")).toHaveLength(1);
  });

  it("do not claim that void policies restrict anybody", () => {
    const { substrate } = targetOf({}).cluster;
    const cluster = { substrate: { ...substrate, enforcesNetworkPolicy: false } };
    const policy = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "deny", namespace: "shop" },
      spec: { podSelector: {} },
    };
    const compiled = platformOf(on("dev", { cluster, objects: [policy] }));
    expect(rowsOf(compiled, "only declared flows pass")).toEqual([]);
  });

  it("promise nothing of a network that is left open", () => {
    const left = platformOf(on("dev", { cluster: { slots: [] } }));
    expect(rowsOf(left, "only declared flows pass")).toEqual([]);
    expect(rowsOf(platformOf(on("dev")), "only declared flows pass")).toHaveLength(1);
  });
});
