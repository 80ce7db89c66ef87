// Logical paths become folders of the person's repository.

import { describe, expect, it } from "vitest";

import { infraProv, placed } from "./tree-layout.ts";

describe("a layout", () => {
  it.each([
    {
      path: "apps/shop/base/deployment.yaml",
      is: "infra_prov/kubernetes/apps/shop/base/deployment.yaml",
    },
    { path: "clusters/dev", is: "infra_prov/kubernetes/clusters/dev" },
    { path: "infra/helm/shop/Chart.yaml", is: "infra_prov/kubernetes/charts/shop/Chart.yaml" },
    { path: "infrastructure/data/base", is: "infra_prov/kubernetes/infrastructure/data/base" },
    { path: "infrastructure/security/base", is: "infra_prov/kubernetes/security/base" },
    { path: "infrastructure/observability/base", is: "infra_prov/monitoring/base" },
    {
      path: "infrastructure/security-extra",
      is: "infra_prov/kubernetes/infrastructure/security-extra",
    },
    { path: "docs/README.md", is: "docs/README.md" },
  ])("puts $path at $is", ({ path, is }) => expect(placed(path, infraProv)).toBe(is));

  it("leaves everything where it is when it says nothing", () =>
    expect(placed("apps/shop", {})).toBe("apps/shop"));
});
