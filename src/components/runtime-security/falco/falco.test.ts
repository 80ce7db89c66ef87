// The platform's own rules name exactly the apps' namespaces; without apps there are none.

import { describe, expect, it } from "vitest";

import { plannedCluster } from "../../testing/planned.ts";
import { falcoValues } from "./values.ts";

const namespace = (name: string, tenancy: "app" | "platform") =>
  ({ name, tenancy, podSecurity: "restricted", origin: [] }) as const;

describe("rules", () => {
  it("are about apps alone", () => {
    const namespaces = [namespace("argocd", "platform"), namespace("shop", "app")];
    const { customRules } = falcoValues(plannedCluster({ namespaces }), { priority: "notice" });
    const { "platform.yaml": text = "" } = customRules as Record<string, string>;
    expect(text).toContain("k8s.ns.name in (shop)");
  });

  it("are left out where there is no app", () => {
    expect(falcoValues(plannedCluster(), { priority: "notice" })).not.toHaveProperty("customRules");
  });
});
