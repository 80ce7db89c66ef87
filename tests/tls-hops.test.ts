// The way of a request: which of its hops are plain text, and a platform that asks for none.

import { describe, expect, it } from "vitest";

import { harbour } from "../src/components/testing/definitions.ts";
import { planEnvironment } from "../src/components/testing/plan.ts";
import { hopsOf } from "../src/graph/index.ts";
import type { TargetView } from "../src/verifier/target-view.ts";
import { checkPlainHops } from "../src/verifier/checks/plain-hops.ts";

function found(change: object, environment = "prod"): string[] {
  const { cluster, graph } = planEnvironment({ ...harbour, ...change }, environment);
  // Only what the rule reads.
  const view = { cluster, graph } as TargetView;
  return [...checkPlainHops(view)].map(({ code, message }) => `${code} ${message}`);
}

describe("hops", () => {
  const { cluster, graph } = planEnvironment(harbour, "prod");
  const hops = hopsOf(cluster.routes, graph);

  it("list every one that is plain, and port 80 as what it does", () => {
    const plain = hops.filter(({ encryption }) => encryption === "none");
    expect(plain.filter(({ onlyRedirects }) => onlyRedirects).map(({ port }) => port)).toContain(
      80,
    );
    expect(plain.map(({ to }) => to)).toContain("storefront/storefront");
  });
});

describe("strict", () => {
  const everything = found({ tls: { hops: "strict" } });

  it("refuses every plain hop, and no other", () => {
    expect(everything.every((finding) => finding.startsWith("verify/plain-hop"))).toBe(true);
    expect(everything.join("\n")).toContain("to storefront/storefront:8080");
    expect(everything.join("\n")).not.toContain(":443");
  });

  it("says nothing where hops are only listed", () => {
    expect(found({})).toEqual([]);
  });

  it("allows what says why", () => {
    const { cluster, graph } = planEnvironment(harbour, "prod");
    const ends = hopsOf(cluster.routes, graph)
      .filter(({ encryption, onlyRedirects }) => encryption === "none" && !onlyRedirects)
      .map(({ to }) => to);
    const except = [...new Set(ends)].map((to) => ({ to, reason: "inside the node's network" }));
    expect(found({ tls: { hops: "strict", except } })).toEqual([]);
  });

  it("refuses a way in without a certificate", () => {
    const http = { ingress: { kind: "nginx-gateway-fabric", tls: false }, tls: { hops: "strict" } };
    expect(found(http).join("\n")).toContain("from internet to nginx-gateway/platform-nginx:80");
  });
});
